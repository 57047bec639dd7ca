// The policies under version control: policies/*.yaml, read and checked, and the TypeScript module made of them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { importTs } from './import-ts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dir = join(root, 'policies');
const target = join(root, 'src/modules/policies/policies.generated.ts');

/** Ids, by the names of the files, with their text. */
export function readPolicyTexts() {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ id: name.slice(0, -'.yaml'.length), text: readFileSync(join(dir, name), 'utf8') }));
}

export function loadPolicyFileReader() {
  return importTs('src/modules/policies/policy-file.ts');
}

/** Writes the module when the files are others than those it was made from. */
export async function emitPolicies() {
  const files = readPolicyTexts();
  const stamp = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const head = `// Made by scripts/generate.mjs from policies/*.yaml (${stamp}); do not edit.`;
  if (readFileSync(target, { encoding: 'utf8', flag: 'a+' }).startsWith(head)) return;
  const { parsePolicyFile } = await loadPolicyFileReader();
  const policies = files.map(({ id, text }) => parsePolicyFile(parse(text), id));
  const quote = (value) => `'${JSON.stringify(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  writeFileSync(
    target,
    `${head}
import type { PolicyTemplate } from './policy-template.ts';

export const POLICY_FILES: readonly PolicyTemplate[] = [
${policies.map((policy) => `  ${quote(policy)},\n`).join('')}].map((policy) => JSON.parse(policy) as PolicyTemplate);
`,
  );
}
