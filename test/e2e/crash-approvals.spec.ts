import { beforeAll, describe, expect, it } from '@jest/globals';
import { crash, toTable, type Outcome } from '../crash/harness.ts';
import { planNames, TARGETS } from '../crash/plan.ts';

describe('kill -9 of API and worker between an approval and its effect', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await crash(planNames, () => undefined, { lanes: 2 });
  }, 600_000);

  it('loses no answer, and does nothing twice, at each seam of the platform', () => {
    const bad = outcome.ended.filter(({ lost, isTwice }) => lost !== undefined || isTwice);
    expect(bad).toEqual([]);
    for (const target of TARGETS) {
      const seams = toTable(outcome.ended).filter((row) => row.target === target);
      expect(seams.map(({ seam }) => seam)).toEqual(expect.arrayContaining(['commit.before', 'commit.after']));
    }
  });

  it('ends everything within 60 s of the restart', () => {
    const late = outcome.ended.filter(({ endMs }) => endMs > 60_000);
    expect(late).toEqual([]);
  });

  it('looks at no fewer points than before', () => {
    expect(outcome.missing).toEqual([]);
  });
});
