import { describe, expect, test } from '@jest/globals';
import { toLeastCpuMs } from '../../../test/support/cpu-time.ts';
import fc from 'fast-check';
import type { Facts } from '../../kernel/policy/facts.ts';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { makeFacts, type FactChanges } from '../../../test/support/facts.ts';
import { compileCondition, type Condition } from './condition.ts';
import { CEL_LIMITS } from './limits.ts';

function compile(text: string): Condition {
  const result = compileCondition(text);
  if (result.kind === 'problem') throw new Error(`${result.position}: ${result.message}`);
  return result;
}

function problemOf(text: string): { position: number; message: string } {
  const result = compileCondition(text);
  if (result.kind === 'condition') throw new Error(`\`${text}\` was accepted`);
  return result;
}

describe('a condition is true exactly when its facts say so', () => {
  const large: FactChanges = { file: { bytes: 5_000, paths: ['/a.csv', '/b.txt'] }, rate: { http1m: 3 } };
  test.each<[string, FactChanges, boolean]>([
    ['action.type == "file.read"', {}, true],
    ['action.type != "file.read"', {}, false],
    ['action.type in ["file.write", "file.read"]', {}, true],
    ['action.declared && !file.outsideRoots', {}, true],
    ['file.bytes > 4999 && file.bytes < 5001', large, true],
    ['file.bytes >= 5001 || file.bytes <= 4999', large, false],
    ['file.bytes + 1 == 5001 && file.bytes - 1 == 4999', large, true],
    ['-file.bytes < 0', large, true],
    ['file.path.startsWith("/data") && file.path.endsWith(".csv") && file.path.contains("in")', {}, true],
    ['file.paths.exists(p, p.endsWith(".txt"))', large, true],
    ['file.paths.all(p, p.endsWith(".txt"))', large, false],
    ['"/b.txt" in file.paths && file.paths.size() == 2', large, true],
    ['file.path.size() == 12', {}, true],
    ['file.recursive ? file.wildcard : action.kind == "file"', {}, true],
    ['re(file.path, "^/data/[a-z]+\\\\.csv$")', {}, true],
    ['re(file.path, "(?i)IN\\\\.CSV")', {}, true],
    ['re(file.path, "^in")', {}, false],
    ['file.paths.exists(p, re(p, "^/[ab]"))', large, true],
    ['file.bytes < 1.5', {}, true],
    ['true', {}, true],
  ])('%s', (text, changes, expected) => {
    expect(compile(text).matches(makeFacts(changes))).toBe(expected);
  });

  test('every fact of the vocabulary can be asked for, with its type', () => {
    const test = { string: '== ""', bool: '== true', int: '>= 0', 'list<string>': '.size() >= 0' };
    for (const { name, type } of ATTRIBUTES) {
      const text = type === 'list<string>' ? `${name}${test[type]}` : `${name} ${test[type]}`;
      expect(typeof compile(text).matches(makeFacts())).toBe('boolean');
    }
  });
});

