// A list of any length: only the rows that can be seen exist. All are equally high.
import {h} from '../dom.js';

const ROWS_BEYOND = 8;

export class VirtualList {
  // `make(item, index)` answers the content of a row. `onEnd` is called when the end of what is there comes near.
  constructor({label, rowHeight, make, onEnd}) {
    this.rowHeight = rowHeight;
    this.make = make;
    this.onEnd = onEnd;
    this.items = [];
    this.rows = new Map();
    this.focused = 0;
    this.list = h('ul', {class: 'virtual-rows', 'aria-label': label});
    this.node = h('div', {class: 'virtual', onkeydown: (event) => this.onKey(event)}, this.list);
    this.onScroll = () => this.scheduleDraw();
    addEventListener('scroll', this.onScroll, {passive: true});
    addEventListener('resize', this.onScroll, {passive: true});
  }

  close() {
    removeEventListener('scroll', this.onScroll);
    removeEventListener('resize', this.onScroll);
  }

  set(items) {
    this.items = items;
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.drawSoon();
  }

  add(items) {
    for (const item of items) this.items.push(item);
    for (const row of this.rows.values()) row.setAttribute('aria-setsize', String(this.items.length));
    this.drawSoon();
  }

  drawSoon() {
    this.list.style.height = `${this.items.length * this.rowHeight}px`;
    this.scheduleDraw();
  }

  scheduleDraw() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.draw();
    });
  }

  // The rows [first, last) that can be seen, and some more.
  visible() {
    const top = -this.list.getBoundingClientRect().top;
    const first = Math.floor(top / this.rowHeight) - ROWS_BEYOND;
    const last = Math.ceil((top + innerHeight) / this.rowHeight) + ROWS_BEYOND;
    return [Math.max(0, first), Math.min(this.items.length, last)];
  }

  draw() {
    if (!this.node.isConnected) return;
    const [first, last] = this.visible();
    const active = document.activeElement;
    for (const [index, row] of this.rows) {
      if ((index < first || index >= last) && !row.contains(active)) {
        row.remove();
        this.rows.delete(index);
      }
    }
    let before = null;
    for (let index = first; index < last; index += 1) before = this.place(index, before);
    if (last === this.items.length) this.onEnd?.();
  }

  place(index, before) {
    let row = this.rows.get(index);
    if (row === undefined) {
      row = h('li', {class: 'virtual-row', 'aria-setsize': String(this.items.length), 'aria-posinset': String(index + 1)},
        this.make(this.items[index], index));
      row.style.transform = `translateY(${index * this.rowHeight}px)`;
      this.rows.set(index, row);
      // In the order of the list, so that reading and tabbing go down it.
      if (before === null) this.list.prepend(row);
      else before.after(row);
    }
    return row;
  }

  // Up and down from row to row.
  onKey(event) {
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10}[event.key];
    const row = event.target.closest('.virtual-row');
    if (step === undefined || row === null) return;
    event.preventDefault();
    const index = Math.min(this.items.length - 1, Math.max(0, Number(row.getAttribute('aria-posinset')) - 1 + step));
    this.reveal(index);
    this.rows.get(index)?.querySelector('a, button, [tabindex]')?.focus({preventScroll: true});
  }

  reveal(index) {
    const top = this.list.getBoundingClientRect().top + index * this.rowHeight;
    if (top < 120) scrollBy(0, top - 120);
    else if (top + this.rowHeight > innerHeight - 80) scrollBy(0, top + this.rowHeight - innerHeight + 80);
    this.draw();
  }
}
