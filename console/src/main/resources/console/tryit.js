// Plays scenes against this very system, where the launcher has somebody who plays them.

import { get, post } from './api.js';
import { state } from './checkouts.js';
import { h, replace, toast } from './dom.js';
import { number, time, word } from './format.js';
import { t } from './words.js';

const SCENARIOS = ['completed', 'no-balance', 'no-stock', 'coupon-twice', 'slow-payment', 'service-down'];
const EVERY = 700;

export async function tryIt(main, { signal }) {
  const runs = h('div', { id: 'runs', 'aria-live': 'polite' });
  let look = async () => {};
  const play = body => post('/console/api/try', body).then(() => look()).catch(failure => toast(failure.message));
  const orders = h('input', { type: 'number', id: 'orders', min: 1, max: 500, value: 50, 'aria-label': t('try.burst') });
  replace(main, h('h1', {}, t('page.try')), h('p', { class: 'soft' }, t('try.about')),
    h('div', { class: 'scenarios' }, SCENARIOS.map(name => card(t(`try.${name}`), t(`try.${name}.about`),
      h('button', { class: 'main', id: `play-${name}`, onclick: () => play({ scenario: name }) }, t('try.play')))),
    card(t('try.burst.name'), t('try.burst.about'), h('div', { class: 'row' }, h('div', { class: 'grow' }, orders),
      h('button', { class: 'main', id: 'play-burst', onclick: () => play({ scenario: 'burst', orders: Number(orders.value) }) }, t('try.play'))))),
    h('section', { class: 'sheet' }, h('h2', {}, t('try.runs')), runs));
  let shown = '';
  look = async () => {
    const found = await get('/console/api/try', signal);
    if (JSON.stringify(found) !== shown) {
      shown = JSON.stringify(found);
      replace(runs, found.length === 0 ? h('p', { class: 'soft' }, t('try.none')) : found.map(runPart));
    }
  };
  const again = () => setTimeout(() => !signal.aborted && look().catch(() => {}).finally(again), EVERY);
  await look();
  again();
}

function card(name, about, deed) {
  return h('div', { class: 'scenario' }, h('div', {}, h('h2', {}, name), h('p', { class: 'soft' }, about)), h('div', {}, deed));
}

function runPart(run) {
  const ended = run.orders.filter(order => order.status !== null).length;
  return h('div', { class: 'processor', 'data-scenario': run.scenario, 'data-ended': String(run.ended) },
    h('div', { class: 'row middle between' }, h('h3', {}, run.scenario === 'burst' ? t('try.burst.name') : t(`try.${run.scenario}`), h('span', { class: 'soft' }, time(run.startedAt))),
      h('span', { class: 'soft' }, `${number(ended)} / ${number(run.planned)} ${t('try.ended')}`)),
    h('progress', { max: run.planned, value: ended, 'aria-label': t('try.ended') }),
    run.problem && h('p', { class: 'problem' }, `${t('try.went-wrong')}: ${run.problem}`),
    h('div', { class: 'segments' }, run.orders.slice(-40).map(order => h('a', { class: 'segment', href: `#/checkouts/${encodeURIComponent(order.orderId)}` },
      order.status ? state(order.status) : '… ', order.failure ? ` ${word('reason', order.failure)}` : ''))));
}
