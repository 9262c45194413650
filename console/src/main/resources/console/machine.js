// An aggregate through time: a slider over its events, the state after each one, and what changed.

import { get } from './api.js';
import { h, replace, toast } from './dom.js';
import { dateTime, number, pretty, shortType } from './format.js';
import { t } from './words.js';

export async function machine(main, { id, parameters, signal }) {
  const path = `/console/api/aggregates/${encodeURIComponent(id)}`;
  const first = await get(path + (parameters.has('at') ? `?at=${encodeURIComponent(parameters.get('at'))}` : ''), signal);
  const slider = h('input', { type: 'range', id: 'moment', min: 0, max: first.last, step: 1, 'aria-label': t('machine.after') });
  slider.value = first.at;
  const told = h('div', { 'aria-live': 'polite' });
  const changes = h('section', { class: 'sheet' });
  const state = h('section', { class: 'sheet state-tree', tabindex: 0 });
  const show = moment => {
    slider.setAttribute('aria-valuetext', `${moment.at}: ${shortType(moment.event.type)}`);
    replace(told, h('p', {}, `${t('machine.after')} ${number(moment.at)} ${t('machine.of')} ${number(moment.last)}: `, h('b', { id: 'event-type' }, shortType(moment.event.type)),
      h('span', { class: 'soft' }, ` · ${dateTime(moment.event.timestamp)}${moment.event.metaData.askedBy ? ` · ${t('checkout.asked')} ${moment.event.metaData.askedBy}` : ''}`)),
    h('details', {}, h('summary', {}, t('events.payload')), h('pre', {}, pretty(moment.event.payload))));
    replace(changes, h('h2', {}, t('machine.changes')), moment.changes.length === 0 ? h('p', { class: 'soft' }, t('machine.nothing')) : table(moment.changes));
    replace(state, h('h2', {}, t('machine.state')), h('pre', { id: 'state' }, pretty(moment.state)));
    history.replaceState(null, '', `#/aggregates/${encodeURIComponent(id)}?at=${moment.at}`);
  };
  slider.addEventListener('input', latest(async () => show(await get(`${path}?at=${slider.value}`, signal))));
  replace(main, h('p', {}, h('a', { href: `#/events?aggregate=${encodeURIComponent(id)}` }, `← ${t('machine.events')}`)),
    h('h1', {}, `${t('machine.title')}: ${first.type} `, h('span', { class: 'mono' }, id)),
    h('section', { class: 'sheet' }, h('div', { class: 'row middle' }, step(-1, '◀', slider), h('div', { class: 'grow' }, slider), step(1, '▶', slider)), told),
    h('div', { class: 'machine' }, changes, state));
  show(first);
}

function step(by, sign, slider) {
  return h('button', {
    class: 'small', 'aria-label': by < 0 ? '-1' : '+1',
    onclick: () => { slider.value = Number(slider.value) + by; slider.dispatchEvent(new Event('input')); },
  }, sign);
}

/** While one answer is awaited the others are not asked for; then the last wish counts. */
function latest(action) {
  let busy = false;
  let again = false;
  const run = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await action();
    } catch (failure) {
      toast(failure.message);
    }
    busy = false;
    if (again) {
      again = false;
      run();
    }
  };
  return run;
}

function table(changes) {
  return h('div', { class: 'scroll' }, h('table', { class: 'changes', id: 'changes' },
    h('thead', {}, h('tr', {}, h('th', {}, t('machine.place')), h('th', {}, t('machine.before')), h('th', {}, t('machine.now')))),
    h('tbody', {}, changes.slice(0, 200).map(change => h('tr', {}, h('td', {}, change.path), h('td', { class: 'before' }, leaf(change.before)), h('td', { class: 'after' }, leaf(change.after)))))));
}

function leaf(value) {
  return value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
