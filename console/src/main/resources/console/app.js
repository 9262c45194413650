// The frame: sign-in, navigation, language, light and dark; and which page an address shows.

import { h, replace, toast } from './dom.js';
import { get, Problem } from './api.js';
import { onChange, signedIn, signIn, signOut, trialToken } from './session.js';
import { switchLanguage, t } from './words.js';
import { overview } from './overview.js';
import { checkouts } from './checkouts.js';
import { checkout } from './checkout.js';
import { events } from './events.js';
import { machine } from './machine.js';
import { replay } from './replay.js';
import { tryIt } from './tryit.js';

const THEME = 'jangter.theme';
const main = document.getElementById('main');
const pages = { overview, checkouts, events, replay, try: tryIt };
let features = { tryIt: false, trialTokens: false };
let leaving = new AbortController();

/** What the address names: #/checkouts/order-1?at=2 is page checkouts, id order-1, parameters {at: 2}. */
function place() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const [page, ...id] = path.split('/');
  return { page: page || 'overview', id: decodeURIComponent(id.join('/')), parameters: new URLSearchParams(search ?? '') };
}

function show() {
  leaving.abort();
  leaving = new AbortController();
  frame();
  if (!signedIn()) {
    replace(main, signInForm());
    return;
  }
  const { page, id, parameters } = place();
  const found = page === 'checkouts' && id ? checkout : page === 'aggregates' && id ? machine : pages[page] ?? overview;
  replace(main, h('p', { class: 'soft' }, t('loading')));
  const context = { id, parameters, features, signal: leaving.signal };
  const current = leaving;
  Promise.resolve(found(main, context)).catch(failure => {
    if (!current.signal.aborted) {
      replace(main, h('div', { class: 'sheet', role: 'alert' }, h('h1', {}, failure instanceof Problem ? String(failure.status) : '!'), h('p', {}, failure.message)));
    }
  });
}

function frame() {
  const { page } = place();
  const here = page === 'aggregates' ? 'events' : page;
  const names = Object.keys(pages).filter(name => name !== 'try' || features.tryIt);
  replace(document.getElementById('nav'), signedIn() && names.map(name =>
    h('a', { href: `#/${name}`, id: `nav-${name}`, 'aria-current': name === here ? 'page' : null }, t(`page.${name}`))));
  replace(document.getElementById('tools'),
    h('button', { class: 'small', id: 'language', onclick: () => { switchLanguage(); show(); } }, t('language')),
    h('button', { class: 'small', id: 'theme', 'aria-label': t('theme'), title: t('theme'), onclick: switchTheme }, '◐'),
    signedIn() && h('button', { class: 'small', id: 'sign-out', onclick: signOut }, t('sign-out')));
  document.getElementById('skip').textContent = t('skip');
  document.title = `${t(`page.${here}`, 'Jangter')} · Jangter`;
}

function signInForm() {
  const token = h('textarea', { id: 'token', rows: 4, required: true, autocomplete: 'off', spellcheck: 'false' });
  const refused = h('p', { class: 'problem', role: 'alert' });
  const enter = async value => {
    signIn(value);
    try {
      await get('/console/api/me');
    } catch (failure) {
      signOut();
      toast(failure.status === 401 || failure.status === 403 ? t('sign-in.refused') : failure.message);
    }
  };
  return h('form', {
    class: 'sheet sign-in',
    onsubmit: event => { event.preventDefault(); enter(token.value); },
  }, h('h1', {}, t('sign-in')), h('p', { class: 'soft' }, t('sign-in.about')), h('label', {}, t('sign-in.token'), token), refused,
  h('div', { class: 'row' }, h('button', { class: 'main', type: 'submit', id: 'sign-in' }, t('sign-in')),
    features.trialTokens && h('button', {
      type: 'button', id: 'trial',
      onclick: () => trialToken().then(enter).catch(failure => { refused.textContent = failure.message; }),
    }, t('sign-in.trial'))));
}

function theme(chosen) {
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
}

function switchTheme() {
  const dark = (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  localStorage.setItem(THEME, dark ? 'light' : 'dark');
  theme(localStorage.getItem(THEME));
}

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', () => { show(); main.focus(); });
onChange(show);
theme(localStorage.getItem(THEME));
get('/console/features').then(found => { features = found; }).catch(() => {}).finally(show);
