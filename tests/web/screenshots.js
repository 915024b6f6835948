// Makes pictures of the main views, or only those named:
//
//   node tests/web/screenshots.js FOLDER [NAME…]
//   node tests/web/screenshots.js docs/pictures near download offers      those of the README
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {World} from './world.js';
import {bytesOf, makeFiles, shows} from './support.js';

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node tests/web/screenshots.js FOLDER');
await mkdir(folder, {recursive: true});
const world = await World.open();
try {
  const course = Object.fromEntries(Array.from({length: 24}, (_, n) => [`Lectures 2026/Week ${String(n + 1).padStart(2, '0')}/slides.pdf`, bytesOf(40_000 + n * 7000)]));
  await makeFiles(world, 'alice', {...course, 'Lectures 2026/Plan.md': '# Plan\n', 'Debian image.iso': bytesOf(96_000_000), 'Field recordings.flac': bytesOf(9_000_000), 'Group photo.jpg': bytesOf(3_200_000)});
  const at = (name) => join(world.folder, 'alice', name);
  const shared = [at('Lectures 2026'), at('Debian image.iso'), at('Field recordings.flac'), at('Group photo.jpg')];
  const alice = await world.node('Alice', shared);
  await world.node('Bilal', [at('Debian image.iso')]);
  await world.node('Chloé', [at('Group photo.jpg')]);
  await world.node('Lab printer desk');
  const me = await world.node('Dora', [], ['--down-limit', '9M']);
  const page = await world.page(me, {viewport: {width: 1280, height: 800}, deviceScaleFactor: 1});
  const shoot = async (name) => {
    if (names.length > 0 && !names.includes(name)) return;
    // Where things are on the disk of whoever takes the pictures is nobody's business.
    await page.evaluate(() => document.querySelectorAll('.path').forEach((element) => { element.hidden = true; }));
    await page.screenshot({path: join(folder, `${name}.png`)});
  };
  const go = async (view) => {
    await page.evaluate((hash) => { location.hash = hash; }, `#/${view}`);
    await page.mouse.move(5, 700);
    await page.waitForTimeout(500);
  };
  await shows(page, '4 peers are on this network');
  await go(`browse/${alice.id}`);
  await shows(page, '4 entries');
  await shoot('browse');
  await go('near');
  await shoot('near');
  await page.emulateMedia({colorScheme: 'dark'});
  await shoot('near-dark');
  await page.emulateMedia({colorScheme: 'light'});
  await go(`browse/${alice.id}`);
  for (const name of ['Group photo.jpg', 'Lectures 2026', 'Field recordings.flac', 'Debian image.iso']) {
    await page.getByRole('button', {name: `Download ${name}`}).click();
  }
  await go('downloads');
  await page.waitForTimeout(2500);
  await shoot('downloads');
  await page.getByRole('link', {name: 'Debian image.iso'}).click();
  await page.waitForTimeout(4000);
  await shoot('download');
  await page.emulateMedia({colorScheme: 'dark'});
  await shoot('download-dark');
  await page.emulateMedia({colorScheme: 'light'});
  const offer = ['send', at('Group photo.jpg'), '--to', me.id];
  await alice.ask(...offer);
  await me.ask('send', at('Field recordings.flac'), '--to', 'Alice,Bilal,Chloé');
  const other = await world.page(world.nodes[1]);
  await other.getByRole('link', {name: 'Offers'}).click();
  await other.getByRole('button', {name: 'Accept'}).click();
  await go('offers');
  await page.waitForTimeout(1500);
  await shoot('offers');
  await go('shares');
  await shoot('shares');
  await go('settings');
  await page.getByRole('button', {name: 'Check now'}).click();
  await page.waitForTimeout(1500);
  await shoot('settings');
  await go(`browse/${alice.id}`);
  await page.getByRole('button', {name: 'Pair'}).click();
  await page.waitForTimeout(800);
  await shoot('pairing');
  await page.keyboard.press('Escape');
  await page.setViewportSize({width: 320, height: 640});
  await page.emulateMedia({colorScheme: 'dark'});
  for (const view of ['near', `browse/${alice.id}`, 'downloads', 'offers', 'shares', 'settings']) {
    await go(view);
    await shoot(`small-${view.split('/')[0]}`);
  }
  await page.setViewportSize({width: 2560, height: 1440});
  await page.emulateMedia({colorScheme: 'light'});
  await go('near');
  await shoot('wide-near');
} finally {
  await world.close();
}
