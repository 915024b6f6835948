// What can be done with something that somebody shares.
import {post} from '../api.js';
import {h, icon, iconButton, named, plain} from '../dom.js';
import {bytes, moment, t} from '../i18n.js';
import {attempt, say} from './say.js';
import {canPreview, preview} from './preview.js';

export function nameOf(entry) {
  return entry.path.slice(entry.path.lastIndexOf('/') + 1);
}

// By a link where there is one: then from all who have it.
export function targetOf(entry) {
  return entry.link ?? `${entry.peer_id}/${entry.path}`;
}

export function download(entry) {
  return attempt(async () => {
    const transfer = await post('transfers', {target: targetOf(entry)});
    say.done(t(transfer.already_there ? 'download.there' : 'download.begun', {name: plain(nameOf(entry))}));
    return transfer;
  });
}

export function isFolder(entry) {
  return entry.kind === 'directory' || entry.kind === 'tree';
}

export function addressOf(entry) {
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  return `#/browse/${encodeURIComponent(entry.peer_id)}/${path}`;
}

// One line of a list. `options.where`: what stands beside the name ("alice · Photos/2024").
export function entryRow(entry, options = {}) {
  const name = nameOf(entry);
  const can = !isFolder(entry) && entry.link !== null && canPreview(name);
  const label = isFolder(entry)
    ? h('a', {class: 'entry-name', href: addressOf(entry)}, named(name))
    : can
      ? h('button', {type: 'button', class: 'entry-name', onclick: () => preview(entry)}, named(name))
      : h('span', {class: 'entry-name', tabindex: '-1'}, named(name));
  const facts = [
    isFolder(entry) && entry.files !== null ? t('files', {n: entry.files}) : null,
    entry.kind === 'directory' ? null : bytes(entry.size),
  ].filter(Boolean);
  return h('div', {class: 'entry'},
    icon(isFolder(entry) ? 'folder' : 'file'),
    h('div', {class: 'entry-words'}, label, options.where ? h('span', {class: 'where'}, options.where) : null),
    h('span', {class: 'entry-size'}, facts.join(' · ')),
    h('span', {class: 'entry-time'}, entry.mtime > 0 ? moment(entry.mtime) : ''),
    h('div', {class: 'entry-actions'},
      can ? iconButton('eye', t('preview.of', {name: plain(name)}), () => preview(entry)) : null,
      entry.kind === 'symlink' ? null : iconButton('down', t('download.of', {name: plain(name)}), () => download(entry))));
}
