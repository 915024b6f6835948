// Sending something to one or several: what, to whom, and go.
import {post} from '../api.js';
import {Rows, h, named, plain, replace, setShown, setText, textButton} from '../dom.js';
import {bytes, t} from '../i18n.js';
import {store} from '../store.js';
import {openDialog} from './dialog.js';
import {fileChooser, handIn} from './drop.js';
import {attempt, say} from './say.js';

function peerBox(chosen) {
  return (peer) => {
    const box = h('input', {type: 'checkbox', onchange: () => (box.checked ? chosen.add(peer.peer_id) : chosen.delete(peer.peer_id))});
    box.checked = chosen.has(peer.peer_id);
    const node = h('li', {}, h('label', {class: 'pick'}, box, named(peer.name),
      peer.trust === 'trusted' ? h('span', {class: 'mark good'}, t('trust.trusted')) : null));
    return {node, update() {}};
  };
}

function recipients(chosen) {
  const list = h('ul', {class: 'picks'});
  const rows = new Rows(list, (peer) => peer.peer_id, peerBox(chosen));
  const none = h('p', {class: 'quiet'}, t('send.nobody'));
  const update = () => {
    const peers = [...store.peers.values()].filter((peer) => peer.level > 0 && peer.online && peer.trust !== 'blocked');
    setShown(none, peers.length === 0);
    rows.show(peers.sort((a, b) => a.name.localeCompare(b.name)));
  };
  update();
  return {node: h('fieldset', {}, h('legend', {}, t('send.to')), none, list), end: store.listen(update)};
}

// What is to be sent: chosen files and folders, or one path of this computer.
function contents(path) {
  const things = [];
  const list = h('ul', {class: 'picks'});
  const show = () => replace(list, things.map((thing) => h('li', {class: 'pick'}, named(thing.name), h('span', {class: 'quiet'},
    bytes(thing.files.reduce((sum, each) => sum + each.file.size, 0))))));
  const chooser = fileChooser((more) => {
    things.push(...more);
    show();
  });
  const field = h('input', {id: 'send-path', type: 'text', value: path ?? '', placeholder: '/home/…', autocomplete: 'off', spellcheck: 'false'});
  const pathLine = h('p', {class: 'line-form'}, h('label', {for: 'send-path'}, t('share.path')), field);
  const node = h('fieldset', {}, h('legend', {}, t('send.what')), path ? null : [chooser, list], pathLine);
  return {node, things, path: () => field.value.trim()};
}

// The paths of what was chosen, on the disk of the node, where only those may see it for whom it is.
async function handInAll(things, audience, tell) {
  const paths = [];
  for (const thing of things) {
    const share = await handIn(thing, (sent) => tell(thing, sent), undefined, audience);
    paths.push(share.path);
  }
  return paths;
}

// options: {to: ids that are chosen already, path: what is sent, if it is known}
export function openSend({to = [], path = null} = {}) {
  const chosen = new Set(to);
  const whom = recipients(chosen);
  const what = contents(path);
  const note = h('p', {class: 'quiet', role: 'status'});
  const go = textButton(t('send.do'), () => attempt(async () => {
    if (chosen.size === 0) return setText(note, t('send.choose_who'));
    if (what.things.length === 0 && what.path() === '') return setText(note, t('send.choose_what'));
    go.disabled = true;
    try {
      const tell = (thing, sent) => setText(note, t('send.reading', {name: plain(thing.name), bytes: bytes(sent)}));
      const paths = await handInAll(what.things, [...chosen].join(','), tell);
      if (what.path() !== '') paths.push(what.path());
      await post('offers', {paths, to: [...chosen]});
      dialog.close();
      say.done(t('send.done', {n: chosen.size}));
      location.hash = '#/offers';
    } finally {
      go.disabled = false;
    }
    return null;
  }), {class: 'button primary'});
  const dialog = openDialog(t('send.title'), [what.node, whom.node, note], {buttons: [go], onClose: whom.end});
}
