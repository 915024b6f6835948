// What a person does on the page, and what must come of it.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {request as httpRequest} from 'node:http';
import {join} from 'node:path';
import {accessible} from './cases_access.js';
import {hostile} from './cases_hostile.js';
import {large} from './cases_large.js';
import {people} from './cases_people.js';
import {sources} from './cases_sources.js';
import {bytesOf, makeFiles, shows} from './support.js';

async function firstVisit(world) {
  const content = bytesOf(3_000_000);
  const [file] = await makeFiles(world, 'bob', {'talk.bin': content});
  const bob = await world.node('bob', [file]);
  const alice = await world.node('alice');
  const page = await world.page(alice);
  await page.getByRole('link', {name: 'bob'}).click();
  await page.getByRole('button', {name: 'Download talk.bin'}).click();
  await page.getByRole('link', {name: 'Downloads', exact: false}).first().click();
  await shows(page, 'Complete and checked');
  assert.deepEqual(await readFile(join(alice.dest, 'talk.bin')), content);
  assert.ok(bob.id.length === 32);
}

async function browseAndSearch(world) {
  await makeFiles(world, 'bob', {'Course/Week 1/intro.txt': 'hello', 'Course/Week 2/more.txt': 'more', 'Course/plan.md': '# Plan'});
  await world.node('bob', [join(world.folder, 'bob', 'Course')]);
  const page = await world.page(await world.node('alice'));
  await page.getByRole('link', {name: 'bob'}).click();
  await page.getByRole('link', {name: 'Course'}).click();
  await page.getByRole('link', {name: 'Week 1'}).click();
  await page.getByRole('button', {name: 'Download intro.txt'}).waitFor();
  await page.getByRole('navigation', {name: 'Where you are'}).getByRole('link', {name: 'Course'}).click();
  await shows(page, '3 entries');
  await page.getByRole('searchbox').fill('more');
  await page.keyboard.press('Enter');
  await page.getByRole('button', {name: 'Download more.txt'}).waitFor();
  await page.getByRole('searchbox').fill('nowhere to be found');
  await page.keyboard.press('Enter');
  await shows(page, 'Nobody near has anything');
}

async function previews(world) {
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC', 'base64');
  await makeFiles(world, 'bob', {'Things/words.txt': 'As it is, <b>not bold</b>.', 'Things/red.png': picture});
  await world.node('bob', [join(world.folder, 'bob', 'Things')]);
  const page = await world.page(await world.node('alice'));
  await page.getByRole('link', {name: 'bob'}).click();
  await page.getByRole('link', {name: 'Things'}).click();
  await page.getByRole('button', {name: 'Look at words.txt'}).click();
  await shows(page.getByRole('dialog'), 'As it is, <b>not bold</b>.');
  await page.keyboard.press('Escape');
  await page.getByRole('button', {name: 'Look at red.png'}).click();
  const image = page.getByRole('dialog').getByRole('img', {name: 'red.png'});
  await image.waitFor();
  await page.waitForFunction((element) => element.naturalWidth === 10, await image.elementHandle());
}

