// This node, and how the page looks.
import {get} from '../api.js';
import {h, named, replace, setText, textButton} from '../dom.js';
import {bytes, currentLanguage, duration, t} from '../i18n.js';
import {store} from '../store.js';
import {attempt} from '../parts/say.js';

const FACTS = [
  ['settings.name', (status) => named(status.name)],
  ['settings.id', (status) => h('code', {}, status.peer_id)],
  ['settings.words', (status) => status.words],
  ['settings.dest', (status) => named(status.dest)],
  ['settings.home', (status) => named(status.home)],
  ['settings.ports', (status) => `TCP ${status.port}, UDP ${status.discovery_port}`],
  ['settings.classic', (status) => t(status.classic ? 'settings.classic.on' : 'settings.classic.off')],
  ['settings.uptime', (status) => duration(status.uptime_seconds)],
  ['settings.sent', (status) => bytes(status.bytes_sent)],
  ['settings.received', (status) => bytes(status.bytes_received)],
  ['settings.version', (status) => status.version],
];

function choice(id, label, options, chosen, onChange) {
  const select = h('select', {id, onchange: () => onChange(select.value)},
    options.map(([value, word]) => h('option', {value, selected: value === chosen}, word)));
  return h('p', {class: 'choice'}, h('label', {for: id}, label), select);
}

function setTheme(theme) {
  if (theme === 'auto') {
    localStorage.removeItem('essaim.theme');
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem('essaim.theme', theme);
    document.documentElement.dataset.theme = theme;
  }
}

function setLanguage(language) {
  localStorage.setItem('essaim.language', language);
  location.reload();
}

function looks() {
  return h('section', {class: 'panel'}, h('h2', {}, t('settings.looks')),
    choice('theme', t('settings.theme'), ['auto', 'light', 'dark'].map((each) => [each, t(`theme.${each}`)]),
      localStorage.getItem('essaim.theme') ?? 'auto', setTheme),
    choice('language', t('settings.language'), [['en', 'English'], ['fr', 'Français']], currentLanguage(), setLanguage));
}

function health() {
  const list = h('ul', {class: 'findings'});
  const look = () => attempt(async () => {
    replace(list, h('li', {}, t('doctor.running')));
    const findings = await get('doctor');
    replace(list, findings.map((each) => h('li', {class: `finding ${each.verdict}`},
      h('span', {class: 'mark'}, t(`verdict.${each.verdict}`)), ' ', h('strong', {}, named(each.check)), ' ', named(each.finding),
      each.advice ? h('p', {class: 'quiet'}, named(each.advice)) : null)));
  });
  return h('section', {class: 'panel'}, h('h2', {}, t('doctor.title')), h('p', {}, t('doctor.text')), textButton(t('doctor.do'), look), h('div', {role: 'status'}, list));
}

export function showSettings() {
  const cells = FACTS.map(([word, write]) => {
    const cell = h('dd', {});
    return {node: h('div', {class: 'fact'}, h('dt', {}, t(word)), cell), cell, write};
  });
  return {
    title: t('nav.settings'),
    node: h('div', {class: 'panels'},
      h('section', {class: 'panel'}, h('h2', {}, t('settings.node')), h('dl', {class: 'facts'}, cells.map((each) => each.node)),
        h('p', {class: 'quiet'}, t('settings.change'), ' ', h('code', {}, 'config.toml'))),
      looks(), health()),
    update() {
      const {status} = store;
      if (status === null) return;
      for (const {cell, write} of cells) {
        const value = write(status);
        if (typeof value === 'string') setText(cell, value);
        else if (cell.textContent !== value.textContent) replace(cell, value);
      }
    },
  };
}
