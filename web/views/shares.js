// What is shared from here: dropped files, paths of this machine, links to pass on.
import {post, remove} from '../api.js';
import {Rows, h, icon, iconButton, named, plain, replace, setShown, setText, textButton} from '../dom.js';
import {bytes, percent, t} from '../i18n.js';
import {store} from '../store.js';
import {confirm} from '../parts/dialog.js';
import {dropZone} from '../parts/drop.js';
import {attempt, say} from '../parts/say.js';
import {openSend} from '../parts/send.js';

async function copy(link) {
  await navigator.clipboard.writeText(link);
  say.done(t('share.copied'));
}

function unshare(share) {
  confirm(t('unshare.title'), t('unshare.text', {name: plain(share.name)}), t('unshare.yes'),
    () => attempt(() => remove(`shares/${encodeURIComponent(share.name)}`)));
}

function stateOf(share) {
  if (share.state === 'missing') return t('share.missing', {path: plain(share.path)});
  if (share.state === 'indexing') return t('share.indexing', {percent: percent(share.bytes_hashed, share.size)});
  const facts = share.kind === 'tree' ? [t('files', {n: share.files}), bytes(share.size)] : [bytes(share.size)];
  return facts.join(' · ');
}

function makeRow(share) {
  const facts = h('p', {class: 'peer-facts'});
  const left = h('details', {hidden: true});
  const buttons = h('div', {class: 'entry-actions'});
  const node = h('li', {class: 'share'}, icon(share.kind === 'tree' ? 'folder' : 'file'),
    h('div', {class: 'peer-words'}, h('h2', {}, named(share.name)), facts, h('p', {class: 'quiet path'}, named(share.path)), left), buttons);
  let shown = '';
  return {
    node,
    update(now) {
      setText(facts, stateOf(now));
      facts.classList.toggle('bad', now.state === 'missing');
      const look = JSON.stringify([now.link, now.left_out]);
      if (look === shown) return;
      shown = look;
      setShown(left, now.left_out.length > 0);
      replace(left, h('summary', {}, t('share.left_out', {n: now.left_out.length})),
        h('ul', {}, now.left_out.slice(0, 100).map((each) => h('li', {}, named(each)))));
      replace(buttons,
        iconButton('send', t('send.of', {name: plain(now.name)}), () => openSend({path: now.path})),
        now.link ? iconButton('copy', t('share.copy', {name: plain(now.name)}), () => attempt(() => copy(now.link))) : null,
        iconButton('close', t('unshare.of', {name: plain(now.name)}), () => unshare(now)));
    },
  };
}

function pathForm() {
  const path = h('input', {id: 'share-path', type: 'text', placeholder: '/home/…', autocomplete: 'off', spellcheck: 'false', required: true});
  const send = async (event) => {
    event.preventDefault();
    const share = await attempt(() => post('shares', {path: path.value.trim()}));
    if (share === null) return;
    path.value = '';
    say.done(t('share.begun', {name: plain(share.name)}));
  };
  return h('form', {class: 'line-form', onsubmit: send}, h('label', {for: 'share-path'}, t('share.path')), path,
    textButton(t('share.do'), null, {type: 'submit'}));
}

export function showShares() {
  const list = h('ul', {class: 'shares', 'aria-label': t('nav.shares')});
  const rows = new Rows(list, (share) => share.name, makeRow);
  const empty = h('p', {class: 'lead'}, t('shares.empty'));
  return {
    title: t('nav.shares'),
    node: h('div', {}, dropZone(), pathForm(), empty, list),
    update() {
      const shares = [...store.shares.values()].sort((a, b) => a.name.localeCompare(b.name));
      setShown(empty, shares.length === 0);
      rows.show(shares);
    },
  };
}
