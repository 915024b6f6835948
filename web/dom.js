// Elements, and the only way that a text gets on the page: as text.

// Characters that would turn, hide or break what stands around them; a name of somebody else's may hold any.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function plain(text) {
  return String(text).replace(UNSEEN, '\ufffd');
}

// h('button', {class: 'x', onclick: f, 'aria-label': 'y'}, 'text', child, …). A null attribute or child is left out.
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else element.setAttribute(name, value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

// A name that somebody chose: its own direction of writing, which ends with it.
export function named(text) {
  const element = document.createElement('bdi');
  element.textContent = plain(text);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setShown(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

// Keeps one row for each item of `items` in `parent`, in their order, and moves or remakes nothing that is right.
// `make(item)` answers {node, update(item)}.
export class Rows {
  constructor(parent, keyOf, make) {
    this.parent = parent;
    this.keyOf = keyOf;
    this.make = make;
    this.rows = new Map();
  }

  show(items) {
    const left = new Set(this.rows.keys());
    let before = null;
    for (const item of items) {
      const key = this.keyOf(item);
      left.delete(key);
      let row = this.rows.get(key);
      if (row === undefined) {
        row = this.make(item);
        this.rows.set(key, row);
      }
      row.update(item);
      const place = before === null ? this.parent.firstChild : before.nextSibling;
      if (place !== row.node) this.parent.insertBefore(row.node, place);
      before = row.node;
    }
    for (const key of left) {
      this.rows.get(key).node.remove();
      this.rows.delete(key);
    }
  }
}

const SVG = 'http://www.w3.org/2000/svg';
// Drawn on 24 by 24 with lines.
const ICONS = {
  near: 'M12 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6M6 20a6 6 0 0 1 12 0M4.5 8.5a2 2 0 1 0 .1 4M2 18.5a4.5 4.5 0 0 1 2-3.5M19.5 8.5a2 2 0 1 1-.1 4M22 18.5a4.5 4.5 0 0 0-2-3.5',
  down: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  up: 'M12 16V5M7 9l5-5 5 5M5 20h14',
  share: 'M4 13v6a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-6M12 15V4M8 8l4-4 4 4',
  inbox: 'M4 13l3-8h10l3 8v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13h5l1 3h4l1-3h5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5',
  file: 'M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1M14 3v5h5',
  folder: 'M3 7a1 1 0 0 1 1-1h5l2 2h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l12 7-12 7z',
  close: 'M6 6l12 12M18 6L6 18',
  first: 'M5 4h14M12 20V9M7 13l5-5 5 5',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  open: 'M9 6l6 6-6 6',
  check: 'M5 12l5 5 9-10',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  send: 'M4 12l16-8-5 16-3-7z',
  plus: 'M12 5v14M5 12h14',
};

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

// A button that shows an icon and says its label to who can't see it.
export function iconButton(name, label, onclick, extra = {}) {
  return h('button', {type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick, ...extra}, icon(name));
}

export function textButton(label, onclick, extra = {}) {
  return h('button', {type: 'button', class: 'button', onclick, ...extra}, label);
}
