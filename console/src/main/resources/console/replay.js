// Every event processor of every service: where it is, what can be done with it, how a rebuild goes, what was set aside.

import { get, post } from './api.js';
import { ask } from './dialog.js';
import { h, replace, toast } from './dom.js';
import { dateTime, number, pretty, seconds, shortType, word } from './format.js';
import { standing } from './overview.js';
import { t } from './words.js';

const EVERY = 1000;
const UNDER_WAY = ['BUILDING', 'COMPARING', 'WAITING'];

export async function replay(main, { signal }) {
  const processors = h('div', { id: 'processors' });
  const letters = h('section', { class: 'sheet' });
  replace(main, h('h1', {}, t('page.replay')), processors, letters);
  let shown = ['', ''];
  const look = async () => {
    const [services, aside] = await Promise.all([get('/console/api/processors', signal), get('/console/api/deadletters', signal)]);
    const texts = [JSON.stringify(services), JSON.stringify(aside)];
    if (texts[0] !== shown[0] && !holdsFocus(processors)) {
      keepingFocus(() => replace(processors, services.map(service => serviceSheet(service, look))));
    }
    if (texts[1] !== shown[1]) {
      replace(letters, h('h2', {}, t('replay.letters')), deadLetters(aside, look));
    }
    shown = texts;
  };
  const again = () => setTimeout(() => !signal.aborted && look().catch(() => {}).finally(again), EVERY);
  await look();
  again();
}

/** A list of differences that somebody reads in is not taken from under their eyes. */
function holdsFocus(place) {
  return document.activeElement?.tagName === 'SUMMARY' && place.contains(document.activeElement) && document.activeElement.parentElement.open;
}

function keepingFocus(change) {
  const id = document.activeElement?.id;
  change();
  if (id) {
    document.getElementById(id)?.focus({ preventScroll: true });
  }
}

function serviceSheet({ service, items, problem }, look) {
  return h('section', { class: 'sheet' }, service !== 'all' && h('h2', {}, service), problem && h('p', { class: 'problem' }, problem === 'unavailable' ? t('unavailable') : problem),
    (items ?? []).map(processor => processorSheet(service, processor, look)));
}

function processorSheet(service, processor, look) {
  const act = body => post(`/console/api/services/${encodeURIComponent(service)}/processors/${encodeURIComponent(processor.name)}`, body)
    .then(() => toast(t('done'))).catch(failure => toast(failure.message)).finally(() => look().catch(() => {}));
  const button = (name, kind, deed) => h('button', { class: `small ${kind}`, id: `${name}-${processor.name}`, onclick: deed }, t(`replay.${name}`));
  const sure = async (about, body, kind) => { if (await ask(t('replay.sure'), about, [], kind)) { act(body); } };
  const underWay = UNDER_WAY.includes(processor.rebuild?.state);
  return h('div', { class: 'processor', id: `processor-${processor.name}` },
    h('div', { class: 'row middle between' },
      h('h3', {}, processor.name, standing(processor), h('span', { class: 'soft' }, `${t('lag')} ${number(processor.lag)}`)),
      h('div', { class: 'row' }, processor.running ? button('pause', '', () => sure(t('replay.surepause'), { action: 'pause' }, 'bad')) : button('resume', 'main', () => act({ action: 'resume' })),
        processor.replayable ? h('button', { class: 'small', id: `reset-${processor.name}`, disabled: underWay, onclick: () => reset(act) }, t('replay.reset')) : h('span', { class: 'soft' }, t('replay.acts')))),
    h('div', { class: 'segments' }, processor.segments.map(segment => segmentPart(segment, processor, sure))),
    processor.segments.filter(segment => segment.error).map(segment => h('p', { class: 'problem' }, `${segment.segment}: ${segment.error}`)),
    processor.rebuild && rebuilding(processor.rebuild, act, sure));
}

function segmentPart(segment, processor, sure) {
  const name = `${processor.name}: ${t('replay.segment')} ${segment.segment}`;
  return h('span', { class: 'segment', 'data-segment': segment.segment }, `${segment.segment} @ ${number(segment.position)} `,
    h('button', { class: 'small', id: `split-${processor.name}-${segment.segment}`, 'aria-label': `${name} ${t('replay.split')}`, onclick: () => sure(`${name}: ${t('replay.split')}`, { action: 'split', segment: segment.segment }) }, t('replay.split')),
    processor.segments.length > 1 && h('button', { class: 'small', id: `merge-${processor.name}-${segment.segment}`, 'aria-label': `${name} ${t('replay.merge')}`,
      onclick: () => sure(`${name}: ${t('replay.merge')}`, { action: 'merge', segment: segment.segment }) }, t('replay.merge')));
}

