// Kills processes of the built program at every counted point between an approval and its effect, and looks whether anything is lost or
// done twice. `--rounds 10000` goes through all points with all kinds of actions; `--target worker` kills only that one;
// `--write-seams` writes down the points that are there now.
import setUp from '../test/support/global-setup.mjs';
import tearDown from '../test/support/global-teardown.mjs';
import { importTs } from './import-ts.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const at = process.argv.indexOf('--rounds');
const rounds = at < 0 ? undefined : Number(process.argv[at + 1]);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
  console.error('--rounds takes a whole number, such as --rounds 10000');
  process.exit(2);
}

const only = process.argv.includes('--target') ? { targets: [process.argv[process.argv.indexOf('--target') + 1]] } : {};

const { crash, isBad, toTable, writeKnown } = await importTs('test/crash/harness.ts');
const { planMany, planTwice } = await importTs('test/crash/plan.ts');
const start = performance.now();
await setUp();
try {
  const plan = (counted) => (rounds === undefined ? planTwice(counted) : planMany(counted, rounds));
  const { counted, ended, missing } = await crash(plan, (line) => console.log(line), only);
  console.table(toTable(ended));
  for (const { point, seam, lost, isTwice, endMs } of ended.filter(isBad)) {
    const what = [lost, isTwice ? 'EXECUTED TWICE' : undefined, `end after ${endMs} ms`].filter(Boolean).join('; ');
    console.log(`${point.target} ${point.way} ${point.effect}, pass ${point.at} (${seam ?? 'between two'}): ${what}`);
  }
  for (const line of missing) console.log(`fewer passes than test/crash/seams.json knows: ${line}`);
  if (process.argv.includes('--write-seams')) writeKnown(counted);
  const bad = ended.filter(isBad).length;
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(`${ended.length} rounds in ${minutes} min: ${bad} lost, executed twice or late`);
  if (bad > 0 || missing.length > 0) process.exitCode = 1;
} finally {
  await tearDown();
}
process.exit();