describe('what lies outside the profile is refused when the condition is made', () => {
  test.each([
    ['file.path.matches("a+")', 'write `re(text, "pattern")`'],
    ['file.paths.all(p, file.paths.exists(q, q == p))', 'one level deep'],
    ['dyn(file.path) == "a"', 'dyn() is not part'],
    ['type(file.path) == string', 'type() is not part'],
    ['string(file.bytes) == "1"', 'not converted'],
    ['{"a": 1} == {"a": 1}', 'a map literal'],
    ['b"a" == b"a"', 'bytes or uint'],
    ['1u == 1u', 'bytes or uint'],
    ['duration("1h") > duration("1m")', 'no time arithmetic'],
    ['file["path"] == "a"', '`[ ]`'],
    ['file.paths[0] == "a"', '`[ ]`'],
    ['has(file.path)', 'every fact is always there'],
    ['null == null', '`null`'],
    ['file.bytes * 2 > 1', '`*` is not part'],
    ['file.bytes % 2 == 1', '`%` is not part'],
    ['cel.bind(x, 1, x > 0)', '.bind() is not part'],
    ['file.paths.map(p, p).size() > 0', '.map() is not part'],
    ['file.paths.filter(p, p == "").size() > 0', '.filter() is not part'],
    ['file.paths.exists_one(p, p == "")', '.exists_one() is not part'],
    ['google.protobuf.Duration == 1', 'there is no `google`'],
    ['string == string', 'there is no `string`'],
    ['file.path.lowerAscii() == "a"', '.lowerAscii() is not part'],
    ['file.paths.exists(file, file == "a")', 'name of a fact'],
    ['9223372036854775808 > 0', 'beyond what a whole number can be'],
    ['re(file.path, file.path)', 'written out'],
    ['re(file.path)', 'written out'],
    ['re(file.bytes, "a")', '`re` needs a text'],
    ['re(file.path, "(a")', 'not valid RE2 syntax'],
    ['re(file.path, "(?=a)b")', 'not valid RE2 syntax'],
    ['re(file.path, "(a)\\\\1")', 'not valid RE2 syntax'],
    ['re(file.path, "(.*a){500}")', 'of 300 allowed'],
    ['re(file.path, "((a{100}){100}){100}")', 'not valid RE2 syntax'],
    ['file.path', 'of type string'],
    ['file.bytes', 'of type int'],
    ['file.bytes == "1"', 'no such overload'],
    ['', 'unexpected token'],
  ])('%s', (text, message) => {
    expect(problemOf(text).message).toContain(message);
  });

  test('an error names the place, what is wrong and what was probably meant', () => {
    expect(problemOf('true && file.pth == "a"')).toMatchObject({
      position: 13,
      message: expect.stringContaining('there is no `file.pth`: did you mean `file.path`') as unknown,
    });
    expect(problemOf('fle.path == "a"')).toMatchObject({
      position: 0,
      message: expect.stringContaining('there is no `fle`: did you mean `file`?') as unknown,
    });
    expect(problemOf('file.bytes = 3')).toMatchObject({
      position: 11,
      message: expect.stringContaining('`==`') as unknown,
    });
    expect(problemOf('declared.somethingElse == 1').message).toContain('valid names are declared.purpose');
  });

  test('a condition ends at 2 kB, 200 parts and 20 levels', () => {
    const text = (length: number): string => `file.path == "${'a'.repeat(length - 15)}"`;
    expect(text(2_048)).toHaveLength(2_048);
    expect(compile(text(2_048)).matches(makeFacts())).toBe(false);
    expect(problemOf(text(2_049)).message).toContain('2048 bytes');
    expect(problemOf(Array.from({ length: 80 }, () => 'file.recursive').join('||')).message).toContain('too large');
    expect(problemOf(`${'('.repeat(25)}true${')'.repeat(25)}`).message).toContain('too large');
  });

  test('any text gives a condition or a problem within the text, never an exception', () => {
    const part = fc.constantFrom(
      'file',
      '.',
      'path',
      '==',
      '"a"',
      '1',
      '(',
      ')',
      '[',
      ']',
      '&&',
      're',
      ',',
      '!',
      '{',
      '}',
      'exists',
      'p',
      '?',
      ':',
      ' ',
      '"',
      '\\',
      '\n',
      'x',
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const result = compileCondition(text);
        if (result.kind === 'condition') return;
        expect(result.position).toBeGreaterThanOrEqual(0);
        expect(result.position).toBeLessThanOrEqual(text.length);
        expect(result.message).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a condition without an answer throws', () => {
  function withFact(name: string, value: unknown): Facts {
    const facts: Record<string, unknown> = structuredClone(makeFacts());
    const [group = '', field] = name.split('.');
    if (field === undefined) facts[group] = value;
    else (facts[group] as Record<string, unknown>)[field] = value;
    return facts as unknown as Facts;
  }

  test('when any fact is missing or of another type than the vocabulary says, used or not', () => {
    const condition = compile('true');
    const wrong: Record<string, unknown[]> = {
      string: [1, null, undefined, ['a']],
      bool: ['true', 1, null, undefined],
      int: [1.5, '1', 1n, NaN, Infinity, 2 ** 53, null, undefined],
      'list<string>': ['a', [1], {}, null, undefined],
    };
    for (const { name, type } of ATTRIBUTES) {
      for (const value of wrong[type] ?? []) {
        expect(() => condition.matches(withFact(name, value))).toThrow(`the fact \`${name}\` is not of type ${type}`);
      }
    }
    expect(() => condition.matches(withFact('file', null))).toThrow('the facts `file` are missing');
  });

  test('facts on a null prototype and facts with further fields are read like any other', () => {
    const bare = Object.assign(Object.create(null), makeFacts(), { extra: 1 }) as Facts;
    expect(compile('file.path == "/data/in.csv"').matches(bare)).toBe(true);
  });

  test('when a sum leaves the range of whole numbers', () => {
    expect(() => compile('file.bytes + 9223372036854775807 > 0').matches(makeFacts({ file: { bytes: 1 } }))).toThrow(
      'overflow',
    );
  });

  test('when a text is longer than a pattern is tried on, so that padding cannot hide a match', () => {
    const condition = compile('re(declared.purpose, "secret")');
    const padded = (length: number): Facts => makeFacts({ declared: { purpose: `${'x'.repeat(length - 6)}secret` } });
    expect(condition.matches(padded(CEL_LIMITS.patternInput))).toBe(true);
    expect(() => condition.matches(padded(CEL_LIMITS.patternInput + 1))).toThrow('longer than 4096');
  });
});

test('a hostile pattern takes time in proportion to the text', () => {
  const condition = compile('re(declared.purpose, "^(a+)+$")');
  const time = (length: number): number => {
    return toLeastCpuMs(() => {
      const facts = makeFacts({ declared: { purpose: `${'a'.repeat(length)}!` } });
      expect(condition.matches(facts)).toBe(false);
    });
  };
  time(4_000);
  expect(time(4_000) / time(1_000)).toBeLessThan(8);
});
