// All downloads: what runs, what waits, what is done.
import {Rows, h, named, replace, setShown, setText} from '../dom.js';
import {t} from '../i18n.js';
import {store} from '../store.js';
import {isOver, progressBar, progressWords, stateLine, transferButtons} from '../parts/transfer.js';

function makeRow(transfer) {
  const name = h('a', {class: 'transfer-name', href: `#/download/${encodeURIComponent(transfer.id)}`}, named(transfer.name));
  const line = h('p', {class: 'transfer-line'});
  const words = h('p', {class: 'transfer-words'});
  const bar = progressBar();
  const buttons = h('div', {class: 'entry-actions'});
  const node = h('li', {class: 'transfer'}, h('div', {class: 'transfer-top'}, h('h3', {}, name), buttons), bar.node, words, line);
  let state = '';
  return {
    node,
    update(now) {
      bar.update(now);
      setText(line, stateLine(now));
      setText(words, progressWords(now));
      line.classList.toggle('bad', now.state === 'failed');
      if (state !== now.state) replace(buttons, transferButtons(now));
      state = now.state;
    },
  };
}

function group(word) {
  const list = h('ul', {class: 'transfers'});
  const node = h('section', {}, h('h2', {}, t(word)), list);
  const rows = new Rows(list, (transfer) => transfer.id, makeRow);
  return {node, show(transfers) { setShown(node, transfers.length > 0); rows.show(transfers); }};
}

const newestFirst = (a, b) => b.id.localeCompare(a.id, undefined, {numeric: true});

export function showDownloads() {
  const active = group('downloads.active');
  const waiting = group('downloads.waiting');
  const over = group('downloads.over');
  const empty = h('section', {class: 'empty'}, h('h2', {}, t('downloads.empty.title')), h('p', {}, t('downloads.empty.text')),
    h('p', {}, h('a', {class: 'button primary', href: '#/near'}, t('downloads.empty.near'))));
  const where = h('p', {class: 'lead'});
  return {
    title: t('nav.downloads'),
    node: h('div', {}, where, active.node, waiting.node, over.node, empty),
    update() {
      const all = [...store.transfers.values()].filter((each) => each.path !== '').sort(newestFirst);
      const idle = (each) => each.state === 'waiting' || each.state === 'paused';
      setShown(empty, all.length === 0);
      setShown(where, all.length > 0 && store.status !== null);
      if (store.status !== null) replace(where, t('downloads.where'), ' ', named(store.status.dest));
      active.show(all.filter((each) => !isOver(each) && !idle(each)));
      waiting.show(all.filter(idle));
      over.show(all.filter(isOver));
    },
  };
}
