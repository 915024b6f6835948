// The page in a real browser. Prints one line a case; ends with 1 if one fails.
//
//   node tests/web/run.js [PART OF A NAME]
import {World} from './world.js';
import {cases} from './cases.js';

const wanted = process.argv[2] ?? '';
let failed = 0;
let passed = 0;
for (const [name, work] of Object.entries(cases)) {
  if (!name.includes(wanted)) continue;
  const world = await World.open();
  const begun = performance.now();
  let fault = null;
  try {
    await work(world);
    if (world.problems.length > 0) throw new Error(world.problems.join('\n'));
  } catch (error) {
    fault = error;
  }
  await world.close();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${fault === null ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (fault === null) {
    passed += 1;
  } else {
    failed += 1;
    console.log(fault.stack ?? fault);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
