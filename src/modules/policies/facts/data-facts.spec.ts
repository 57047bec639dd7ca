import { describe, expect, test } from '@jest/globals';
import { NEUTRAL_FACTS } from '../../../kernel/policy/facts.ts';
import type { Finding, InspectAnswer, ShellReading } from '../../../platform/inspect/index.ts';
import { toAnalysisFacts, toDataFacts, toShellFacts, toSqlFacts } from './content-facts.ts';

const find = (name: string, confidence: 'high' | 'low' = 'high', kind = name): Finding =>
  ({ path: ['text'], start: 0, end: 1, class: name, kind, confidence, isDecoded: false }) as unknown as Finding;
const answer = (change: Partial<InspectAnswer> = {}): InspectAnswer => ({
  findings: [],
  fields: [],
  fieldClasses: [],
  records: 0,
  truncated: false,
  unreadable: false,
  obfuscated: false,
  errors: [],
  ...change,
});
const data = (findings: Finding[], change: Partial<InspectAnswer> = {}) => toDataFacts(answer({ findings, ...change }));

describe('the data of a content', () => {
  test('nothing is internal', () => {
    expect(data([], { fields: ['a'] })).toEqual({
      data: {
        classes: [],
        contentClasses: [],
        fieldClasses: [],
        suspectedClasses: [],
        fields: ['a'],
        level: 'internal',
        personal: false,
        restricted: false,
        contact: false,
        count: 0,
      },
      secrets: { count: 0, kinds: [], suspected: false },
    });
  });

  test('what is sure, what stands in names and what is suspected are told apart', () => {
    const found = data([find('email'), find('phone', 'low'), find('email', 'low')], { fieldClasses: ['name'] });
    expect(found.data).toMatchObject({
      contentClasses: ['email'],
      fieldClasses: ['name'],
      suspectedClasses: ['phone'],
      personal: true,
      contact: true,
      count: 1,
    });
    expect([...found.data.classes].sort()).toEqual(['email', 'name']);
  });

  test('one grave class among others makes it restricted, one of persons personal', () => {
    expect(data([find('email')]).data).toMatchObject({ level: 'confidential', restricted: false });
    expect(data([find('email'), find('payment_card')]).data).toMatchObject({
      level: 'restricted',
      restricted: true,
      contact: true,
    });
    expect(data([find('credential')]).data).toMatchObject({ personal: false, contact: false });
    expect(data([find('credential'), find('email')]).data).toMatchObject({ personal: true, contact: true });
  });

  test('secrets are counted, those only suspected are said', () => {
    const known = [find('credential', 'high', 'a'), find('credential', 'high', 'a'), find('credential', 'high', 'b')];
    expect(data([...known, find('email')]).secrets).toEqual({ count: 3, kinds: ['a', 'b'], suspected: false });
    expect(data([find('credential', 'low', 'c')]).secrets).toEqual({ count: 0, kinds: [], suspected: true });
    expect(data([find('email')]).secrets).toEqual({ count: 0, kinds: [], suspected: false });
  });
});

test('an analysis is complete when nothing was cut and nothing failed', () => {
  const complete = (change: Partial<InspectAnswer>) => toAnalysisFacts(answer(change)).complete;
  expect([complete({}), complete({ truncated: true }), complete({ errors: ['x'] })]).toEqual([true, false, false]);
  expect(toAnalysisFacts(answer({ unreadable: true, obfuscated: true }))).toEqual({
    complete: true,
    truncated: false,
    unreadable: true,
    obfuscated: true,
    errors: [],
  });
});

test('SQL and programs are facts as they were read, or there are none', () => {
  const without = (facts: object, ...names: string[]) =>
    Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name)));
  const sql = without(NEUTRAL_FACTS.sql, 'present') as unknown as NonNullable<InspectAnswer['sql']>;
  expect(toSqlFacts({})).toEqual(NEUTRAL_FACTS.sql);
  expect(toSqlFacts({ sql })).toEqual({ ...sql, present: true });
  const shell = without(NEUTRAL_FACTS.shell, 'present', 'language') as unknown as ShellReading;
  expect(toShellFacts(undefined, 'go')).toEqual(NEUTRAL_FACTS.shell);
  expect(toShellFacts(shell, 'go')).toEqual({ ...shell, present: true, language: 'go' });
});
