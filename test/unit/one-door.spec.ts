import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('generated'))
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));
const withText = (pattern: RegExp): string[] =>
  sources
    .filter(({ text }) => pattern.test(text))
    .map(({ file }) => file)
    .sort();
const executors = sources.filter(({ file }) => file.endsWith('.executor.ts'));

/** What has an effect stands behind one door; these are the parts of it that lint cannot see. */
describe('the enforcement point', () => {
  it('is where permits are made: when an action was decided and recorded, and for a dry run', () => {
    expect(withText(/\bPermit\.issue\(/)).toEqual(['modules/actions/enforce.ts', 'modules/actions/execute.ts']);
  });

  it('is where executors are called', () => {
    expect(withText(/\bexecutor\.execute\(/)).toEqual(['modules/actions/execute.ts']);
  });

  it('is where decisions are recorded and settled', () => {
    expect(withText(/\brecord_decision\(/)).toEqual(['modules/actions/reserve.ts']);
    expect(withText(/\bsettle_action\(/)).toEqual(['modules/actions/settle.ts']);
    expect(withText(/\bclaim_action\b/)).toEqual(['modules/actions/claim.ts']);
    expect(withText(/\bdispatch_action\b/)).toEqual(['modules/actions/carry-out.ts']);
    expect(withText(/\blook_at_agent\b/)).toEqual(['modules/actions/look-at-agent.ts']);
    expect(withText(/INSERT INTO action\b|UPDATE action SET execution\b/)).toEqual([
      'modules/actions/end-abandoned.ts',
    ]);
  });

  it('gives executors nothing to act on but the permit', () => {
    expect(executors.length).toBeGreaterThanOrEqual(3);
    for (const { file, text } of executors) {
      expect({ file, extendsPort: /class \w+ extends Executor \{/.test(text) }).toEqual({ file, extendsPort: true });
      expect({ file, takes: / execute\(permit: Permit\b/.test(text) }).toEqual({
        file,
        takes: true,
      });
      expect({ file, taken: text.match(/\.take\(\)/g)?.length }).toEqual({ file, taken: 1 });
    }
  });
});
