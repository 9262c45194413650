// How numbers, times and durations read.

import { language, t } from './words.js';

export function number(value) {
  return value === null || value === undefined ? '–' : typeof value === 'string' ? value : value.toLocaleString(language());
}

export function money(sum) {
  return sum ? `${number(sum.amount)} ${sum.currency}` : '–';
}

export function time(instant) {
  return instant ? new Date(instant).toLocaleTimeString(language(), { hour12: false }) + '.' + String(new Date(instant).getMilliseconds()).padStart(3, '0') : '–';
}

export function dateTime(instant) {
  return instant ? `${new Date(instant).toLocaleDateString(language())} ${time(instant)}` : '–';
}

export function millis(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  return value < 10_000 ? `${number(Math.round(value))} ms` : seconds(value / 1000);
}

export function seconds(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  return value < 90 ? `${number(Math.round(value))} s` : `${number(Math.floor(value / 60))} min ${Math.round(value % 60)} s`;
}

/** The last part of a class's name: jangter.order.api.OrderEvent$OrderPlaced is OrderPlaced. */
export function shortType(type) {
  return type.split(/[.$]/).pop();
}

/** JSON with its depth shown. */
export function pretty(json) {
  return JSON.stringify(json, null, 2) ?? '–';
}

/** A state's or reason's word in the language that is chosen, or as it is. */
export function word(group, value) {
  return value === null || value === undefined ? '–' : t(`${group}.${value}`, value);
}
