// A look at a file before it is fetched: it is read while it comes, and nothing of it is kept.
import {fileAddress, post, textOf} from '../api.js';
import {h, named, plain, textButton} from '../dom.js';
import {t} from '../i18n.js';
import {openDialog} from './dialog.js';
import {sentenceOf} from './say.js';
import {download, nameOf} from './entry.js';

const TEXT_BYTES_MAX = 256 * 1024;
const KINDS = {
  picture: ['png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'bmp'],
  video: ['mp4', 'm4v', 'webm', 'ogv', 'mov', 'mkv'],
  sound: ['mp3', 'm4a', 'aac', 'flac', 'ogg', 'oga', 'opus', 'wav'],
  text: ['txt', 'md', 'log', 'csv', 'json', 'xml', 'yaml', 'yml', 'toml', 'ini', 'conf', 'srt', 'vtt', 'c', 'h', 'cpp', 'hpp',
    'py', 'js', 'ts', 'rs', 'go', 'java', 'sh', 'html', 'css', 'tex', 'sql', 'diff', 'patch'],
};

function kindOf(name) {
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  return Object.keys(KINDS).find((kind) => KINDS[kind].includes(extension)) ?? null;
}

export function canPreview(name) {
  return kindOf(name) !== null;
}

async function elementFor(kind, id, name, signal) {
  const src = fileAddress(id);
  const failed = (element) => element.addEventListener('error', () => element.replaceWith(h('p', {}, t('preview.failed'))));
  switch (kind) {
    case 'picture': {
      const image = h('img', {class: 'preview-picture', alt: plain(name), src});
      failed(image);
      return image;
    }
    case 'video': {
      const video = h('video', {class: 'preview-video', controls: true, preload: 'metadata', src});
      failed(video);
      return video;
    }
    case 'sound': {
      const sound = h('audio', {controls: true, preload: 'metadata', src});
      failed(sound);
      return sound;
    }
    default: {
      const text = await textOf(id, TEXT_BYTES_MAX, signal);
      return h('pre', {class: 'preview-text', tabindex: '0'}, text);
    }
  }
}

export async function preview(entry) {
  const name = nameOf(entry);
  const ended = new AbortController();
  const stage = h('div', {class: 'stage'}, h('p', {class: 'quiet'}, t('preview.loading')));
  const dialog = openDialog(named(name), stage, {
    buttons: [textButton(t('download'), () => { dialog.close(); download(entry); }, {class: 'button primary'})],
    wide: true,
    onClose: () => { ended.abort(); stage.replaceChildren(); },
  });
  try {
    if (!entry.own) await post('transfers', {target: entry.link, purpose: 'read'});
    const element = await elementFor(kindOf(name), entry.id, name, ended.signal);
    if (!ended.signal.aborted) stage.replaceChildren(element);
  } catch (error) {
    if (error.name !== 'AbortError') stage.replaceChildren(h('p', {role: 'alert'}, sentenceOf(error)));
  }
}
