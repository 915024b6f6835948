// One download as closely as it can be looked at: speed, where it comes from, which parts are here.
import {get} from '../api.js';
import {Rows, h, named, replace, setShown, setText} from '../dom.js';
import {bytes, moment, percent, rate, t} from '../i18n.js';
import {store} from '../store.js';
import {ChunkMap} from '../parts/chunk_map.js';
import {SpeedPlot} from '../parts/speed_plot.js';
import {isOver, progressBar, progressWords, stateLine, transferWordButtons} from '../parts/transfer.js';

const MAP_EVERY = 1000;

function makeSource(source) {
  const fill = h('div', {class: 'bar-fill'});
  const words = h('span', {class: 'entry-size'});
  const node = h('li', {class: 'source'}, named(source.name || source.peer_id), h('div', {class: 'bar'}, fill), words);
  return {
    node,
    update({bytes: count, whole}) {
      fill.style.width = `${whole > 0 ? (count / whole) * 100 : 0}%`;
      setText(words, `${bytes(count)} · ${percent(count, whole)}`);
    },
  };
}

export function showDownload([id]) {
  const title = named('');
  const bar = progressBar();
  const words = h('p', {class: 'transfer-words'});
  const line = h('p', {class: 'transfer-line', role: 'status'});
  const buttons = h('div', {class: 'view-actions'});
  const place = h('p', {class: 'quiet path'});
  const plot = new SpeedPlot();
  const map = new ChunkMap();
  const list = h('ul', {class: 'sources'});
  const sources = new Rows(list, (source) => source.peer_id, makeSource);
  const speedPart = h('section', {class: 'panel'}, h('h2', {}, t('download.speed')), plot.node);
  const sourcePart = h('section', {class: 'panel'}, h('h2', {}, t('download.sources')), list);
  const mapPart = h('section', {class: 'panel', hidden: true}, h('h2', {}, t('download.map')), map.node);
  const missing = h('p', {class: 'lead', hidden: true}, t('download.missing'));
  const body = h('div', {}, bar.node, words, line, buttons, place, speedPart, mapPart, sourcePart);
  let state = '';
  let timer = null;
  let closed = false;

  async function readMap() {
    timer = null;
    if (closed || document.hidden) return;
    try {
      const shown = map.show(await get(`transfers/${encodeURIComponent(id)}/map`));
      setShown(mapPart, shown);
    } catch {
      setShown(mapPart, false);
    }
  }

  function update() {
    const transfer = store.transfers.get(id);
    setShown(missing, transfer === undefined && store.connection === 'live');
    setShown(body, transfer !== undefined);
    if (transfer === undefined) return;
    if (title.textContent === '') title.textContent = named(transfer.name).textContent;
    bar.update(transfer);
    setText(words, progressWords(transfer));
    setText(line, stateLine(transfer));
    if (state !== transfer.state) {
      replace(buttons, transferWordButtons(transfer));
      state = transfer.state;
    }
    replace(place, transfer.path === '' ? null : [t('download.path'), ' ', named(transfer.path)],
      transfer.expires && !isOver(transfer) ? h('span', {}, ' ', t('download.expires', {date: moment(transfer.expires)})) : null);
    const samples = store.speeds.get(id) ?? [];
    setShown(speedPart, samples.length > 1);
    plot.show(samples, (value) => rate(value));
    const whole = transfer.sources.reduce((sum, source) => sum + source.bytes, 0);
    setShown(sourcePart, transfer.sources.length > 0);
    sources.show([...transfer.sources].sort((a, b) => b.bytes - a.bytes).map((source) => ({...source, whole})));
    if (timer === null && !isOver(transfer)) timer = setTimeout(readMap, MAP_EVERY);
    if (isOver(transfer)) setShown(mapPart, false);
  }

  readMap();
  return {
    title,
    node: h('div', {}, h('p', {}, h('a', {href: '#/downloads'}, t('download.all'))), missing, body),
    update,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
