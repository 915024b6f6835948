// What can be told of the page from its files alone.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

const WEB = new URL('../../web/', import.meta.url).pathname;

function filesOf(ending) {
  return readdirSync(WEB, {recursive: true}).map(String).filter((path) => path.endsWith(ending)).sort();
}

const read = (path) => readFileSync(join(WEB, path), 'utf8');

// Every word that a module asks for is there in every language, and nothing else is.
async function words() {
  const languages = filesOf('.json').map((path) => [path, JSON.parse(read(path))]);
  const sources = filesOf('.js').map(read).join('\n');
  const asked = new Set([...sources.matchAll(/'([a-z_]+(?:\.[a-z_0-9]+)*)'/g)].map((match) => match[1]));
  const families = [...sources.matchAll(/`([a-z_]+\.)\$\{/g)].map((match) => match[1]);
  const endings = [...sources.matchAll(/`\$\{[^}]+\}(\.[a-z]+)`/g)].map((match) => match[1]);
  const used = (key) => asked.has(key) || families.some((each) => key.startsWith(each)) || endings.some((each) => key.endsWith(each));
  const [[, first]] = languages;
  for (const match of sources.matchAll(/\bt\('([^']+)'/g)) assert.ok(match[1] in first, `no word ${match[1]}`);
  for (const [path, language] of languages) {
    assert.deepEqual(Object.keys(language).sort(), Object.keys(first).sort(), path);
    for (const [key, value] of Object.entries(language)) {
      assert.ok(used(key), `${path}: nobody asks for ${key}`);
      const forms = typeof value === 'string' ? [value] : Object.values(value);
      const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();
      const other = typeof first[key] === 'string' ? first[key] : first[key].other;
      assert.equal(names(forms.at(-1)), names(other), `${path}: ${key}`);
    }
  }
}

// A browser learns of all modules at once, not one after the other.
async function preloads() {
  const page = read('index.html');
  for (const path of filesOf('.js')) assert.ok(page.includes(`"${path}"`), `${path} is not named in index.html`);
  assert.ok(!/style=|<style|onclick|<script(?![^>]*src=)/.test(page));
}

// A text gets on the page as text, and in no other way.
async function noMarkup() {
  for (const path of filesOf('.js')) {
    const found = read(path).match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|createContextualFragment|setHTML/);
    assert.equal(found, null, `${path}: ${found}`);
  }
}

export const sources = {'every word in every language': words, 'all modules at once': preloads, 'texts only': noMarkup};
