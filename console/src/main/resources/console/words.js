// The page's language: one dictionary for each, chosen by the browser's and changed by hand.

import { en } from './words-en.js';
import { ko } from './words-ko.js';

const KEY = 'jangter.language';
const dictionaries = { en, ko };
let chosen = localStorage.getItem(KEY) ?? (navigator.language?.startsWith('ko') ? 'ko' : 'en');
if (!(chosen in dictionaries)) {
  chosen = 'en';
}
document.documentElement.lang = chosen;

export function language() {
  return chosen;
}

export function switchLanguage() {
  chosen = chosen === 'en' ? 'ko' : 'en';
  localStorage.setItem(KEY, chosen);
  document.documentElement.lang = chosen;
}

/** The words for a key; English where a language lacks them, else what is given. */
export function t(key, otherwise = key) {
  return dictionaries[chosen][key] ?? en[key] ?? otherwise;
}
