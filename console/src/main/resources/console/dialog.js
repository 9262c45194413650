// Asks before something is done.

import { h } from './dom.js';
import { t } from './words.js';

/**
 * Shows a dialog with fields, and gives what was entered, or null if it was cancelled.
 *
 * @param fields elements with a name, shown in their order
 */
export function ask(title, about, fields = [], kind = 'main') {
  return new Promise(resolve => {
    const dialog = h('dialog', { 'aria-label': title });
    const form = h('form', { method: 'dialog' }, h('h2', {}, title), about && h('p', { class: 'soft' }, about), fields,
      h('div', { class: 'row' }, h('button', { class: kind, value: 'yes', id: 'confirm' }, t('confirm')),
        h('button', { value: 'no', type: 'button', onclick: () => dialog.close('no') }, t('cancel'))));
    form.addEventListener('submit', event => {
      event.preventDefault();
      dialog.close('yes');
    });
    dialog.append(form);
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : null);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
