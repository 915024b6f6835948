// What is said of a transfer, and what can be done with it.
import {post} from '../api.js';
import {h, icon, iconButton, plain} from '../dom.js';
import {bytes, duration, percent, rate, t} from '../i18n.js';
import {confirm} from './dialog.js';
import {attempt} from './say.js';

const OVER = ['done', 'failed', 'cancelled'];

export function isOver(transfer) {
  return OVER.includes(transfer.state);
}

export function stateLine(transfer) {
  switch (transfer.state) {
    case 'running': {
      if (transfer.failure) return transfer.failure.message;
      const words = [rate(transfer.bytes_per_second), t('sources', {n: transfer.sources.length})];
      if (transfer.seconds_left !== null) words.push(t('left', {time: duration(transfer.seconds_left)}));
      return words.join(' · ');
    }
    case 'done':
      return transfer.already_there ? t('state.there') : t('state.done', {bytes: bytes(transfer.bytes_total), time: duration(transfer.seconds)});
    case 'failed':
      return transfer.failure ? `${t(`error.${transfer.failure.code}`)} ${transfer.failure.message}` : t('state.failed');
    default:
      return t(`state.${transfer.state}`);
  }
}

// A bar that is right for eyes and for screen readers.
export function progressBar() {
  const fill = h('div', {class: 'bar-fill'});
  const node = h('div', {class: 'bar', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100'}, fill);
  return {
    node,
    update(transfer) {
      const part = transfer.bytes_total > 0 ? transfer.bytes_done / transfer.bytes_total : transfer.state === 'done' ? 1 : 0;
      fill.style.width = `${(part * 100).toFixed(2)}%`;
      const whole = String(Math.floor(part * 100));
      if (node.getAttribute('aria-valuenow') !== whole) node.setAttribute('aria-valuenow', whole);
      node.setAttribute('aria-label', plain(transfer.name));
      node.dataset.state = transfer.failure && transfer.state === 'running' ? 'stalled' : transfer.state;
    },
  };
}

export function progressWords(transfer) {
  if (isOver(transfer)) return '';
  const words = [percent(transfer.bytes_done, transfer.bytes_total), t('of', {done: bytes(transfer.bytes_done), total: bytes(transfer.bytes_total)})];
  if (transfer.kind === 'tree') words.push(t('files_of', {done: transfer.files_done, n: transfer.files_total}));
  return words.join(' · ');
}

const act = (transfer, verb) => attempt(() => post(`transfers/${encodeURIComponent(transfer.id)}/${verb}`));

function cancel(transfer) {
  confirm(t('cancel.title'), t('cancel.text', {name: plain(transfer.name)}), t('cancel.yes'), () => act(transfer, 'cancel'));
}

// What can be done with it now: {icon, word, act}.
function verbs(transfer) {
  const {state} = transfer;
  return [
    state === 'waiting' && {icon: 'first', word: 'first', act: () => act(transfer, 'first')},
    ['running', 'waiting', 'resolving'].includes(state) && {icon: 'pause', word: 'pause', act: () => act(transfer, 'pause')},
    ['paused', 'failed'].includes(state) && {icon: 'play', word: 'resume', act: () => act(transfer, 'resume')},
    !isOver(transfer) && {icon: 'close', word: 'cancel', act: () => cancel(transfer)},
  ].filter(Boolean);
}

export function transferButtons(transfer) {
  const name = plain(transfer.name);
  return verbs(transfer).map((verb) => iconButton(verb.icon, t(`${verb.word}.of`, {name}), verb.act));
}

export function transferWordButtons(transfer) {
  return verbs(transfer).map((verb) => h('button', {type: 'button', class: 'button', onclick: verb.act}, icon(verb.icon), t(verb.word)));
}
