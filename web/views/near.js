// Who is near, and what a first visitor should do.
import {Rows, h, icon, named, replace, setShown, setText} from '../dom.js';
import {t} from '../i18n.js';
import {store} from '../store.js';

function byOnlineAndName(a, b) {
  return Number(b.online) - Number(a.online) || a.name.localeCompare(b.name) || a.peer_id.localeCompare(b.peer_id);
}

// Two letters and a colour by which a peer is known again; the colour says nothing that the words do not.
function avatar(peer) {
  const letters = [...peer.name].filter((each) => /[\p{L}\p{N}]/u.test(each)).slice(0, 2).join('').toUpperCase() || '·';
  const element = h('span', {class: 'avatar', 'aria-hidden': 'true'}, letters);
  let sum = 0;
  for (const character of peer.peer_id) sum = (sum * 31 + character.codePointAt(0)) % 360;
  element.style.setProperty('--hue', String(sum));
  return element;
}

function makeCard(peer) {
  const name = h('a', {class: 'peer-name'}, named(peer.name));
  const shares = h('span', {});
  const facts = h('p', {class: 'peer-facts'}, shares);
  const marks = h('p', {class: 'marks'});
  const node = h('li', {class: 'peer'}, avatar(peer), h('div', {class: 'peer-words'}, name, facts, marks), icon('open'));
  let shown = '';
  return {
    node,
    update(now) {
      const look = JSON.stringify([now.name, now.online, now.trust, now.not_the, now.level, now.shares]);
      if (look === shown) return;
      shown = look;
      name.href = `#/browse/${encodeURIComponent(now.peer_id)}`;
      replace(name, named(now.name));
      node.classList.toggle('away', !now.online);
      setText(shares, !now.online ? t('peer.away') : now.shares === null ? t('peer.near') : t('peer.shares', {n: now.shares}));
      replace(marks,
        now.trust === 'trusted' ? h('span', {class: 'mark good'}, icon('check'), t('trust.trusted')) : null,
        now.trust === 'blocked' ? h('span', {class: 'mark bad'}, t('trust.blocked')) : null,
        now.not_the ? h('span', {class: 'mark bad', title: t('peer.not_the.why')}, t('peer.not_the')) : null,
        now.level === 0 ? h('span', {class: 'mark warn', title: t('peer.classic.why')}, t('peer.classic')) : null);
    },
  };
}

function welcome() {
  return h('section', {class: 'empty'},
    h('h2', {}, t('near.empty.title')),
    h('p', {}, t('near.empty.text')),
    h('ol', {class: 'steps'},
      h('li', {}, t('near.empty.step1'), h('code', {}, 'essaim up')),
      h('li', {}, t('near.empty.step2'), ' ', h('a', {href: '#/shares'}, t('near.empty.share'))),
      h('li', {}, t('near.empty.step3'))),
    h('p', {class: 'quiet'}, t('near.empty.doctor'), ' ', h('a', {href: '#/settings'}, t('near.empty.check'))));
}

export function showNear() {
  const list = h('ul', {class: 'peers', 'aria-label': t('nav.near')});
  const rows = new Rows(list, (peer) => peer.peer_id, makeCard);
  const empty = welcome();
  const count = h('p', {class: 'lead'});
  return {
    title: t('nav.near'),
    node: h('div', {}, count, list, empty),
    update() {
      const peers = [...store.peers.values()].sort(byOnlineAndName);
      setShown(empty, peers.length === 0 && store.connection !== 'new');
      setShown(count, peers.length > 0);
      setText(count, t('near.count', {n: peers.filter((peer) => peer.online).length}));
      rows.show(peers);
    },
  };
}
