// Between people: offers, pairing, trust. Each case has two pages, as two people have.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {bytesOf, makeFiles, shows} from './support.js';

async function offerAccepted(world) {
  const content = bytesOf(1_500_000);
  const alice = await world.node('alice');
  const bob = await world.node('bob');
  const carol = await world.node('carol');
  const sender = await world.page(alice);
  const receiver = await world.page(bob);
  await sender.getByRole('link', {name: 'bob'}).click();
  await sender.getByRole('button', {name: 'Send', exact: true}).click();
  const dialog = sender.getByRole('dialog');
  assert.ok(await dialog.getByRole('checkbox', {name: 'bob'}).isChecked());
  await dialog.getByRole('checkbox', {name: 'carol'}).check();
  await dialog.locator('input[type=file]').first().setInputFiles({name: 'for you.bin', mimeType: 'application/x', buffer: content});
  await dialog.getByRole('button', {name: 'Send', exact: true}).click();
  await shows(sender, '0 of 2 have it');
  await shows(receiver, 'alice offers you something');
  await receiver.getByRole('link', {name: 'Offers'}).click();
  await shows(receiver, 'for you.bin');
  await receiver.getByRole('button', {name: 'Accept'}).click();
  await shows(receiver, 'Complete');
  assert.deepEqual(await readFile(join(bob.dest, 'for you.bin')), content);
  await shows(sender, '1 of 2 have it');
  const [offer] = await carol.ask('inbox');
  await carol.ask('decline', offer.id);
  await shows(sender, 'declined');
}

async function offerDeclinedAndWithdrawn(world) {
  const [file] = await makeFiles(world, 'alice', {'a.txt': 'a'});
  const alice = await world.node('alice', [file]);
  const bob = await world.node('bob');
  const sender = await world.page(alice);
  const receiver = await world.page(bob);
  const send = async () => {
    await sender.getByRole('link', {name: 'Shared by me'}).click();
    await sender.getByRole('button', {name: 'Send a.txt to somebody'}).click();
    const dialog = sender.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Send', exact: true}).click();
    await shows(dialog, 'Choose at least one person');
    await dialog.getByRole('checkbox', {name: 'bob'}).check();
    await dialog.getByRole('button', {name: 'Send', exact: true}).click();
  };
  await send();
  await receiver.getByRole('link', {name: 'Offers'}).click();
  await receiver.getByRole('button', {name: 'Decline'}).click();
  await shows(receiver, 'You declined');
  await shows(sender, 'Declined');
  await send();
  await sender.getByRole('button', {name: 'Withdraw'}).first().click();
  await shows(sender, 'You withdrew it');
  await shows(receiver, 'Withdrawn by the sender');
}

async function pairing(world) {
  const one = await world.page(await world.node('alice'));
  const other = await world.page(await world.node('bob'));
  await one.getByRole('link', {name: 'bob'}).click();
  await one.getByRole('button', {name: 'Pair'}).click();
  const digits = one.getByRole('dialog').locator('.digits');
  const theirs = other.getByRole('dialog').locator('.digits');
  await digits.waitFor();
  await theirs.waitFor();
  assert.match(await digits.textContent(), /^\d{3} \d{3}$/);
  assert.equal(await digits.textContent(), await theirs.textContent());
  await one.getByRole('button', {name: 'They are the same'}).click();
  await shows(one.getByRole('dialog'), 'Waiting for bob');
  await other.getByRole('button', {name: 'They are the same'}).click();
  await shows(one, 'You and bob trust each other');
  await shows(other, 'You and alice trust each other');
  await one.getByRole('link', {name: 'Near'}).first().click();
  await shows(one, 'trusted');
}

async function pairingRefused(world) {
  const one = await world.page(await world.node('alice'));
  const other = await world.page(await world.node('bob'));
  await one.getByRole('link', {name: 'bob'}).click();
  await one.getByRole('button', {name: 'Pair'}).click();
  await other.getByRole('dialog').locator('.digits').waitFor();
  await other.keyboard.press('Escape');
  await shows(one, 'Not paired with bob');
  await one.getByRole('dialog').waitFor({state: 'detached'});
}

async function blocking(world) {
  const [file] = await makeFiles(world, 'alice', {'a.txt': 'a'});
  const page = await world.page(await world.node('alice', [file]));
  await world.node('bob');
  await page.getByRole('link', {name: 'bob'}).click();
  await page.getByRole('button', {name: 'Block'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Block'}).click();
  await page.getByRole('button', {name: 'Unblock'}).click();
  await page.getByRole('button', {name: 'Pair'}).waitFor();
}

export const people = {
  'an offer to two, accepted on the other page': offerAccepted,
  'an offer declined, an offer withdrawn': offerDeclinedAndWithdrawn,
  'pairing on both pages': pairing,
  'a pairing refused': pairingRefused,
  'blocking': blocking,
};
