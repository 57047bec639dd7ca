import { beforeAll, describe, expect, it } from '@jest/globals';
import { crash, type Outcome } from '../crash/harness.ts';
import { planNames } from '../crash/plan.ts';

describe('kill -9 of the server between an approval and its effect', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await crash(planNames, () => undefined, { targets: ['all-in-one'], lanes: 3 });
  }, 600_000);

  it('loses no answer, and does nothing twice, at each seam of the platform', () => {
    const bad = outcome.ended.filter(({ lost, isTwice }) => lost !== undefined || isTwice);
    expect(bad).toEqual([]);
  });

  it('strikes each seam twice where it was planned, with two effects where two pass it', () => {
    expect(outcome.notStruck).toEqual([]);
    const effectsAt = (name: string): string[] =>
      outcome.ended.filter(({ seam }) => seam === name).map(({ point }) => point.effect);
    for (const seam of ['commit.before', 'commit.after', 'jobs.before', 'jobs.after', 'job.taken', 'job.done'])
      expect([seam, ...effectsAt(seam)]).toEqual(expect.arrayContaining(['plain', expect.not.stringMatching(/plain/)]));
    for (const seam of ['statement.before', 'statement.after', 'http.before', 'http.sent', 'http.answered'])
      expect([seam, new Set(effectsAt(seam))]).toEqual([seam, new Set(['plain', 'keyed'])]);
    for (const seam of ['file.before', 'file.receipt', 'file.after'])
      expect([seam, new Set(effectsAt(seam))]).toEqual([seam, new Set(['append', 'create'])]);
    expect(effectsAt('file.part').length).toBeGreaterThanOrEqual(2);
  });

  it('ends everything within 60 s of the restart', () => {
    const late = outcome.ended.filter(({ endMs }) => endMs > 60_000);
    expect(late).toEqual([]);
  });

  it('looks at no fewer points than before', () => {
    expect(outcome.missing).toEqual([]);
  });
});
