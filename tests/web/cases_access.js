// For everybody: without a mouse, with a screen reader, on a telephone and on a wall.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {bytesOf, makeFiles, shows} from './support.js';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = ['near', 'browse', 'search/a', 'downloads', 'download', 'offers', 'shares', 'settings'];

async function go(page, view) {
  await page.evaluate((hash) => { location.hash = hash; }, `#/${view}`);
  await page.locator('main h1').waitFor();
  await page.waitForTimeout(300);
}

// What axe finds. It is run in the page's own world by the driver, which the page's policy does not bind.
async function violations(page, where) {
  await page.evaluate(AXE);
  const {violations: found} = await page.evaluate(() => globalThis.axe.run());
  return found.map((each) => `${where}: ${each.id}: ${each.help}: ${each.nodes.map((node) => node.html).join(' ')}`);
}

async function noViolations(world) {
  await makeFiles(world, 'bob', {'Things/a.txt': 'a', 'Things/b.bin': bytesOf(9_000_000)});
  const bob = await world.node('bob', [join(world.folder, 'bob', 'Things')]);
  const alice = await world.node('alice', [join(world.folder, 'bob', 'Things', 'a.txt')], ['--down-limit', '500k']);
  const page = await world.page(alice);
  await page.getByRole('link', {name: 'bob'}).click();
  await page.getByRole('button', {name: 'Download Things'}).click();
  await shows(page, 'is being downloaded');
  const [transfer] = await alice.ask('transfers');
  const places = {browse: `browse/${bob.id}/Things`, download: `download/${transfer.id}`};
  const found = [];
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({colorScheme: scheme, reducedMotion: 'reduce'});
    for (const view of VIEWS) {
      await go(page, places[view] ?? view);
      found.push(...(await violations(page, `${view}, ${scheme}`)));
    }
  }
  await go(page, places.browse);
  await page.getByRole('button', {name: 'Look at a.txt'}).click();
  await shows(page.getByRole('dialog'), 'a.txt');
  found.push(...(await violations(page, 'a dialog')));
  assert.deepEqual(found, []);
}

async function everyWidth(world) {
  await makeFiles(world, 'bob', {[`Things/${'long-name-'.repeat(15)}.txt`]: 'a'});
  const bob = await world.node(`bob ${'with a very long name '.repeat(3)}`, [join(world.folder, 'bob', 'Things')]);
  const page = await world.page(await world.node('alice', [join(world.folder, 'bob', 'Things')]));
  for (const [width, height] of [[320, 640], [768, 1024], [1280, 800], [3840, 2160]]) {
    await page.setViewportSize({width, height});
    for (const view of ['near', `browse/${bob.id}/Things`, 'search/long', 'downloads', 'offers', 'shares', 'settings']) {
      await go(page, view);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${view} is ${overflow} px too wide at ${width}`);
    }
  }
}

// Tabs until what has the focus has this role and name.
async function tabTo(page, role, name) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      return {tag: element.tagName.toLowerCase(), words: element.getAttribute('aria-label') ?? element.textContent};
    });
    if (at.tag === role && at.words.includes(name)) return;
  }
  throw new Error(`no way to ${role} ${name} with the Tab key`);
}

async function keyboardOnly(world) {
  const content = bytesOf(500_000);
  await makeFiles(world, 'bob', {'Things/one.bin': content, 'Things/two.bin': 'two'});
  await world.node('bob', [join(world.folder, 'bob', 'Things')]);
  const alice = await world.node('alice');
  const page = await world.page(alice);
  await page.getByRole('link', {name: 'bob'}).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // to the content
  await tabTo(page, 'a', 'bob');
  await page.keyboard.press('Enter');
  await page.getByRole('link', {name: 'Things'}).waitFor();
  await tabTo(page, 'a', 'Things');
  await page.keyboard.press('Enter');
  await page.getByRole('button', {name: 'Download one.bin'}).waitFor();
  await tabTo(page, 'button', 'Download one.bin');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await tabTo(page, 'button', 'Download one.bin');
  await page.keyboard.press('Enter');
  await shows(page, 'is being downloaded');
  await page.keyboard.press('/');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await page.getByRole('button', {name: 'Download two.bin'}).waitFor();
  await tabTo(page, 'button', 'Download two.bin');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.say').length > 0);
  await go(page, 'downloads');
  await shows(page, 'Complete and checked');
  assert.deepEqual(await readFile(join(alice.dest, 'one.bin')), content);
}

export const accessible = {
  'no violation that axe knows': noViolations,
  'from 320 pixels to 4K': everyWidth,
  'without a mouse': keyboardOnly,
};
