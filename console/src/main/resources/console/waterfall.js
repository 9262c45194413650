// One attempt to pay, step by step: when each began, how long it waited and was worked on, what was sent again, what was undone.

import { h, s } from './dom.js';
import { millis, shortType, word } from './format.js';
import { t } from './words.js';

export function waterfall(attempt, now) {
  const begin = Date.parse(attempt.startedAt);
  const ends = attempt.timeline.map(entry => entry.answeredAt ? Date.parse(entry.answeredAt) : now);
  const end = Math.max(begin + 1, attempt.endedAt ? Date.parse(attempt.endedAt) : now, ...ends);
  const at = instant => ((Date.parse(instant) - begin) / (end - begin)) * 100;
  return h('div', { class: 'waterfall', role: 'list', 'aria-label': t('checkout.waterfall') },
    attempt.timeline.map(entry => step(entry, at, end - begin)),
    (attempt.ahead ?? []).map(name => ahead(name)),
    legend());
}

function step(entry, at, whole) {
  const undo = entry.compensation ?? ['RESTORE_COUPON', 'RESTORE_STOCK', 'REFUND_PAYMENT', 'FAIL_PAYMENT'].includes(entry.step);
  const from = at(entry.askedAt);
  const to = entry.answeredAt ? at(entry.answeredAt) : 100;
  const waited = Math.min(to, from + ((entry.waitMillis ?? 0) / whole) * 100);
  const told = entry.answer ? `${shortType(entry.answer)} · ${millis(entry.millis)}` : t('checkout.unanswered');
  const parts = [entry.waitMillis != null && `${t('checkout.wait')} ${millis(entry.waitMillis)}`, entry.workMillis != null && `${t('checkout.work')} ${millis(entry.workMillis)}`,
    entry.attempt > 1 && `${entry.attempt} ${t('checkout.times')}`].filter(Boolean).join(', ');
  return h('div', { class: `step ${undo ? 'undo' : ''}`, role: 'listitem', 'data-step': entry.step, title: parts || null },
    h('div', { class: 'who' }, h('span', { class: 'service' }, entry.service ?? ''), h('b', {}, `${undo ? '↩ ' : ''}${word('step', entry.step)}`)),
    s('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      s('rect', { class: 'track', x: 0, y: 4.5, width: 100, height: 1 }),
      s('rect', { class: 'wait', x: from, y: 1.5, width: Math.max(0, waited - from), height: 7 }),
      s('rect', { class: 'work', x: waited, y: 1.5, width: Math.max(0.6, to - waited), height: 7 }),
      (entry.sentAgainAt ?? []).map(instant => s('line', { class: 'again', x1: at(instant), x2: at(instant), y1: 0, y2: 10, 'vector-effect': 'non-scaling-stroke' }))),
    h('div', { class: 'told' }, told, parts && h('div', {}, parts)));
}

function ahead(name) {
  return h('div', { class: 'step ahead', role: 'listitem', 'data-step': name }, h('div', { class: 'who' }, h('span', { class: 'service' }), h('b', {}, word('step', name))),
    s('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, s('rect', { class: 'track', x: 0, y: 4.5, width: 100, height: 1 })),
    h('div', { class: 'told' }, t('checkout.ahead')));
}

function legend() {
  return h('div', { class: 'legend' }, h('span', {}, h('i', { class: 'dot wait' }), t('checkout.wait')), h('span', {}, h('i', { class: 'dot' }), t('checkout.work')),
    h('span', {}, h('i', { class: 'dot undo' }), t('checkout.undo')), h('span', {}, `│ ${t('checkout.again')}`));
}
