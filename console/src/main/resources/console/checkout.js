// One order's payments: the waterfall, what an operator can do, and all that the store tells of it.

import { get, post } from './api.js';
import { state } from './checkouts.js';
import { ask } from './dialog.js';
import { h, replace, toast } from './dom.js';
import { dateTime, money, pretty, shortType, time, word } from './format.js';
import { waterfall } from './waterfall.js';
import { t } from './words.js';

const COMMANDS = { TAKE_PAYMENT: 'TakePayment', DEDUCT_STOCK: 'DeductStock', USE_COUPON: 'UseCoupon', COMPLETE_ORDER: 'CompleteOrder',
  RESTORE_COUPON: 'RestoreCoupon', RESTORE_STOCK: 'RestoreStock', REFUND_PAYMENT: 'RefundPayment', FAIL_PAYMENT: 'FailPayment' };
const UNDOING = /Restored|Refunded|Voided|CompensationStarted|PaymentFailed|RestoreCoupon|RestoreStock|RefundPayment|FailPayment/;
const AGAIN_AFTER = 1500;

export async function checkout(main, { id, signal }) {
  const attempts = h('div');
  const told = h('section', { class: 'sheet' }, h('h2', {}, t('checkout.events')), h('p', { class: 'soft' }, t('loading')));
  const path = `/console/api/checkouts/${encodeURIComponent(id)}`;
  let shown = '';
  const look = async () => {
    const page = await get(path, signal);
    const open = page.attempts.some(attempt => !attempt.endedAt);
    const text = JSON.stringify(page);
    if (text !== shown || open) {
      replace(attempts, page.attempts.slice().reverse().map(attempt => attemptSheet(attempt, path, look)));
    }
    if (text !== shown) {
      shown = text;
      history(told, path, page, signal).catch(failure => !signal.aborted && replace(told, h('p', { class: 'problem' }, failure.message)));
    }
    if (open && !signal.aborted) {
      setTimeout(() => !signal.aborted && look().catch(() => {}), AGAIN_AFTER);
    }
  };
  await look();
  replace(main, h('p', {}, h('a', { href: '#/checkouts' }, `← ${t('page.checkouts')}`)),
    h('h1', {}, `${t('order')} `, h('a', { class: 'mono', href: `#/aggregates/${encodeURIComponent(id)}` }, id)), attempts, told);
}

function attemptSheet(attempt, path, look) {
  return h('section', { class: 'sheet' },
    h('div', { class: 'row middle between' }, h('h2', {}, `${t('checkout.attempt')} `, state(attempt.state), attempt.reason ? ` ${word('reason', attempt.reason)}` : ''), deeds(attempt, path, look)),
    h('dl', { class: 'facts' }, h('dt', {}, t('payment')), h('dd', { class: 'mono' }, attempt.paymentId), h('dt', {}, t('customer')),
      h('dd', {}, attempt.customerId ? h('a', { href: `#/aggregates/wallet-${encodeURIComponent(attempt.customerId)}` }, attempt.customerId) : '–'),
      attempt.total && [h('dt', {}, t('total')), h('dd', {}, money(attempt.total))], h('dt', {}, t('started')), h('dd', {}, dateTime(attempt.startedAt))),
    h('br'), waterfall(attempt, Date.now()),
    attempt.interventions?.length > 0 && [h('h2', {}, t('checkout.interventions')), h('ul', {}, attempt.interventions.map(each =>
      h('li', {}, `${time(each.at)} · ${word('intervention', each.what)} · ${each.by}${each.reason ? ` · “${each.reason}”` : ''}`)))]);
}

function deeds(attempt, path, look) {
  if (attempt.endedAt) {
    return null;
  }
  const waits = attempt.state === 'PARKED' || attempt.state === 'HELD';
  const undoable = attempt.state === 'RUNNING' || attempt.state === 'HELD';
  const deed = (name, kind) => h('button', { class: `small ${kind}`, id: `do-${name}`, onclick: () => intervene(name, path, look) }, t(`checkout.${name}`));
  return h('div', { class: 'row' }, deed('retry', 'main'), undoable && deed('compensation', 'undo'), !waits && deed('parking', 'bad'));
}

async function intervene(name, path, look) {
  const given = await ask(t(`checkout.${name}`), t('checkout.reason'), [h('p', {}, h('textarea', { name: 'reason', rows: 3, required: true, maxlength: 200, 'aria-label': t('reason') }))],
    name === 'retry' ? 'main' : name === 'compensation' ? 'undo' : 'bad');
  if (given) {
    try {
      await post(`${path}/${name}`, { reason: given.reason.trim() });
      toast(t('done'));
      await look();
    } catch (failure) {
      toast(failure.message);
    }
  }
}

/** Events from the store and the commands that the steps' sendings were, in the order of time. */
async function history(place, path, page, signal) {
  const found = await get(`${path}/events`, signal);
  const commands = page.attempts.flatMap(attempt => attempt.timeline.flatMap(entry =>
    [entry.askedAt, ...(entry.sentAgainAt ?? [])].map(at => ({ at, command: COMMANDS[entry.step] ?? entry.step, by: attempt.customerId }))));
  const events = found.events.map(event => ({ at: event.timestamp, event }));
  const all = [...commands, ...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || Number(!a.event) - Number(!b.event));
  replace(place, h('h2', {}, t('checkout.events')), !found.complete && h('p', { class: 'notice' }, t('checkout.incomplete')),
    h('ol', { class: 'timeline', id: 'history' }, all.map(line)));
}

function line({ at, command, event, by }) {
  const name = command ?? shortType(event.type);
  const asked = command ? by : event.metaData.askedBy;
  return h('li', { class: UNDOING.test(name) ? 'undo' : null }, h('span', { class: 'soft' }, time(at)), h('span', { 'aria-hidden': 'true' }, command ? '→' : '●'),
    h('div', {}, command ? [h('b', {}, name), asked ? h('span', { class: 'soft' }, ` · ${t('checkout.asked')} ${asked}`) : '']
      : h('details', {}, h('summary', {}, h('b', {}, name), event.aggregateId && h('span', { class: 'soft' }, ' ', h('a', {
        href: `#/aggregates/${encodeURIComponent(event.aggregateId)}?at=${event.sequence}`,
      }, `${event.aggregateId} #${event.sequence}`)), asked ? h('span', { class: 'soft' }, ` · ${t('checkout.asked')} ${asked}`) : ''),
      h('pre', {}, pretty(event.payload)), h('pre', { class: 'soft' }, pretty(event.metaData)))));
}
