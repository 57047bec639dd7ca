// Says of each rule in policies/*.yaml (or only of the ids given) whether its condition, with the default values, is accepted.
import { parse } from 'yaml';
import { loadPolicyFileReader, readPolicyTexts } from './policy-files.mjs';

const { checkRules, parsePolicyFile, readPolicyFile } = await loadPolicyFileReader();
const wanted = process.argv.slice(2);
let isFine = true;

function attempt(check) {
  try {
    return check();
  } catch (error) {
    isFine = false;
    console.log(`  ✗ ${error.message}`);
    return [];
  }
}

for (const { id, text } of readPolicyTexts().filter((file) => wanted.length === 0 || wanted.includes(file.id))) {
  console.log(id);
  for (const { name, condition, problem } of attempt(() => checkRules(readPolicyFile(parse(text), id)))) {
    console.log(problem === undefined ? `  ✓ ${name}` : `  ✗ ${name}: ${problem}\n      ${condition}`);
    isFine &&= problem === undefined;
  }
  attempt(() => parsePolicyFile(parse(text), id));
}
process.exit(isFine ? 0 : 1);
