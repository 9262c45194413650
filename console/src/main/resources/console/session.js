// Who is signed in: the one place that knows tokens. A token is kept for this tab alone, and never stands in an address.

const KEY = 'jangter.token';
const listeners = new Set();

/** Called whenever somebody signs in or out. */
export function onChange(listener) {
  listeners.add(listener);
}

export function signedIn() {
  return sessionStorage.getItem(KEY) !== null;
}

export function signIn(token) {
  sessionStorage.setItem(KEY, token.trim());
  listeners.forEach(listener => listener());
}

export function signOut() {
  sessionStorage.removeItem(KEY);
  listeners.forEach(listener => listener());
}

/** The headers that say who asks. */
export function identity() {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** A token for trying out, where the launcher gives them. */
export async function trialToken() {
  const answer = await fetch('/dev/tokens', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ customer: 'operator', staff: true }),
  });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return (await answer.json()).token;
}
