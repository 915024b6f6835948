// Short words about what has just happened, seen and heard.
import {h} from '../dom.js';
import {t} from '../i18n.js';

const SHOWN_FOR = 6000;
const SHOWN_MAX = 3;

class Say {
  constructor() {
    this.node = h('div', {class: 'says', role: 'status', 'aria-live': 'polite'});
  }

  show(text, kind) {
    const line = h('p', {class: `say ${kind}`}, text);
    this.node.append(line);
    while (this.node.childElementCount > SHOWN_MAX) this.node.firstElementChild.remove();
    setTimeout(() => line.remove(), SHOWN_FOR);
  }

  done(text) {
    this.show(text, 'good');
  }

  // What went wrong, and what to do next.
  failed(error) {
    if (error.name === 'AbortError') return;
    console.warn(error);
    this.show(sentenceOf(error), 'bad');
  }
}

// The node's own words name what happened; before them, in the reader's language, what that means.
export function sentenceOf(error) {
  const code = error.code ?? 'failed';
  const meaning = t(`error.${code}`);
  return error.message && code !== 'away' ? `${meaning} ${error.message}` : meaning;
}

export const say = new Say();

// Does what a person asked for, and says if it fails.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    say.failed(error);
    return null;
  }
}
