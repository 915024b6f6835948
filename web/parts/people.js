// What can be done about a peer.
import {post, remove} from '../api.js';
import {h, icon, plain, replace, textButton} from '../dom.js';
import {t} from '../i18n.js';
import {confirm} from './dialog.js';
import {pair} from './pairing.js';
import {attempt, say} from './say.js';
import {openSend} from './send.js';

function judge(peer, trust) {
  return attempt(async () => {
    await post(`peers/${encodeURIComponent(peer.peer_id)}/trust`, {trust});
    say.done(t(`judged.${trust}`, {name: plain(peer.name)}));
  });
}

function block(peer) {
  confirm(t('block.title'), t('block.text', {name: plain(peer.name)}), t('block'), () => judge(peer, 'blocked'));
}

function forget(peer) {
  confirm(t('forget.title'), t('forget.text', {name: plain(peer.name)}), t('forget'), () => attempt(async () => {
    await remove(`peers/${encodeURIComponent(peer.peer_id)}`);
    location.hash = '#/near';
  }));
}

function wordButton(name, label, act, kind = 'button') {
  return h('button', {type: 'button', class: kind, onclick: act}, icon(name), label);
}

// Buttons for a peer, made anew when what can be done has changed.
export function peerActions() {
  const node = h('div', {class: 'view-actions'});
  let look = '';
  return {
    node,
    update(peer) {
      const now = JSON.stringify([peer.level, peer.online, peer.trust, peer.name]);
      if (now === look) return;
      look = now;
      if (peer.level === 0) return replace(node, h('p', {class: 'quiet'}, t('peer.classic.why')));
      replace(node,
        peer.trust === 'blocked' ? null : wordButton('send', t('send.do'), () => openSend({to: [peer.peer_id]}), 'button primary'),
        peer.trust === 'unknown' && peer.online ? wordButton('lock', t('pair'), () => pair(peer.peer_id)) : null,
        peer.trust === 'unknown' ? textButton(t('block'), () => block(peer)) : null,
        peer.trust === 'blocked' ? textButton(t('unblock'), () => judge(peer, 'unknown')) : null,
        peer.trust === 'unknown' ? null : textButton(t('forget'), () => forget(peer)));
    },
  };
}
