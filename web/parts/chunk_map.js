// Which parts of a download are here, which are on their way, and how many others have the rest.
import {h, setText} from '../dom.js';
import {percent, t} from '../i18n.js';

const CELL = 12;
const GAP = 2;

export class ChunkMap {
  constructor() {
    this.canvas = h('canvas', {class: 'chunk-map', role: 'img'});
    this.words = h('p', {class: 'quiet'});
    this.node = h('div', {}, this.canvas, this.legend(), this.words);
  }

  legend() {
    const item = (kind) => h('li', {}, h('span', {class: `legend ${kind}`, 'aria-hidden': 'true'}), t(`map.${kind}`));
    return h('ul', {class: 'legends'}, ['have', 'flight', 'rare', 'common', 'none'].map(item));
  }

  // {have: [0…100], flight: [0…100], sources: [least number of sources of what is missing]}, one each cell.
  // Whether there is something to see.
  show(map) {
    const count = map.have.length;
    if (count === 0) return false;
    const width = Math.max(200, Math.min(this.node.parentElement?.clientWidth ?? 640, 1200));
    const columns = Math.max(1, Math.floor((width + GAP) / (CELL + GAP)));
    const rows = Math.ceil(count / columns);
    const scale = devicePixelRatio || 1;
    this.size(columns * (CELL + GAP) - GAP, rows * (CELL + GAP) - GAP, scale);
    this.draw(map, columns, scale);
    const whole = map.have.reduce((sum, part) => sum + part, 0) / count;
    const lone = map.sources.filter((sources, cell) => sources === 1 && map.have[cell] < 100).length;
    const none = map.sources.filter((sources, cell) => sources === 0 && map.have[cell] < 100).length;
    const words = [t('map.words', {percent: percent(whole, 100)})];
    if (lone > 0) words.push(t('map.lone', {part: percent(lone, count)}));
    if (none > 0) words.push(t('map.nobody', {part: percent(none, count)}));
    setText(this.words, words.join(' '));
    this.canvas.setAttribute('aria-label', words.join(' '));
    return true;
  }

  size(width, height, scale) {
    if (this.canvas.width !== width * scale) this.canvas.width = width * scale;
    if (this.canvas.height !== height * scale) this.canvas.height = height * scale;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  draw(map, columns, scale) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const colours = {have: colour('--map-have'), flight: colour('--map-flight'), rare: colour('--map-rare'), common: colour('--map-common'), none: colour('--map-none')};
    const context = this.canvas.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    map.have.forEach((part, cell) => {
      const x = (cell % columns) * (CELL + GAP);
      const y = Math.floor(cell / columns) * (CELL + GAP);
      const sources = map.sources[cell];
      context.fillStyle = sources === 0 ? colours.none : sources === 1 ? colours.rare : colours.common;
      context.fillRect(x, y, CELL, CELL);
      const filled = (CELL * part) / 100;
      context.fillStyle = colours.have;
      context.fillRect(x, y, filled, CELL);
      const coming = (CELL * map.flight[cell]) / 100;
      context.fillStyle = colours.flight;
      context.fillRect(x + filled, y, Math.min(CELL - filled, coming), CELL);
    });
  }
}
