// Files and folders that are dropped on the page, or chosen: their bytes go to the node, which shares them.
import {call, post, upload} from '../api.js';
import {h, icon, named, plain, setText, textButton} from '../dom.js';
import {bytes, percent, t} from '../i18n.js';
import {attempt, say} from './say.js';

// Entries of one folder come in portions.
async function entriesOf(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

// {path, file} of everything below a dropped entry.
async function filesBelow(entry, path = entry.name) {
  if (entry.isFile) return [{path, file: await new Promise((resolve, reject) => entry.file(resolve, reject))}];
  const found = [];
  for (const each of await entriesOf(entry)) found.push(...(await filesBelow(each, `${path}/${each.name}`)));
  return found;
}

// What becomes one share each: {name, files: [{path, file}]}.
async function droppedThings(transfer) {
  const files = [...transfer.files];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return chosenThings(files);
  return Promise.all(entries.map(async (entry) => ({name: entry.name, files: await filesBelow(entry)})));
}

function chosenThings(files) {
  const things = new Map();
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    const name = path.split('/')[0];
    const thing = things.get(name) ?? {name, files: []};
    thing.files.push({path, file});
    things.set(name, thing);
  }
  return [...things.values()];
}

// Hands in one thing and shares it; `tell(bytesSent)`.
export async function handIn(thing, tell, signal, audience = 'everyone') {
  const {id} = await post('uploads', {});
  let sent = 0;
  try {
    for (const {path, file} of thing.files) {
      const target = `uploads/${id}?path=${encodeURIComponent(path)}`;
      await upload(target, file, (count) => tell(sent + count), signal);
      sent += file.size;
      tell(sent);
    }
    return await post(`uploads/${id}/share`, {audience});
  } catch (error) {
    await call('DELETE', `uploads/${id}`).catch(() => {});
    throw error;
  }
}

function progressLine(thing) {
  const whole = thing.files.reduce((sum, each) => sum + each.file.size, 0);
  const words = h('span', {class: 'entry-size'});
  const fill = h('div', {class: 'bar-fill'});
  const stop = new AbortController();
  const node = h('li', {class: 'source'}, named(thing.name), h('div', {class: 'bar', role: 'progressbar', 'aria-label': plain(thing.name)}, fill), words,
    textButton(t('stop'), () => stop.abort(), {'aria-label': t('stop.of', {name: plain(thing.name)})}));
  const tell = (sent) => {
    fill.style.width = `${whole > 0 ? (sent / whole) * 100 : 100}%`;
    setText(words, `${bytes(sent)} · ${percent(sent, whole)}`);
  };
  tell(0);
  return {node, tell, signal: stop.signal};
}

// A place to drop files and folders on, and buttons to choose them; `take(things)`.
export function fileChooser(take) {
  const chosen = (input) => {
    take(chosenThings(input.files));
    input.value = '';
  };
  const files = h('input', {type: 'file', multiple: true, hidden: true, onchange: () => chosen(files)});
  const folder = h('input', {type: 'file', webkitdirectory: true, hidden: true, onchange: () => chosen(folder)});
  const zone = h('div', {
    class: 'drop',
    ondragover: (event) => {
      event.preventDefault();
      zone.classList.add('over');
    },
    ondragleave: () => zone.classList.remove('over'),
    ondrop: async (event) => {
      event.preventDefault();
      zone.classList.remove('over');
      take(await droppedThings(event.dataTransfer));
    },
  }, icon('up'), h('p', {class: 'drop-words'}, t('drop.words')), h('p', {class: 'quiet'}, t('drop.where')),
  h('div', {class: 'buttons'}, textButton(t('drop.files'), () => files.click()), textButton(t('drop.folder'), () => folder.click())), files, folder);
  return zone;
}

export function dropZone() {
  const lines = h('ul', {class: 'sources'});

  async function take(things) {
    for (const thing of things.filter((each) => each.files.length > 0)) {
      const line = progressLine(thing);
      lines.append(line.node);
      await attempt(async () => {
        const share = await handIn(thing, line.tell, line.signal);
        say.done(t('share.begun', {name: plain(share.name)}));
      });
      line.node.remove();
    }
  }

  return h('section', {'aria-label': t('drop.label')}, fileChooser(take), lines);
}
