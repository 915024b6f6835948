// Words, numbers, sizes and times in the reader's language. All words are in i18n/*.json.
const LANGUAGES = ['en', 'fr'];

let words = {};
let language = 'en';
let plural = new Intl.PluralRules('en');
let number = new Intl.NumberFormat('en');
let short = new Intl.NumberFormat('en', {maximumFractionDigits: 1});
let date = new Intl.DateTimeFormat('en');

function preferred() {
  const chosen = localStorage.getItem('essaim.language');
  const wanted = chosen ? [chosen] : navigator.languages;
  for (const each of wanted) {
    const base = each.toLowerCase().split('-')[0];
    if (LANGUAGES.includes(base)) return base;
  }
  return LANGUAGES[0];
}

// Asked for at once, while the other modules are still on their way.
language = preferred();
const coming = fetch(`i18n/${language}.json`);

export async function loadWords() {
  words = await (await coming).json();
  const locale = navigator.languages.find((each) => each.toLowerCase().startsWith(language)) ?? language;
  plural = new Intl.PluralRules(locale);
  number = new Intl.NumberFormat(locale);
  short = new Intl.NumberFormat(locale, {maximumFractionDigits: 1});
  date = new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'short'});
  document.documentElement.lang = language;
}

export function currentLanguage() {
  return language;
}

// The text of a key, {name} filled in. Where the key stands for a number's forms, `n` chooses among them.
export function t(key, values = {}) {
  let text = words[key] ?? key;
  if (typeof text === 'object') text = (values.n === 0 ? text.zero : undefined) ?? text[plural.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return typeof value === 'number' ? number.format(value) : value ?? whole;
  });
}

export function hasWord(key) {
  return key in words;
}

export function bytes(count) {
  const units = ['unit.b', 'unit.kb', 'unit.mb', 'unit.gb', 'unit.tb'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? number.format(Math.round(value)) : short.format(value)}\u00a0${t(units[unit])}`;
}

export function rate(perSecond) {
  return t('rate', {bytes: bytes(perSecond)});
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}:${pad(whole % 60)}`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return t('days', {n: Math.floor(whole / 86400)});
}

export function percent(part, whole) {
  return `${number.format(whole > 0 ? Math.floor((part / whole) * 100) : 100)}\u00a0%`;
}

export function moment(unixSeconds) {
  return date.format(new Date(unixSeconds * 1000));
}
