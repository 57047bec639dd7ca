import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { findDifferences, type SentenceEntry } from '../support/score-sentences.ts';

const file = new URL('../sentences/sentences.json', import.meta.url);
const entries = JSON.parse(readFileSync(file, 'utf8')) as SentenceEntry[];

describe('sentences with expected steps, written without sight of the planner', () => {
  it('at least 80% become exactly what is expected', async () => {
    const results = await Promise.all(
      entries.map(async (entry) => ({ entry, differences: await findDifferences(entry) })),
    );
    const misses = results.filter(({ differences }) => differences.length > 0);
    const good = entries.length - misses.length;
    const percent = Math.floor((100 * good) / entries.length);
    const lines = misses.map(
      ({ entry, differences }) =>
        `  ${entry.id}: ${entry.sentence}\n${differences.map((each) => `      ${each}`).join('\n')}`,
    );
    process.stderr.write(
      `${[`sentences: ${good} of ${entries.length} as expected (${percent}%)`, ...lines].join('\n')}\n`,
    );
    expect(entries).toHaveLength(60);
    expect(percent).toBeGreaterThanOrEqual(80);
  });
});