async function reset(act) {
  const where = h('input', { name: 'from', id: 'from', placeholder: '42 · 2026-11-22T00:00:00Z' });
  const given = await ask(t('replay.resettitle'), t('replay.resetabout'), [h('p', {}, h('label', {}, `${t('replay.from')} (${t('replay.fromstart')}: –)`, where))]);
  if (given) {
    act({ action: 'reset', from: given.from.trim() || null });
  }
}

function rebuilding(rebuild, act, sure) {
  const begin = Number(/^\d+$/.test(rebuild.from ?? '') ? rebuild.from : 0);
  const whole = Math.max(1, (rebuild.head ?? 0) - begin + 1);
  const share = rebuild.state === 'SWITCHED' ? 1 : Math.min(1, Math.max(0, ((rebuild.position ?? begin - 1) - begin + 1) / whole));
  const underWay = UNDER_WAY.includes(rebuild.state);
  return h('div', { class: 'rebuild', 'data-state': rebuild.state },
    h('div', { class: 'row middle between' }, h('span', {}, h('span', { class: `state ${rebuild.state}` }, word('rebuild', rebuild.state)), ' ',
      h('span', { class: 'soft' }, `${underWay ? `${number(rebuild.position)} / ${number(rebuild.head)}` : ''}${rebuild.state === 'BUILDING' ? ` · ${number(rebuild.perSecond)} ${t('replay.persecond')} · ${seconds(rebuild.secondsLeft)} ${t('replay.left')}` : ''}${underWay ? ' · ' : ''}${dateTime(rebuild.startedAt)}`)),
    underWay && h('span', { class: 'row' }, rebuild.state === 'WAITING' && h('button', { class: 'small main switch', onclick: () => sure(t('replay.switch'), { action: 'switch' }) }, t('replay.switch')),
      h('button', { class: 'small bad abandon', onclick: () => sure(t('replay.abandon'), { action: 'abandon' }, 'bad') }, t('replay.abandon')))),
    (underWay || rebuild.state === 'SWITCHED') && h('progress', { max: 1, value: share, 'aria-label': word('rebuild', rebuild.state) }),
    rebuild.error && h('p', { class: 'problem' }, rebuild.error),
    rebuild.differencesFound > 0 && differences(rebuild));
}

function differences(rebuild) {
  return h('details', { class: 'notice' }, h('summary', {}, `${number(rebuild.differencesFound)} ${t('replay.differences')}`),
    h('div', { class: 'scroll' }, h('table', { class: 'changes' }, h('tbody', {}, rebuild.differences.map(each => h('tr', {}, h('td', {}, `${each.view} ${each.id}`),
      h('td', { class: 'before' }, h('pre', {}, pretty(each.before))), h('td', { class: 'after' }, h('pre', {}, pretty(each.after)))))))));
}

function deadLetters(services, look) {
  const all = services.flatMap(({ service, items }) => (items ?? []).map(item => ({ service, item })));
  if (all.length === 0) {
    return h('p', { class: 'soft' }, t('replay.noletters'));
  }
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ['processor', 'replay.sequence', 'replay.cause', 'replay.tries'].map(name => h('th', {}, t(name))), h('th'))),
    h('tbody', {}, all.map(({ service, item }) => letterRow(service, item, look)))));
}

function letterRow(service, item, look) {
  const act = body => post(`/console/api/services/${encodeURIComponent(service)}/deadletters/${encodeURIComponent(item.processor)}`, body)
    .then(() => toast(t('done'))).catch(failure => toast(failure.message)).finally(() => look().catch(() => {}));
  return h('tr', { 'data-letter': item.sequence }, h('td', {}, item.processor), h('td', { class: 'mono' }, item.sequence), h('td', {}, `${shortType(item.eventType ?? '')}: ${item.cause}`), h('td', { class: 'number' }, number(item.tries)),
    h('td', {}, h('span', { class: 'row' }, h('button', { class: 'small main retry', onclick: () => act({ action: 'retry', sequence: item.sequence }) }, t('replay.retry')),
      h('button', { class: 'small bad drop', onclick: async () => { if (await ask(t('replay.drop'), t('replay.dropabout'), [], 'bad')) { act({ action: 'drop', sequence: item.sequence }); } } }, t('replay.drop')))));
}
