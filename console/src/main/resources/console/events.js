// The store of events, newest first.

import { get, query } from './api.js';
import { h, replace, toast } from './dom.js';
import { dateTime, number, pretty, shortType } from './format.js';
import { t } from './words.js';

const SIZE = 50;

export async function events(main, { parameters }) {
  const given = Object.fromEntries(parameters);
  const list = h('div', { id: 'events' });
  const more = h('button', { id: 'more' });
  const searched = h('p', { class: 'soft', 'aria-live': 'polite' });
  replace(main, h('h1', {}, t('page.events')), searching(given), h('section', { class: 'sheet' }, list, searched, more));
  const filter = { ...given, from: instant(given.from), to: instant(given.to) };
  const load = async cursor => {
    more.disabled = true;
    try {
      const page = await get(`/console/api/events${query({ ...filter, size: SIZE, cursor })}`);
      page.items.forEach(item => list.append(entry(item)));
      const cutShort = page.next !== null && page.items.length < SIZE;
      searched.textContent = page.next === null ? (list.children.length === 0 ? t('nothing') : t('events.all'))
        : cutShort ? `${t('events.searched')} ${number(page.backTo)} (${dateTime(page.backToTime)}), ${number(page.searched)} ${t('events.lookedat')}` : '';
      more.classList.toggle('hidden', page.next === null);
      more.textContent = cutShort ? t('events.goon') : t('more');
      more.onclick = () => load(page.next).catch(failure => toast(failure.message));
    } finally {
      more.disabled = false;
    }
  };
  await load(null);
}

/** What the field gives is local time; the server takes an instant. */
function instant(local) {
  return local ? new Date(local).toISOString() : null;
}

function searching(given) {
  const field = (name, more = {}) => h('label', { class: 'grow' }, t(`events.${name}`), h('input', { name, value: given[name] ?? '', id: `search-${name}`, maxlength: 200, ...more }));
  return h('form', {
    class: 'sheet row', role: 'search',
    onsubmit: event => {
      event.preventDefault();
      location.hash = `#/events${query(Object.fromEntries(new FormData(event.target)))}`;
    },
  }, field('aggregate', { placeholder: 'order-…' }), field('type', { placeholder: 'PaymentTaken' }), field('text'),
  field('from', { type: 'datetime-local', step: 1 }), field('to', { type: 'datetime-local', step: 1 }), h('button', { class: 'main' }, t('search')));
}

function entry(event) {
  const machine = event.aggregateId && `#/aggregates/${encodeURIComponent(event.aggregateId)}?at=${event.sequence}`;
  return h('details', { class: 'event', 'data-position': event.position },
    h('summary', {}, h('span', { class: 'soft' }, event.position === null ? `#${event.sequence}` : number(event.position)), h('span', { class: 'soft wide' }, dateTime(event.timestamp)),
      h('b', {}, shortType(event.type)), h('span', { class: 'mono wide' }, event.aggregateId ? `${event.aggregateId} #${event.sequence}` : '')),
    h('div', { class: 'inside' },
      h('div', {}, h('h2', {}, t('events.payload')), h('pre', {}, pretty(event.payload))),
      h('div', {}, h('h2', {}, t('events.metadata')), h('dl', { class: 'facts' }, h('dt', {}, 'type'), h('dd', { class: 'mono' }, `${event.type} (${event.revision || '–'})`),
        h('dt', {}, 'id'), h('dd', { class: 'mono' }, event.id), h('dt', {}, 'time'), h('dd', {}, event.timestamp),
        Object.entries(event.metaData).map(([key, value]) => [h('dt', {}, key), h('dd', { class: 'mono' }, value)])),
      machine && h('p', {}, h('a', { href: machine }, `${t('events.machine')}: ${event.aggregateId}`)))));
}
