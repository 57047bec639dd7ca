import { beforeAll, describe, expect, it } from '@jest/globals';
import { crash, type Outcome } from '../crash/harness.ts';
import { planFirsts } from '../crash/plan.ts';

describe('kill -9 of the server between an approval and its effect', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await crash(planFirsts, () => undefined, { targets: ['all-in-one'], lanes: 3 });
  }, 600_000);

  it('loses no answer, and does nothing twice, at each seam of the platform', () => {
    const bad = outcome.ended.filter(({ lost, isTwice }) => lost !== undefined || isTwice);
    expect(bad).toEqual([]);
  });

  it('strikes each seam where it was planned', () => {
    const seams = new Set(outcome.ended.map(({ seam }) => seam));
    expect(outcome.notStruck).toEqual([]);
    expect([...seams]).toEqual(
      expect.arrayContaining([
        ...['commit.before', 'commit.after', 'jobs.before', 'jobs.after', 'job.taken', 'job.done'],
        ...['statement.before', 'statement.after', 'http.before', 'http.sent', 'http.answered'],
        ...['file.before', 'file.part', 'file.receipt', 'file.after'],
      ]),
    );
  });

  it('ends everything within 60 s of the restart', () => {
    const late = outcome.ended.filter(({ endMs }) => endMs > 60_000);
    expect(late).toEqual([]);
  });

  it('looks at no fewer points than before', () => {
    expect(outcome.missing).toEqual([]);
  });
});
