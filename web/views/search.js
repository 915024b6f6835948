// What everyone near has that fits some words.
import {get} from '../api.js';
import {h, named, plain, setText} from '../dom.js';
import {t} from '../i18n.js';
import {entryRow} from '../parts/entry.js';
import {sentenceOf} from '../parts/say.js';
import {VirtualList} from '../parts/virtual_list.js';
import {ROW_HEIGHT} from './browse.js';

function whereOf(entry) {
  const end = entry.path.lastIndexOf('/');
  const where = [named(entry.peer)];
  if (end > 0) where.push(' · ', named(entry.path.slice(0, end)));
  return where;
}

export function showSearch([words = '']) {
  const ended = new AbortController();
  const note = h('p', {class: 'lead', role: 'status'}, words === '' ? t('search.none') : t('search.running'));
  const list = new VirtualList({
    label: t('search.list'), rowHeight: ROW_HEIGHT, make: (entry) => entryRow(entry, {where: whereOf(entry)}),
  });

  async function search() {
    try {
      const found = await get(`search?q=${encodeURIComponent(words)}`, ended.signal);
      list.set(found);
      setText(note, found.length > 0 ? t('search.count', {n: found.length}) : t('search.nothing'));
    } catch (error) {
      if (error.name !== 'AbortError') setText(note, sentenceOf(error));
    }
  }

  if (words !== '') search();
  return {
    title: t('search.title', {words: plain(words)}),
    node: h('div', {}, note, list.node),
    close() {
      ended.abort();
      list.close();
    },
  };
}
