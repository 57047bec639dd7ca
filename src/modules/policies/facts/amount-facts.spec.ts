import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { makeFacts, type FactChanges } from '../../../../test/support/facts.ts';
import type { Subject } from '../subject.ts';
import { toCostFacts, toRecordFacts } from './amount-facts.ts';

const UNKNOWN = -1;

describe('how many records an action touches', () => {
  const count = (changes: FactChanges, subject: Partial<Subject> = {}, records = 3): number => {
    const one = { kind: 'file', type: 'file.write', recursive: false, ...subject };
    const found = toRecordFacts(one, makeFacts(changes), { records });
    expect(found.known).toBe(found.count >= 0);
    return found.count;
  };
  const sql = (change: FactChanges['sql'], declared = -1) =>
    count({ sql: { present: true, parsed: true, ...change }, declared: { recordCount: declared } });

  test.each([
    ['what is found in the content', count({}), 3],
    ['what is declared, when that is more', count({ declared: { recordCount: 9 } }), 9],
    ['what is counted, when that is more', count({ declared: { recordCount: 2 } }), 3],
    ['all below a folder', count({}, { recursive: true }), UNKNOWN],
    ['all that a wildcard means', count({ file: { wildcard: true } }), UNKNOWN],
    ['all below a folder, declared', count({ declared: { recordCount: 0 } }, { recursive: true }), 0],
    ['a list of files', count({ file: { wildcard: true } }, { recursive: true, type: 'file.list' }), 3],
    ['a folder of another kind', count({}, { recursive: true, kind: 'storage', type: 'storage.put' }), 3],
    ['the recipients of a mail', count({ recipients: { count: 8 } }, { kind: 'email', type: 'email.send' }), 8],
    ['the content of a mail', count({ recipients: { count: 2 } }, { kind: 'email', type: 'email.send' }), 3],
    ['the recipients of something else', count({ recipients: { count: 8 } }), 3],
    ['a program', count({ shell: { present: true } }, { kind: 'code' }), 3],
    ['a program that deletes', count({ shell: { present: true, deletes: true } }, { kind: 'code' }), UNKNOWN],
    ['a program that wipes', count({ shell: { present: true, destructive: true } }, { kind: 'code' }), UNKNOWN],
    ['a deletion that is no program', count({ shell: { present: false, deletes: true } }), 3],
  ])('%s', (_title, found, expected) => {
    expect(found).toBe(expected);
  });

  test.each(['delete', 'update', 'merge', 'truncate', 'drop'])('SQL that has a %s counts its keys', (verb) => {
    expect(sql({ mutating: true, operations: ['select', verb], keyedRows: 2, limit: 7 })).toBe(2);
    expect(sql({ mutating: true, operations: [verb], keyedRows: 0, limit: 7 })).toBe(0);
    expect(sql({ mutating: true, operations: [verb], keyedRows: -1, limit: 7 })).toBe(UNKNOWN);
    expect(sql({ mutating: true, operations: [verb], keyedRows: -1 }, 40)).toBe(40);
  });

  test('SQL that inserts counts what it brings, SQL that reads its limit', () => {
    expect(sql({ mutating: true, operations: ['insert'], limit: 7, keyedRows: 1 })).toBe(3);
    expect(sql({ mutating: false, operations: ['select'], limit: 7 })).toBe(7);
    expect(sql({ mutating: false, operations: ['select'], limit: 0 })).toBe(0);
    expect(sql({ mutating: false, operations: ['select'], limit: -1 })).toBe(UNKNOWN);
  });

  test('SQL that cannot be seen through counts as unknown', () => {
    const known = { mutating: false, operations: ['select'], limit: 7 };
    expect(sql({ ...known, parsed: false })).toBe(UNKNOWN);
    expect(sql({ ...known, opaque: true })).toBe(UNKNOWN);
  });
});

describe('what an action costs before it runs', () => {
  const cost = (subject: { kind?: string; params?: JsonObject; costUsd?: number }, target = 'web', declared = -1) => {
    const one = { kind: 'http', params: {}, costUsd: 0, ...subject } as unknown as Subject;
    const facts = makeFacts({ target: { kind: target }, declared: { costMicros: declared } });
    return toCostFacts(one, facts.target, facts.declared);
  };

  test.each([
    ['nothing', cost({}), { micros: 0, known: true, paid: false, tokens: 0 }],
    ['a price', cost({ costUsd: 0.25 }), { micros: 250_000, known: true, paid: true, tokens: 0 }],
    ['a declared price', cost({}, 'web', 700), { micros: 700, known: true, paid: false }],
    ['the higher of both', cost({ costUsd: 0.25 }, 'web', 300_000), { micros: 300_000 }],
    ['the higher of both, the other way', cost({ costUsd: 0.25 }, 'web', 200_000), { micros: 250_000 }],
    ['a model by its address', cost({}, 'model'), { micros: 0, known: false, paid: true, tokens: 0 }],
    ['a model by its address that is declared', cost({}, 'model', 5), { micros: 5, known: true, paid: true }],
    ['a model that is declared free', cost({}, 'model', 0), { micros: 0, known: true, paid: true }],
    [
      'a model by its address with a price',
      cost({ costUsd: 0.000001 }, 'model'),
      { micros: 1, known: true, paid: true },
    ],
  ])('%s', (_title, found, expected) => {
    expect(found).toMatchObject(expected);
  });

  test('a model costs what its tokens cost, at most', () => {
    const params = { model: 'claude-haiku', prompt: 'x'.repeat(400), maxTokens: 10 };
    const text = JSON.stringify([params.prompt, undefined, undefined]);
    const input = Math.ceil(text.length / 4);
    expect(cost({ kind: 'model', params }, 'none')).toMatchObject({
      tokens: input + 10,
      micros: input + 50,
      known: true,
      paid: true,
    });
    expect(cost({ kind: 'model', params }, 'model', 1_000_000).micros).toBe(1_000_000);
  });

  test.each([
    ['haiku', 5],
    ['gpt-4o-mini', 5],
    ['x-nano', 5],
    ['gemini-flash', 5],
    ['mistral-small', 5],
    ['x-lite', 5],
    ['Claude-Sonnet', 20],
    ['gpt-4', 20],
    ['gpt-5', 20],
    ['gemini-pro', 20],
    ['mistral-large', 20],
    ['command-r', 20],
    ['something', 75],
    [undefined, 75],
    [7, 75],
    [['haiku'], 75],
  ])('a token that %s writes costs at most %d micros', (model, price) => {
    const micros = (maxTokens: number) => cost({ kind: 'model', params: { model: model as Json, maxTokens } }).micros;
    expect((micros(1_010) - micros(10)) / 1_000).toBe(price);
  });

  test.each([
    ['haiku', 1],
    ['gpt-4', 5],
    ['other', 15],
  ])('a token that %s reads costs at most %d micros', (model, price) => {
    const micros = (length: number) =>
      cost({ kind: 'model', params: { model, maxTokens: 0, prompt: 'x'.repeat(length) } }).micros;
    expect((micros(4_400) - micros(400)) / 1_000).toBe(price);
  });

  test('every part of what is asked counts, and an answer of unknown length as 1,024 tokens', () => {
    const tokens = (params: JsonObject) => cost({ kind: 'model', params }).tokens;
    const none = tokens({});
    expect(none).toBe(1_024 + Math.ceil('[null,null,null]'.length / 4));
    for (const name of ['prompt', 'messages', 'system']) expect(tokens({ [name]: 'x'.repeat(402) })).toBe(none + 100);
    expect(tokens({ maxTokens: '7' })).toBe(none);
  });
});
