// Two people make sure that nobody stands between their machines: each page shows the same digits, big.
import {post} from '../api.js';
import {h, named, plain, replace, setShown, setText, textButton} from '../dom.js';
import {t} from '../i18n.js';
import {store} from '../store.js';
import {openDialog} from './dialog.js';
import {attempt, say} from './say.js';

const shown = new Map(); // peer id → its dialog

function spoken(digits) {
  return [...digits].join(' ');
}

function act(pairing, verb) {
  return attempt(() => post(`peers/${encodeURIComponent(pairing.peer_id)}/pair/${verb}`));
}

function open(pairing) {
  const words = h('p', {}, t(pairing.incoming ? 'pair.asked' : 'pair.text', {name: plain(pairing.name)}));
  const digits = h('p', {class: 'digits', 'aria-label': spoken(pairing.digits)}, `${pairing.digits.slice(0, 3)} ${pairing.digits.slice(3)}`);
  const note = h('p', {class: 'quiet', role: 'status'});
  const same = textButton(t('pair.same'), () => act(pairing, 'confirm'), {class: 'button primary'});
  const different = textButton(t('pair.different'), () => act(pairing, 'reject'));
  const dialog = openDialog([t('pair.title'), ' ', named(pairing.name)], [words, digits, note], {
    buttons: [different, same],
    onClose: () => {
      shown.delete(pairing.peer_id);
      const now = store.pairings.get(pairing.peer_id);
      if (now?.state === 'comparing') act(pairing, 'reject');
    },
  });
  return {
    dialog,
    update(now) {
      const waits = now.state === 'confirmed';
      setText(note, waits ? t('pair.waiting', {name: plain(now.name)}) : t('pair.how'));
      setShown(same, !waits);
      setShown(different, !waits);
    },
  };
}

function end(pairing) {
  shown.get(pairing.peer_id)?.dialog.close();
  if (pairing.state === 'done') say.done(t('pair.done', {name: plain(pairing.name)}));
  else say.show(`${t('pair.failed', {name: plain(pairing.name)})} ${pairing.failure?.message ?? ''}`, 'bad');
}

// Shows every pairing that is under way, whoever began it.
export function followPairings() {
  for (const pairing of store.pairings.values()) {
    const running = pairing.state === 'comparing' || pairing.state === 'confirmed';
    if (running && !shown.has(pairing.peer_id)) shown.set(pairing.peer_id, open(pairing));
    if (running) shown.get(pairing.peer_id).update(pairing);
    else if (shown.has(pairing.peer_id)) end(pairing);
  }
}

export function pair(peerId) {
  return attempt(async () => {
    const pairing = await post(`peers/${encodeURIComponent(peerId)}/pair`);
    store.put('pairing', pairing);
    store.changed();
  });
}
