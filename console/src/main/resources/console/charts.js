// Small charts, drawn here.

import { s } from './dom.js';

const WIDTH = 480;
const HEIGHT = 130;
const LEFT = 44;
const BOTTOM = 16;

function frame(label, most, parts) {
  const top = y(most, most);
  return s('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label },
    s('line', { class: 'axis', x1: LEFT, x2: WIDTH, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }),
    s('line', { class: 'axis', x1: LEFT, x2: WIDTH, y1: top, y2: top }),
    s('text', { x: LEFT - 6, y: top + 4, 'text-anchor': 'end' }, Math.round(most).toLocaleString()),
    s('text', { x: LEFT - 6, y: HEIGHT - BOTTOM + 3, 'text-anchor': 'end' }, '0'),
    parts);
}

function y(value, most) {
  return HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - 8);
}

/**
 * Bars, one for each moment: light behind for what was asked, and before it what became of it, one upon the other.
 *
 * @param moments [{name, asked, done, failed}]
 */
export function bars(label, moments) {
  const most = Math.max(1, ...moments.map(moment => Math.max(moment.asked, moment.done + moment.failed)));
  const step = (WIDTH - LEFT) / Math.max(1, moments.length);
  const bar = (index, from, to, name, inset) => s('rect', {
    class: name, x: LEFT + index * step + inset, width: Math.max(1, step - 2 * inset), y: y(to, most), height: Math.max(0, y(from, most) - y(to, most)),
  });
  return frame(label, most, moments.map((moment, index) => s('g', {},
    s('title', {}, `${moment.name}: ${moment.asked} / ${moment.done} / ${moment.failed}`),
    bar(index, 0, moment.asked, 'asked', 2),
    bar(index, 0, moment.done, 'done', 5),
    bar(index, moment.done, moment.done + moment.failed, 'failed', 5),
    (index === 0 || index === moments.length - 1 || index % 5 === 0)
      && s('text', { x: LEFT + index * step + step / 2, y: HEIGHT - 4, 'text-anchor': 'middle' }, moment.name))));
}

/**
 * Lines over the same moments; a value that is not there leaves a gap.
 *
 * @param lines arrays of numbers or null
 */
export function lines(label, values) {
  const known = values.flat().filter(value => value !== null);
  const most = Math.max(1, ...known);
  const step = (WIDTH - LEFT) / Math.max(1, values[0].length - 1);
  return frame(label, most, values.map((line, index) => {
    let path = '';
    let gap = true;
    line.forEach((value, at) => {
      if (value !== null) {
        // one that stands alone is a dot
        path += `${gap ? 'M' : 'L'}${(LEFT + at * step).toFixed(1)} ${y(value, most).toFixed(1)}${gap ? 'h0.01' : ''}`;
      }
      gap = value === null;
    });
    return s('path', { class: `line${index > 0 ? ' second' : ''}`, d: path || 'M0 0' });
  }));
}
