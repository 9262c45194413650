// Calls to the console's own origin. What a service refuses comes back as a Problem with its code and its sentence.

import { identity, signOut } from './session.js';

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.message || body?.error || `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? null;
  }
}

/** Numbers that a browser cannot hold exactly stay text, as they were written. */
function exactly(key, value, context) {
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context.source : value;
}

function parse(text) {
  try {
    return text === '' ? null : JSON.parse(text, exactly);
  } catch {
    return null;
  }
}

async function call(path, options = {}) {
  const answer = await fetch(path, { cache: 'no-store', ...options, headers: { Accept: 'application/json', ...identity(), ...options.headers } });
  if (!answer.ok) {
    if (answer.status === 401) {
      signOut();
    }
    throw new Problem(answer.status, parse(await answer.text()));
  }
  return answer;
}

export async function get(path, signal) {
  return parse(await (await call(path, { signal })).text());
}

/** Every post has a key of its own, so that a repetition by the network has no second effect. */
export async function post(path, body) {
  const answer = await call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify(body),
  });
  return parse(await answer.text());
}

/** A query string of what is given; what is empty is left out. */
export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/**
 * Follows a stream of server-sent events until the signal ends it, and begins again when it breaks off. An EventSource could not send who asks.
 */
export async function follow(path, signal, on, onState) {
  while (!signal.aborted) {
    try {
      const answer = await call(path, { signal, headers: { Accept: 'text/event-stream' } });
      onState(true);
      await read(answer.body.getReader(), on);
    } catch (failure) {
      if (signal.aborted || failure.status === 401 || failure.status === 403) {
        return;
      }
    }
    onState(false);
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}

async function read(reader, on) {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split(/\r?\n/).filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n');
      if (data !== '') {
        on(parse(data));
      }
    }
  }
}
