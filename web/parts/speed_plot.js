// Speed since the beginning, at most the last two minutes.
import {h, setText} from '../dom.js';
import {t} from '../i18n.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 120;
const SPAN_MIN = 15_000;
const SPAN_MAX = 120_000;

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export class SpeedPlot {
  constructor() {
    this.area = svg('path', {class: 'plot-area'});
    this.line = svg('path', {class: 'plot-line'});
    const picture = svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'plot', 'aria-hidden': 'true'});
    picture.append(this.area, this.line);
    this.words = h('p', {class: 'quiet'});
    this.node = h('div', {}, picture, this.words);
  }

  // `samples`: [{at, rate}], the oldest first; `write(rate)` as a text.
  show(samples, write) {
    if (samples.length < 2) return;
    const now = performance.now();
    const shown = samples.filter((sample) => now - sample.at <= SPAN_MAX);
    if (shown.length < 2) return;
    const span = Math.max(SPAN_MIN, now - shown[0].at);
    const top = Math.max(1, ...shown.map((sample) => sample.rate)) * 1.1;
    const points = shown.map((sample) => {
      const x = WIDTH - ((now - sample.at) / span) * WIDTH;
      return `${x.toFixed(1)},${(HEIGHT - (sample.rate / top) * HEIGHT).toFixed(1)}`;
    });
    this.line.setAttribute('d', `M${points.join('L')}`);
    this.area.setAttribute('d', `M${points[0].split(',')[0]},${HEIGHT}L${points.join('L')}L${points.at(-1).split(',')[0]},${HEIGHT}Z`);
    const rates = shown.map((sample) => sample.rate);
    const mean = rates.reduce((sum, value) => sum + value, 0) / rates.length;
    setText(this.words, t('plot.words', {now: write(rates.at(-1)), mean: write(mean), most: write(Math.max(...rates))}));
  }

}
