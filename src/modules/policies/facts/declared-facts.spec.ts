import { describe, expect, test } from '@jest/globals';
import type { AppError } from '../../../platform/errors/index.ts';
import { toDeclaredFacts } from './declared-facts.ts';

describe('what the author declares', () => {
  test('is taken over, and what is not declared has its empty value', () => {
    expect(
      toDeclaredFacts({
        purpose: 'billing',
        recordCount: 12,
        cost: 0.0025,
        consent: 'verified',
        backupConfirmed: true,
      }),
    ).toEqual({
      purpose: 'billing',
      legalBasis: '',
      consent: 'verified',
      ticket: '',
      backupConfirmed: true,
      rollbackPlan: '',
      recordCount: 12,
      costMicros: 2500,
    });
    expect(toDeclaredFacts(undefined)).toMatchObject({ consent: 'unknown', recordCount: -1, costMicros: -1 });
  });

  test('a way back is words, or that there is one', () => {
    expect(toDeclaredFacts({ rollbackPlan: true }).rollbackPlan).toBe('yes');
    expect(toDeclaredFacts({ rollbackPlan: false }).rollbackPlan).toBe('');
    expect(toDeclaredFacts({ rollbackPlan: 'restore' }).rollbackPlan).toBe('restore');
  });

  test.each(['', '   ', '\u200b', '\u3164', '-', '...', 'n/a', 'None', 'TBD', 'xxx'])(
    'words that say nothing (%j) declare nothing',
    (words) => {
      expect(toDeclaredFacts({ purpose: words, legalBasis: words, ticket: words, rollbackPlan: words })).toMatchObject({
        purpose: '',
        legalBasis: '',
        ticket: '',
        rollbackPlan: '',
      });
    },
  );

  test('what is not declared is empty, and every kind of consent can be declared', () => {
    expect(toDeclaredFacts({})).toEqual({
      purpose: '',
      legalBasis: '',
      consent: 'unknown',
      ticket: '',
      backupConfirmed: false,
      rollbackPlan: '',
      recordCount: -1,
      costMicros: -1,
    });
    for (const consent of ['verified', 'absent', 'unknown']) expect(toDeclaredFacts({ consent }).consent).toBe(consent);
    for (const words of [' none ', 'NA', ' todo']) expect(toDeclaredFacts({ purpose: words }).purpose).toBe('');
  });

  test('what is wrong is told with its place', () => {
    try {
      toDeclaredFacts({ recordCount: 'many' });
      throw new Error('not refused');
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_input', details: { path: 'facts.recordCount' } });
      expect((error as AppError).message).toMatch(/`facts\.recordCount` is wrong: Invalid input/);
    }
  });

  test('words are taken as they are, without blanks around them', () => {
    expect(toDeclaredFacts({ purpose: ' Support ', ticket: 'X-1' })).toMatchObject({
      purpose: 'Support',
      ticket: 'X-1',
    });
  });

  test('a long filler is read in time that grows with its length', () => {
    const words = `${'x'.repeat(4_095)}!`;
    expect(toDeclaredFacts({ purpose: words }).purpose).toBe(words);
  });

  test.each<[string, Parameters<typeof toDeclaredFacts>[0], RegExp]>([
    [
      'a name that is none',
      { purpos: 'x' },
      /`facts\.purpos` is not a fact that can be declared\. Did you mean `purpose`\?/,
    ],
    ['a derived fact', { data: {} }, /`facts\.data` is not a fact/],
    ['a wrong type', { recordCount: 'many' }, /`facts\.recordCount` is wrong/],
    ['a value that is none', { consent: 'yes' }, /`facts\.consent` is wrong/],
    ['a negative cost', { cost: -1 }, /`facts\.cost` is wrong/],
  ])('%s is refused and said', (_title, facts, message) => {
    expect(() => toDeclaredFacts(facts)).toThrow(message);
    try {
      toDeclaredFacts(facts);
    } catch (error) {
      expect((error as AppError).code).toBe('invalid_input');
    }
  });
});