async function dropToShare(world) {
  const alice = await world.node('alice');
  const bob = await world.node('bob');
  const page = await world.page(alice);
  await page.getByRole('link', {name: 'Shared by me'}).click();
  const content = bytesOf(2_500_000);
  await page.locator('input[type=file]').first().setInputFiles({name: 'notes é.bin', mimeType: 'text/html', buffer: content});
  await page.getByRole('list', {name: 'Shared by me'}).getByText('notes é.bin').first().waitFor();
  await page.getByRole('button', {name: 'Copy the link of notes é.bin'}).waitFor();
  assert.deepEqual(await readFile(join(alice.dest, 'Shared from the page', 'notes é.bin')), content);
  // A folder, dropped.
  await page.locator('.drop').evaluate((zone) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['one'], 'one.txt'));
    zone.dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
  });
  await page.getByRole('button', {name: 'Copy the link of one.txt'}).waitFor();
  // It gets to others.
  const other = await world.page(bob);
  await other.getByRole('link', {name: 'alice'}).click();
  await other.getByRole('button', {name: 'Download notes é.bin'}).click();
  await other.getByRole('link', {name: 'Downloads'}).first().click();
  await shows(other, 'Complete and checked');
  assert.deepEqual(await readFile(join(bob.dest, 'notes é.bin')), content);
  // And away again.
  await page.getByRole('button', {name: 'Stop sharing notes é.bin'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Stop sharing'}).click();
  await page.getByRole('button', {name: 'Copy the link of notes é.bin'}).waitFor({state: 'detached'});
}

async function slowDownload(world) {
  const [file] = await makeFiles(world, 'bob', {'big.bin': bytesOf(30_000_000)});
  await world.node('bob', [file]);
  const alice = await world.node('alice', [], ['--down-limit', '3M']);
  const page = await world.page(alice);
  await page.getByRole('link', {name: 'bob'}).click();
  await page.getByRole('button', {name: 'Download big.bin'}).click();
  await page.getByRole('link', {name: 'Downloads'}).first().click();
  await page.getByRole('link', {name: 'big.bin'}).click();
  await page.getByRole('heading', {name: 'Its parts'}).waitFor();
  await page.getByRole('img', {name: /of it is here/}).waitFor();
  await page.getByRole('heading', {name: 'Speed'}).waitFor();
  await page.getByRole('heading', {name: 'Where it comes from'}).waitFor();
  await page.getByRole('button', {name: 'Pause'}).click();
  await shows(page, 'Paused');
  await page.getByRole('button', {name: 'Go on'}).click();
  await shows(page, 'MB/s');
  await page.getByRole('button', {name: 'Cancel'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Cancel it'}).click();
  await shows(page, 'Cancelled');
}

async function signingIn(world) {
  const alice = await world.node('alice');
  const ticket = await alice.ticket();
  const context = await world.browser.newContext({locale: 'en-US'});
  const page = await context.newPage();
  await page.goto(alice.page);
  await shows(page, 'essaim web');
  await page.goto(ticket);
  await page.reload();
  await shows(page, 'Nobody is here yet');
  assert.ok(!page.url().includes('ticket'));
  // Used up: another browser gets nothing by it.
  const stranger = await (await world.browser.newContext({locale: 'en-US'})).newPage();
  await stranger.goto(ticket);
  await shows(stranger, 'essaim web');
}

async function nodeGone(world) {
  const alice = await world.node('alice');
  const page = await world.page(alice);
  await shows(page, 'Nobody is here yet');
  await alice.stop();
  await shows(page, 'The node does not answer');
  world.problems.length = 0; // the browser complains of what it could not reach
}

async function french(world) {
  const page = await world.page(await world.node('alice'), {locale: 'fr-FR'});
  await shows(page, 'Personne pour l’instant');
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
  await page.getByRole('link', {name: 'Réglages'}).click();
  await page.getByRole('heading', {name: 'Ce nœud'}).waitFor();
  await page.getByLabel('Langue').selectOption('en');
  await page.getByRole('heading', {name: 'This node'}).waitFor();
}

// Says HTTP by itself, so that it can say what no browser would.
function say(node, options) {
  return new Promise((resolve, reject) => {
    const {port} = new URL(node.page);
    const asked = httpRequest({host: '127.0.0.1', port, agent: false, ...options}, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function foreignPages(world) {
  const alice = await world.node('alice');
  const bob = await world.node('bob');
  await world.page(alice);
  assert.equal(await say(alice, {path: '/', headers: {Host: 'evil.example'}}), 421);
  // A page of another origin, in the browser that is signed in, tries what a page can.
  const context = world.browser.contexts()[0];
  const evil = await context.newPage();
  await evil.goto(bob.page);
  const seen = await evil.evaluate(async (target) => {
    const tried = [];
    const attempt = async (path, options) => {
      try {
        const answer = await fetch(target + path, options);
        tried.push(answer.type === 'opaque' ? 'opaque' : answer.status);
      } catch {
        tried.push('refused');
      }
    };
    await attempt('api/v1/status', {credentials: 'include'});
    await attempt('api/v1/stop', {method: 'POST', credentials: 'include', mode: 'no-cors'});
    return tried;
  }, alice.page);
  assert.deepEqual(seen, ['refused', 'refused']);
  assert.equal((await alice.ask('status')).name, 'alice');
}

export const cases = {
  'first visit to finished download': firstVisit,
  'browse and search': browseAndSearch,
  'previews': previews,
  'drop to share': dropToShare,
  'a slow download, watched and steered': slowDownload,
  'signing in': signingIn,
  'a node that is gone': nodeGone,
  'french': french,
  'foreign pages': foreignPages,
  ...accessible,
  ...hostile,
  ...large,
  ...people,
  ...sources,
};
