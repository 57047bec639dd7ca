// Kills processes of the built program between an approval and its effect, and looks whether anything is lost or done twice: at each seam
// by name, then at every counted pass. `--rounds 10000` goes through all passes with all kinds of actions; `--names` leaves the passes out;
// `--target worker` kills only that one; `--sabotage` runs a build with a fault, which must be found; `--write-seams` writes down what is there now.
import setUp from '../test/support/global-setup.mjs';
import tearDown from '../test/support/global-teardown.mjs';
import { importTs } from './import-ts.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const flags = new Set(process.argv.slice(2));
const valueOf = (flag) => (flags.has(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined);
const rounds = flags.has('--rounds') ? Number(valueOf('--rounds')) : undefined;
const { planAll, planMany, planNames, planSabotage, TARGETS } = await importTs('test/crash/plan.ts');
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
  refuse('--rounds takes a whole number, such as --rounds 10000');
const target = valueOf('--target');
if (flags.has('--target') && !TARGETS.includes(target)) refuse(`--target takes one of ${TARGETS.join(', ')}`);

function refuse(message) {
  console.error(message);
  process.exit(2);
}

function choosePlan() {
  if (flags.has('--sabotage')) return planSabotage;
  if (flags.has('--names')) return planNames;
  return rounds === undefined ? planAll : (counted) => planMany(counted, rounds);
}

const { crash, isBad, toTable, writeKnown } = await importTs('test/crash/harness.ts');
const { makeFaulty } = await importTs('test/crash/sabotage.ts');
const start = performance.now();
const faulty = flags.has('--sabotage') ? makeFaulty() : undefined;
await setUp();
try {
  const options = { ...(target ? { targets: [target] } : {}), ...(faulty ? { entry: faulty.entry } : {}) };
  const { counted, ended, missing, notStruck } = await crash(choosePlan(), (line) => console.log(line), options);
  console.table(toTable(ended));
  for (const { point, seam, lost, isTwice, endMs } of ended.filter(isBad)) {
    const what = [lost, isTwice ? 'EXECUTED TWICE' : undefined, `end after ${endMs} ms`].filter(Boolean).join('; ');
    const plan = [point.seam, point.at].filter(Boolean).join(':');
    console.log(`${point.target} ${point.way} ${point.effect}, planned ${plan}, died at ${seam ?? 'nothing'}: ${what}`);
  }
  for (const line of missing) console.log(`fewer passes than test/crash/seams.json knows: ${line}`);
  for (const line of notStruck) console.log(`not struck as planned: ${line}`);
  if (flags.has('--write-seams')) writeKnown(counted);
  const bad = ended.filter(isBad).length;
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(`${ended.length} rounds in ${minutes} min: ${bad} lost, executed twice or late`);
  const isFound = ended.some(({ isTwice }) => isTwice);
  if (faulty) console.log(isFound ? 'the fault was found' : 'THE FAULT WAS NOT FOUND');
  const isGood = faulty ? isFound : bad === 0 && missing.length === 0;
  if (!isGood || notStruck.length > 0) process.exitCode = 1;
} finally {
  await tearDown();
  faulty?.remove();
}
process.exit();
