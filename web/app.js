// The frame around the views, and which view is shown.
import {signIn} from './api.js';
import {h, icon, named, plain, replace, setShown, setText} from './dom.js';
import {loadWords, rate, t} from './i18n.js';
import {store} from './store.js';
import {followPairings} from './parts/pairing.js';
import {say} from './parts/say.js';
import {showBrowse} from './views/browse.js';
import {showDownloads} from './views/downloads.js';
import {showDownload} from './views/download.js';
import {isAsking, showOffers} from './views/offers.js';
import {showNear} from './views/near.js';
import {showSearch} from './views/search.js';
import {showSettings} from './views/settings.js';
import {showShares} from './views/shares.js';

// Each view: (words of the address after its name) → {title, node, update(), close?()}.
const VIEWS = {
  near: showNear,
  browse: showBrowse,
  search: showSearch,
  downloads: showDownloads,
  download: showDownload,
  offers: showOffers,
  shares: showShares,
  settings: showSettings,
};
const PLACES = [
  {view: 'near', icon: 'near', word: 'nav.near', also: ['browse', 'search']},
  {view: 'downloads', icon: 'down', word: 'nav.downloads', also: ['download']},
  {view: 'offers', icon: 'inbox', word: 'nav.offers', also: []},
  {view: 'shares', icon: 'share', word: 'nav.shares', also: []},
  {view: 'settings', icon: 'settings', word: 'nav.settings', also: []},
];

class Frame {
  constructor() {
    this.view = null;
    this.told = new Set(); // ids of offers
    this.main = h('main', {id: 'main', tabindex: '-1'});
    this.heading = h('h1', {class: 'view-title'});
    this.links = PLACES.map((place) => this.link(place));
    this.banner = h('p', {class: 'banner', role: 'status', hidden: true});
    this.name = h('span', {class: 'own-name'});
    this.rates = h('span', {class: 'rates'});
    this.search = h('input', {
      type: 'search', id: 'search', 'aria-label': t('search.label'), placeholder: t('search.placeholder'), autocomplete: 'off',
    });
    const form = h('form', {class: 'search', role: 'search', onsubmit: (event) => this.onSearch(event)}, icon('search'), this.search);
    this.node = h('div', {class: 'frame'},
      h('a', {class: 'skip', href: '#main', onclick: (event) => this.skip(event)}, t('nav.skip')),
      h('header', {class: 'top'},
        h('a', {class: 'brand', href: '#/near', 'aria-label': 'Essaim'}, h('img', {src: 'favicon.svg', alt: '', width: '28', height: '28'}), h('span', {}, 'Essaim')),
        form,
        h('div', {class: 'own'}, this.name, this.rates)),
      h('nav', {class: 'places', 'aria-label': t('nav.label')}, h('ul', {}, this.links.map((link) => h('li', {}, link.node)))),
      h('div', {class: 'content'}, this.banner, this.main));
  }

  link(place) {
    const badge = h('span', {class: 'badge', hidden: true});
    const node = h('a', {href: `#/${place.view}`}, icon(place.icon), h('span', {}, t(place.word)), badge);
    return {place, node, badge};
  }

  skip(event) {
    event.preventDefault();
    this.main.focus();
  }

  onSearch(event) {
    event.preventDefault();
    const words = this.search.value.trim();
    if (words !== '') location.hash = `#/search/${encodeURIComponent(words)}`;
  }

  go() {
    const [name, ...words] = location.hash.replace(/^#\/?/, '').split('/').map(decodeOr);
    const show = VIEWS[name] ?? VIEWS.near;
    this.view?.close?.();
    const shown = name in VIEWS ? name : 'near';
    this.view = show(words);
    if (shown === 'search') this.search.value = words[0] ?? '';
    replace(this.heading, this.view.title);
    replace(this.main, this.heading, this.view.node);
    document.title = `${this.heading.textContent} – Essaim`;
    for (const {place, node} of this.links) {
      if (place.view === shown || place.also.includes(shown)) node.setAttribute('aria-current', 'page');
      else node.removeAttribute('aria-current');
    }
    this.update();
    window.scrollTo(0, 0);
  }

  update() {
    const {status, rates, connection} = store;
    if (status !== null) {
      replace(this.name, named(status.name));
      setText(this.rates, `↓ ${rate(rates.down)}  ↑ ${rate(rates.up)}`);
    }
    setShown(this.banner, connection === 'away');
    if (connection === 'away') setText(this.banner, t('away'));
    const running = [...store.transfers.values()].filter((each) => ['running', 'waiting', 'resolving', 'verifying'].includes(each.state));
    this.badge('downloads', running.length);
    this.badge('offers', [...store.offers.values()].filter(isAsking).length);
    this.tellOffers();
    followPairings();
    this.view?.update?.();
  }

  // Says of each new offer that it has come, once.
  tellOffers() {
    for (const offer of store.offers.values()) {
      if (this.told.has(offer.id)) continue;
      this.told.add(offer.id);
      if (isAsking(offer)) say.done(t('offer.came', {name: plain(offer.peer)}));
    }
  }

  badge(view, count) {
    const {badge} = this.links.find((link) => link.place.view === view);
    setShown(badge, count > 0);
    setText(badge, String(count));
  }
}

function decodeOr(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function showSignedOut() {
  const command = h('code', {}, 'essaim web');
  return h('main', {class: 'welcome'},
    h('img', {src: 'favicon.svg', alt: '', width: '72', height: '72'}),
    h('h1', {}, t('signed_out.title')),
    h('p', {}, t('signed_out.text')),
    h('p', {class: 'command'}, command),
    h('p', {class: 'quiet'}, t('signed_out.why')));
}

async function begin() {
  applyTheme();
  await loadWords();
  const app = document.getElementById('app');
  const signedIn = signIn(); // which also takes the ticket out of the address
  const frame = new Frame();
  replace(app, frame.node, say.node);
  frame.go();
  try {
    await signedIn;
  } catch (error) {
    if (error.status !== 401) console.error(error);
  }
  addEventListener('hashchange', () => {
    if (store.connection === 'signed-out') return;
    frame.go();
    frame.main.focus({preventScroll: true});
  });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.closest('input, textarea, select, dialog')) return;
    event.preventDefault();
    frame.search.focus();
  });
  store.listen(() => {
    if (store.connection === 'signed-out') replace(app, showSignedOut());
    else frame.update();
  });
  store.watchStatus();
  await store.run();
}

function applyTheme() {
  const theme = localStorage.getItem('essaim.theme');
  if (theme !== null) document.documentElement.dataset.theme = theme;
}

begin();
