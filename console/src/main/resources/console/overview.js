// How the shop is doing, as it happens.

import { follow } from './api.js';
import { bars, lines } from './charts.js';
import { h, replace } from './dom.js';
import { millis, number } from './format.js';
import { t } from './words.js';

const KEPT = 150;

export function overview(main, { signal }) {
  const live = h('span', { class: 'soft', 'aria-live': 'polite', id: 'live' });
  const tiles = h('div', { class: 'tiles' });
  const perMinute = h('div');
  const durations = h('div');
  const processors = h('div', { class: 'scroll' });
  const p50 = [];
  const p99 = [];
  replace(main, h('div', { class: 'row middle between' }, h('h1', {}, t('page.overview')), live), tiles,
    h('div', { class: 'columns' },
      h('section', { class: 'sheet' }, h('h2', {}, t('overview.perminute')), perMinute, h('div', { class: 'legend' },
        h('span', {}, h('i', { class: 'dot asked' }), t('overview.requested')), h('span', {}, h('i', { class: 'dot' }), t('state.COMPLETED')),
        h('span', {}, h('i', { class: 'dot failed' }), t('state.FAILED')))),
      h('section', { class: 'sheet' }, h('h2', {}, t('overview.durations')), durations, h('div', { class: 'legend' },
        h('span', {}, h('i', { class: 'dot' }), 'p50'), h('span', {}, h('i', { class: 'dot undo' }), 'p99')))),
    h('section', { class: 'sheet' }, h('h2', {}, t('overview.lags')), processors));
  follow('/console/api/overview', signal, look => {
    replace(processors, lags(look.processors));
    const found = look.checkouts;
    if (!found) {
      replace(tiles, h('p', { class: 'problem' }, t('overview.none')));
      return;
    }
    keep(p50, found.p50Millis);
    keep(p99, found.p99Millis);
    replace(tiles, counts(found));
    replace(perMinute, bars(t('overview.perminute'), found.perMinute.map(each => ({
      name: each.minute.slice(11, 16), asked: each.requested, done: each.completed, failed: each.failed,
    }))));
    replace(durations, lines(t('overview.durations'), [p50, p99]));
  }, up => { live.textContent = up ? `● ${t('live')}` : t('not-live'); });
}

function keep(values, value) {
  values.push(value ?? null);
  if (values.length > KEPT) {
    values.shift();
  }
}

function counts(found) {
  const open = found.open ?? {};
  const minute = found.perMinute?.at(-2) ?? found.perMinute?.at(-1);
  const waiting = (open.PARKED ?? 0) + (open.HELD ?? 0);
  return [
    tile('perminute', t('overview.perminute'), number(minute?.requested ?? 0)),
    tile('open', t('overview.open'), number(open.RUNNING ?? 0)),
    tile('undoing', t('overview.undoing'), number(open.COMPENSATING ?? 0), open.COMPENSATING > 0 ? 'undo' : ''),
    tile('waiting', t('overview.waiting'), number(waiting), waiting > 0 ? 'bad' : ''),
    tile('completed', t('overview.completed'), number(found.completed)),
    tile('failed', t('overview.failed'), number(found.failed), 'undo'),
    tile('p50', t('overview.p50'), millis(found.p50Millis)),
    tile('p99', t('overview.p99'), millis(found.p99Millis)),
  ];
}

function tile(id, name, value, kind = '') {
  return h('div', { class: `tile ${kind}`, id: `tile-${id}` }, h('div', { class: 'name' }, name), h('div', { class: 'value' }, value));
}

function lags(services) {
  return h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, t('processor')), h('th', {}, t('state')), h('th', { class: 'number' }, t('lag')))),
    h('tbody', {}, services.map(({ service, items, problem }) => problem
      ? h('tr', {}, h('td', {}, service), h('td', { class: 'problem' }, problem === 'unavailable' ? t('unavailable') : problem), h('td', { class: 'number' }, '–'))
      : items.map(processor => h('tr', {}, h('td', {}, processor.name), h('td', {}, standing(processor)),
        h('td', { class: 'number' }, number(processor.lag)))))));
}

export function standing(processor) {
  const failed = processor.segments.some(segment => segment.error);
  const [name, word] = failed ? ['error', '!'] : processor.running ? ['running', t('replay.running')] : ['PARKED', t('replay.paused')];
  return h('span', { class: `state ${name}` }, word);
}
