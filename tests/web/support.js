// What several cases need.
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';

// Bytes that repeat nothing, always the same.
export function bytesOf(count) {
  const bytes = Buffer.alloc(count);
  let state = 0x2545f491;
  for (let i = 0; i < count; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}

// {'a/b.txt': content} below the world's folder `name`; the paths.
export async function makeFiles(world, name, files) {
  const paths = [];
  for (const [path, content] of Object.entries(files)) {
    const whole = join(world.folder, name, path);
    await mkdir(dirname(whole), {recursive: true});
    await writeFile(whole, content);
    paths.push(whole);
  }
  return paths;
}

export async function shows(place, text) {
  await place.getByText(text, {exact: false}).filter({visible: true}).first().waitFor();
}
