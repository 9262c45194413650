// The list of checkouts, newest first.

import { get, query } from './api.js';
import { h, replace, toast } from './dom.js';
import { dateTime, millis, word } from './format.js';
import { t } from './words.js';

const STATES = ['RUNNING', 'COMPENSATING', 'PARKED', 'HELD', 'COMPLETED', 'FAILED'];

export async function checkouts(main, { parameters }) {
  const given = Object.fromEntries(parameters);
  const rows = h('tbody');
  const more = h('button', { id: 'more' }, t('more'));
  const empty = h('p', { class: 'soft hidden' }, t('nothing'));
  replace(main, h('h1', {}, t('page.checkouts')), searching(given), h('section', { class: 'sheet scroll' },
    h('table', { id: 'checkouts' }, h('thead', {}, h('tr', {}, ['order', 'state', 'reason', 'customer', 'started', 'duration']
      .map((name, index) => h('th', { class: index > 3 ? (index === 5 ? 'number' : 'wide') : index === 3 ? 'wide' : null }, t(name))))), rows), empty, more));
  const load = async cursor => {
    const page = await get(`/console/api/checkouts${query({ ...given, size: 50, cursor })}`);
    page.items.forEach(item => rows.append(row(item)));
    empty.classList.toggle('hidden', rows.children.length > 0);
    more.classList.toggle('hidden', page.next === null);
    more.onclick = () => load(page.next).catch(failure => toast(failure.message));
  };
  await load(null);
}

function searching(given) {
  const field = (name, otherwise) => h('label', { class: 'grow' }, t(name), h('input', { name, value: given[name] ?? '', placeholder: otherwise, id: `search-${name}` }));
  return h('form', {
    class: 'sheet row', role: 'search',
    onsubmit: event => {
      event.preventDefault();
      location.hash = `#/checkouts${query(Object.fromEntries(new FormData(event.target)))}`;
    },
  }, field('order', 'order-…'), field('customer', 'alice'), h('label', {}, t('state'), h('select', { name: 'state', id: 'search-state' },
    h('option', { value: '' }, t('all')), STATES.map(state => h('option', { value: state, selected: state === given.state }, word('state', state))))),
  h('button', { class: 'main' }, t('search')));
}

function row(item) {
  const end = item.endedAt ?? null;
  return h('tr', {}, h('td', {}, h('a', { href: `#/checkouts/${encodeURIComponent(item.orderId)}`, class: 'mono' }, item.orderId)),
    h('td', {}, state(item.state)), h('td', {}, item.reason ? word('reason', item.reason) : ''), h('td', { class: 'wide' }, item.customerId ?? ''),
    h('td', { class: 'wide' }, dateTime(item.startedAt)), h('td', { class: 'number' }, end ? millis(Date.parse(end) - Date.parse(item.startedAt)) : '–'));
}

export function state(name) {
  return h('span', { class: `state ${name}` }, word('state', name));
}
