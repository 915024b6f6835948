// What others offer, to be accepted or not; and what was sent from here, with who has it.
import {post} from '../api.js';
import {Rows, h, icon, named, replace, setShown, setText, textButton} from '../dom.js';
import {bytes, moment, t} from '../i18n.js';
import {store} from '../store.js';
import {attempt} from '../parts/say.js';
import {openSend} from '../parts/send.js';

const act = (offer, verb) => attempt(() => post(`offers/${encodeURIComponent(offer.id)}/${verb}`));

function itemLine(item) {
  const facts = item.kind === 'tree' ? `${t('files', {n: item.files})} · ${bytes(item.size)}` : bytes(item.size);
  const name = item.transfer === null ? named(item.name) : h('a', {href: `#/download/${encodeURIComponent(item.transfer)}`}, named(item.name));
  return h('li', {class: 'offer-item'}, icon(item.kind === 'tree' ? 'folder' : 'file'), name, h('span', {class: 'quiet'}, facts));
}

function buttonsFor(offer) {
  if (offer.state !== 'waiting' && !(offer.state === 'accepted' && !offer.incoming)) return [];
  if (!offer.incoming) return [textButton(t('withdraw'), () => act(offer, 'withdraw'))];
  return [
    textButton(t('accept'), () => act(offer, 'accept'), {class: 'button primary'}),
    textButton(t('decline'), () => act(offer, 'decline')),
  ];
}

function stateWords(offer) {
  if (offer.state === 'failed' && offer.failure) return offer.failure.message;
  return t(`offer.${offer.incoming ? 'in' : 'out'}.${offer.state}`);
}

// "17 of 20 have it", with a bar and each of them.
function recipientsPart() {
  const fill = h('div', {class: 'bar-fill'});
  const bar = h('div', {class: 'bar', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100'}, fill);
  const words = h('p', {class: 'have-it', role: 'status'});
  const list = h('ul', {class: 'recipients'});
  const rows = new Rows(list, (each) => each.peer_id, (recipient) => {
    const mark = h('span', {class: 'mark'});
    return {
      node: h('li', {}, named(recipient.name || recipient.peer_id), mark),
      update(now) {
        const word = now.state === 'waiting' && !now.reached ? 'unreached' : now.state;
        setText(mark, t(`recipient.${word}`));
        mark.className = `mark ${{done: 'good', declined: 'bad', failed: 'bad', accepted: 'warn'}[now.state] ?? ''}`;
      },
    };
  });
  return {
    node: h('div', {}, words, bar, list),
    update(offer) {
      const have = offer.recipients.filter((each) => each.state === 'done').length;
      const all = offer.recipients.length;
      setText(words, t('offer.have_it', {have, n: all}));
      fill.style.width = percentOf(have, all);
      bar.setAttribute('aria-valuenow', String(Math.floor((have / Math.max(1, all)) * 100)));
      bar.setAttribute('aria-label', words.textContent);
      bar.dataset.state = have === all ? 'done' : 'running';
      rows.show(offer.recipients);
    },
  };
}

function percentOf(part, whole) {
  return `${whole > 0 ? (part / whole) * 100 : 0}%`;
}

function makeCard(offer) {
  const title = h('h3', {});
  const state = h('p', {class: 'peer-facts'});
  const items = h('ul', {class: 'offer-items'});
  const buttons = h('div', {class: 'view-actions'});
  const people = offer.incoming ? null : recipientsPart();
  const node = h('li', {class: 'offer'}, title, state, items, people?.node, buttons);
  let look = '';
  return {
    node,
    update(now) {
      people?.update(now);
      const next = JSON.stringify([now.state, now.items, now.peer, now.failure]);
      if (next === look) return;
      look = next;
      replace(title, now.incoming ? [named(now.peer), ' ', t('offer.offers')] : t('offer.sent', {n: now.recipients.length}));
      setText(state, [stateWords(now), bytes(now.size), moment(now.created)].join(' · '));
      state.classList.toggle('bad', now.state === 'failed');
      replace(items, now.items.map(itemLine));
      replace(buttons, buttonsFor(now));
    },
  };
}

function group(word) {
  const list = h('ul', {class: 'transfers'});
  const node = h('section', {}, h('h2', {}, t(word)), list);
  const rows = new Rows(list, (offer) => offer.id, makeCard);
  return {node, show(offers) { setShown(node, offers.length > 0); rows.show(offers); }};
}

export function isAsking(offer) {
  return offer.incoming && offer.state === 'waiting';
}

export function showOffers() {
  const asking = group('offers.asking');
  const sent = group('offers.sent');
  const past = group('offers.past');
  const empty = h('section', {class: 'empty'}, h('h2', {}, t('offers.empty.title')), h('p', {}, t('offers.empty.text')));
  const send = h('div', {class: 'view-actions'}, h('button', {type: 'button', class: 'button primary', onclick: () => openSend()}, icon('send'), t('send.title')));
  return {
    title: t('nav.offers'),
    node: h('div', {}, send, asking.node, sent.node, past.node, empty),
    update() {
      const all = [...store.offers.values()].sort((a, b) => b.created - a.created || b.id.localeCompare(a.id));
      setShown(empty, all.length === 0);
      asking.show(all.filter(isAsking));
      sent.show(all.filter((offer) => !offer.incoming));
      past.show(all.filter((offer) => offer.incoming && !isAsking(offer)));
    },
  };
}
