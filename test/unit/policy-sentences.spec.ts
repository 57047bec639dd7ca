import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../src/kernel/policy/model.ts';
import { compilePolicy } from '../../src/modules/policies/policy-version.ts';
import { toExamples, type Decide } from '../support/drafted-rules/examples.ts';
import { PolicyDesk } from '../support/policy-desk.ts';
import { decideCandidate, scorePolicy, type PolicyScore, type PolicySentence } from '../support/score-policies.ts';

const file = new URL('../policy-sentences/sentences.json', import.meta.url);
const entries = JSON.parse(readFileSync(file, 'utf8')) as PolicySentence[];
const sources = join(import.meta.dirname, '../../src');

/** Letters and digits only, so that no line break or quote hides a copy. */
function toPlain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

function print({ entry, differences, draft }: PolicyScore): string {
  const read = draft.kind === 'draft' ? draft.rendered.join(' ') : 'nothing';
  return [
    `  ${entry.id}: ${entry.sentence}`,
    `      read as: ${read}`,
    ...differences.map((each) => `      ${each}`),
  ].join('\n');
}

describe('policy sentences with expected decisions, written without sight of the grammar', () => {
  const desk = new PolicyDesk();
  let scores: PolicyScore[] = [];
  afterAll(() => desk.close());
  beforeAll(async () => {
    for (const entry of entries) scores = [...scores, await scorePolicy(desk, entry)];
  }, 300_000);

  it('at least 90% are decided as a sensible person expects, all three actions each', () => {
    const misses = scores.filter(({ differences }) => differences.length > 0);
    const good = entries.length - misses.length;
    const percent = Math.floor((100 * good) / entries.length);
    const summary = `policy sentences: ${good} of ${entries.length} decided as expected (${percent}%)`;
    process.stderr.write(`${[summary, ...misses.map(print)].join('\n')}\n`);
    expect(entries).toHaveLength(120);
    expect(percent).toBeGreaterThanOrEqual(90);
  });

  it('no rule is one that never matches', async () => {
    const idle: string[] = [];
    for (const { draft, unmatched } of scores) {
      const rules = draft.kind === 'draft' ? draft.rules.filter(({ name }) => unmatched.includes(name)) : [];
      for (const rule of rules) if (!(await matchesAnExample(desk, rule))) idle.push(`${rule.name}: ${rule.condition}`);
    }
    expect(idle).toEqual([]);
  }, 300_000);

  it('no sentence of the set occurs in the sources', () => {
    const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const texts = files.map((name) => toPlain(readFileSync(join(sources, name), 'utf8')));
    const found = entries.filter(({ sentence }) => texts.some((text) => text.includes(toPlain(sentence))));
    expect(files.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});

async function matchesAnExample(desk: PolicyDesk, rule: Rule): Promise<boolean> {
  const body = { id: 'custom', name: 'One rule', description: 'One rule', category: 'custom', rules: [rule] } as const;
  const policy = compilePolicy(body, '0'.repeat(64));
  const decide: Decide = (candidate) => decideCandidate(desk, [policy], candidate);
  return (await toExamples([rule], decide)).matching.length > 0;
}
