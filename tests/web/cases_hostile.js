// Names that somebody else chose, everywhere where the page shows one.
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {hostileNames} from './names.js';
import {makeFiles, shows} from './support.js';

// As the page shows it: what can't be seen is marked.
function shown(name) {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');
}

// All names in the rows of a list, however long it is.
async function namesIn(page) {
  const names = new Set();
  for (;;) {
    const before = names.size;
    for (const name of await page.locator('.entry-name').allTextContents()) names.add(name);
    await page.mouse.wheel(0, 500);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    for (const name of await page.locator('.entry-name').allTextContents()) names.add(name);
    const atEnd = await page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1);
    if (atEnd && names.size === before) return names;
  }
}

async function hostileFiles(world) {
  const names = hostileNames();
  assert.ok(names.length >= 300);
  await makeFiles(world, 'bob', Object.fromEntries(names.map((name) => [`<b onclick=alert(1)>/${name}`, 'x'])));
  const share = join(world.folder, 'bob', '<b onclick=alert(1)>');
  const bob = await world.node('<img src=x onerror=alert(1)>', [share]);
  const page = await world.page(await world.node('alice'));
  await page.getByRole('link', {name: '<img src=x onerror=alert(1)>'}).click();
  await page.getByRole('link', {name: '<b onclick=alert(1)>'}).click();
  await shows(page, `${names.length} entries`);
  await page.mouse.move(640, 400);
  const seen = await namesIn(page);
  for (const name of names) assert.ok(seen.has(shown(name)), `not shown as it is: ${JSON.stringify(name)}`);
  assert.equal(seen.size, new Set(names.map(shown)).size);
  // The same names found, fetched and shared on.
  await page.getByRole('searchbox').fill('alert');
  await page.keyboard.press('Enter');
  await shows(page, 'found');
  await page.goto(`${page.url().split('#')[0]}#/browse/${bob.id}/${encodeURIComponent('<b onclick=alert(1)>')}`);
  await page.getByRole('button', {name: 'Download all of this'}).click();
  await page.getByRole('link', {name: 'Downloads'}).first().click();
  await shows(page, 'Complete and checked');
  await page.getByRole('link', {name: '<b onclick=alert(1)>'}).click();
  await shows(page, 'Goes to:');
  await page.getByRole('link', {name: 'Shared by me'}).click();
  await page.locator('input[type=file]').first().setInputFiles({name: '<img src=x onerror=alert(1)>.png', mimeType: 'image/png', buffer: Buffer.from('x')});
  await page.getByRole('heading', {name: '<img src=x onerror=alert(1)>.png'}).waitFor();
  assert.equal(await page.evaluate(() => document.querySelectorAll('main script, main iframe, main [onerror], main [onclick]').length), 0);
}

// What a browser is led to is kept, never run, whatever it is called.
async function hostileContent(world) {
  const html = '<!doctype html><script>alert(1)</script>';
  await makeFiles(world, 'bob', {'page.html': html});
  const bob = await world.node('bob', [join(world.folder, 'bob', 'page.html')]);
  const page = await world.page(bob);
  await page.getByRole('link', {name: 'Shared by me'}).click();
  await page.getByRole('button', {name: 'Copy the link of page.html'}).waitFor();
  const [{id}] = await bob.ask('shares');
  const answer = await page.evaluate(async (address) => {
    const got = await fetch(address);
    return {status: got.status, headers: Object.fromEntries(got.headers), text: await got.text()};
  }, `api/v1/files/${id}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, html);
  assert.equal(answer.headers['content-type'], 'application/octet-stream');
  assert.match(answer.headers['content-disposition'], /^attachment/);
  assert.match(answer.headers['content-security-policy'], /sandbox/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
}

export const hostile = {'hostile names': hostileFiles, 'hostile content': hostileContent};
