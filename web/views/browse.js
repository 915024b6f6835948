// What a peer shares, folder by folder.
import {get} from '../api.js';
import {h, named, plain, replace, setShown, setText, textButton} from '../dom.js';
import {t} from '../i18n.js';
import {store} from '../store.js';
import {download, entryRow} from '../parts/entry.js';
import {sentenceOf} from '../parts/say.js';
import {peerActions} from '../parts/people.js';
import {VirtualList} from '../parts/virtual_list.js';

export const ROW_HEIGHT = 56;

function crumbs(peerId, peerName, parts) {
  const items = [h('li', {}, h('a', {href: '#/near'}, t('nav.near')))];
  const all = [peerName, ...parts];
  all.forEach((word, index) => {
    const address = `#/browse/${[peerId, ...parts.slice(0, index)].map(encodeURIComponent).join('/')}`;
    const last = index === all.length - 1;
    items.push(h('li', {}, last ? h('span', {'aria-current': 'page'}, named(word)) : h('a', {href: address}, named(word))));
  });
  return h('nav', {class: 'crumbs', 'aria-label': t('browse.path')}, h('ol', {}, items));
}

export function showBrowse([peerId, ...parts]) {
  const path = parts.filter((part) => part !== '').join('/');
  const ended = new AbortController();
  const state = {cursor: null, loading: false, more: true, failed: null, count: 0};
  const note = h('p', {class: 'lead', role: 'status'});
  const list = new VirtualList({
    label: t('browse.list'), rowHeight: ROW_HEIGHT, make: (entry) => entryRow(entry), onEnd: () => load(),
  });
  const peerName = () => store.peers.get(peerId)?.name ?? peerId;
  const heading = named(parts.at(-1) ?? peerName());
  const actions = h('div', {class: 'view-actions'});
  const top = h('div', {}, crumbs(peerId, peerName(), parts));
  const people = peerActions();
  setShown(people.node, parts.length === 0);

  async function load() {
    if (state.loading || !state.more) return;
    state.loading = true;
    const query = new URLSearchParams({peer: peerId, path});
    if (state.cursor !== null) query.set('cursor', state.cursor);
    // "+" is itself in the node's queries.
    const target = `list?${query.toString().replaceAll('+', '%20')}`;
    try {
      const page = await get(target, ended.signal);
      state.cursor = page.cursor;
      state.more = page.cursor !== null;
      state.count += page.entries.length;
      list.add(page.entries);
    } catch (error) {
      if (error.name === 'AbortError') return;
      state.failed = error;
      state.more = false;
    }
    state.loading = false;
    showNote();
  }

  function showNote() {
    const text = state.failed ? sentenceOf(state.failed)
      : state.count === 0 && !state.more ? t(path === '' ? 'browse.nothing' : 'browse.empty')
        : state.more ? t('browse.counting', {n: state.count}) : t('browse.count', {n: state.count});
    setText(note, text);
    note.classList.toggle('bad', state.failed !== null);
    const whole = path !== '' && state.failed === null;
    setShown(actions, whole);
  }

  replace(actions, textButton(t('browse.get_all'), () => download({peer_id: peerId, path, link: null}), {class: 'button primary'}));
  setShown(actions, false);
  let shownName = '';
  load();
  return {
    title: heading,
    node: h('div', {}, top, people.node, actions, note, list.node),
    update() {
      const peer = store.peers.get(peerId);
      if (peer !== undefined) people.update(peer);
      if (peerName() === shownName) return;
      shownName = peerName();
      replace(top, crumbs(peerId, shownName, parts));
      if (parts.length === 0) heading.textContent = plain(shownName);
    },
    close() {
      ended.abort();
      list.close();
    },
  };
}
