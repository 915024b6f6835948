// A box over the page; Escape closes it, and what had the focus has it again.
import {h, iconButton, textButton} from '../dom.js';
import {t} from '../i18n.js';

let count = 0;

// options: {buttons, wide, onClose}
export function openDialog(title, content, options = {}) {
  count += 1;
  const id = `dialog-${count}`;
  const close = () => dialog.close();
  const dialog = h('dialog', {class: options.wide ? 'dialog wide' : 'dialog', 'aria-labelledby': id},
    h('header', {}, h('h2', {id}, title), iconButton('close', t('close'), close)),
    h('div', {class: 'dialog-content'}, content),
    options.buttons ? h('footer', {}, options.buttons) : null);
  dialog.addEventListener('close', () => {
    options.onClose?.();
    dialog.remove();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// Asks before something that can't be undone.
export function confirm(title, text, label, act) {
  const dialog = openDialog(title, h('p', {}, text), {
    buttons: [
      textButton(t('no'), () => dialog.close()),
      textButton(label, () => { dialog.close(); act(); }, {class: 'button primary'}),
    ],
  });
}
