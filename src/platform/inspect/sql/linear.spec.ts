import { describe, expect, it } from '@jest/globals';
import { toLeastCpuMs } from '../../../../test/support/cpu-time.ts';
import { dropBallast } from './engine-others.ts';
import { countDepth, FLAVOURS, readTokens, type Flavour } from './lexer.ts';
import { rewriteMysql } from './mysql-text.ts';
import { readPragma } from './pragma.ts';
import { hasLongOperator } from './read-sql.ts';
import { findEffects, toUnread } from './scan.ts';
import { hasEffect, isFileFunction, RIGHTS_TAG, toObject, toVerb } from './words.ts';

const { postgres, mysql, sqlite } = FLAVOURS;
const SIZE = 40_000;

/** Measured until it is clear, so that a collection of garbage in one of the runs decides nothing. */
function growthOf(work: (text: string) => unknown, make: (size: number) => string): number {
  const [short, long] = [make(SIZE), make(4 * SIZE)];
  let [least, most] = [Infinity, Infinity];
  for (let tries = 1; tries <= 8 && (tries === 1 || most / least > 5); tries += 1) {
    least = Math.min(
      least,
      Math.max(
        0.5,
        toLeastCpuMs(() => work(short), 2),
      ),
    );
    most = Math.min(
      most,
      toLeastCpuMs(() => work(long), 2),
    );
  }
  return most / least;
}

describe('the time grows with the length of the text, and no faster', () => {
  const texts: [string, (size: number) => string, Flavour][] = [
    ['white space', (n) => ' \t'.repeat(n / 2), sqlite],
    ['a word', (n) => 'a'.repeat(n), sqlite],
    ['a word before a strange character', (n) => `${'a'.repeat(n)}\u00a0`, sqlite],
    ['strange characters', (n) => '\u00a0'.repeat(n), sqlite],
    ['numbers', (n) => '1.'.repeat(n / 2), sqlite],
    ['a number', (n) => '1'.repeat(n), sqlite],
    ['dollar tags', (n) => '$a'.repeat(n / 2), postgres],
    ['one dollar tag', (n) => `$${'a'.repeat(n)}`, postgres],
    ['open dollar quotes', (n) => '$a$ $b$'.repeat(n / 7), postgres],
    ['quotes', (n) => `'`.repeat(n), postgres],
    ['backslashes', (n) => `'${'\\'.repeat(n)}`, mysql],
    ['open comments', (n) => '/*'.repeat(n / 2), postgres],
    ['comment ends', (n) => '*/'.repeat(n / 2), mysql],
    ['a version comment', (n) => `/*!${'5'.repeat(n)}`, mysql],
    ['version comments', (n) => '/*!1*/'.repeat(n / 6), mysql],
    ['signs', (n) => '|'.repeat(n), mysql],
    ['brackets', (n) => 'f('.repeat(n / 2), sqlite],
    ['names in a row', (n) => `from ${'a.from.'.repeat(n / 7)}`, sqlite],
    ['statements', (n) => 'a;'.repeat(n / 2), sqlite],
  ];

  it.each(texts)('of %s', (_, make, flavour) => {
    const work = (text: string): void => {
      countDepth(readTokens(text, flavour));
      rewriteMysql(text, true);
      findEffects(text);
      toUnread(text, 'postgres');
    };
    expect(growthOf(work, make)).toBeLessThan(6);
  });

  it.each([
    ['a name', (n: number) => `pragma ${'a'.repeat(n)}`],
    ['names', (n: number) => `pragma ${'a.'.repeat(n / 2)}`],
    ['dots', (n: number) => `pragma ${'. '.repeat(n / 2)}`],
    ['a value', (n: number) => `pragma a = ${'b'.repeat(n)} c`],
    ['a text', (n: number) => `pragma a ( '${' . '.repeat(n / 3)}' ) x`],
  ])('of a PRAGMA with %s', (_, make) => {
    expect(growthOf((text) => readPragma(readTokens(text, sqlite)), make)).toBeLessThan(6);
  });

  it.each([
    ['operators', (n: number) => '+-'.repeat(n / 2)],
    ['short operators', (n: number) => '+ '.repeat(n / 2)],
  ])('of %s', (_, make) => {
    expect(growthOf(hasLongOperator, make)).toBeLessThan(6);
  });

  it.each([
    ['line breaks', (n: number) => '\n '.repeat(n / 2)],
    ['white space', (n: number) => `\n${' '.repeat(n)}x`],
    ['commas', (n: number) => ','.repeat(n)],
    ['open places', (n: number) => ', "span": {'.repeat(n / 11)],
    ['half places', (n: number) => ', "span": { "start": {'.repeat(n / 22)],
    ['places', (n: number) => ', "span": { "start": { "line": 1, "column": 1 }, "end": {'.repeat(n / 56)],
    ['long places', (n: number) => `, "span": { "start": { "line": ${'1'.repeat(n)}`],
    ['commas before white space', (n: number) => `,${' '.repeat(n)}`],
  ])('of JSON with %s', (_, make) => {
    expect(growthOf(dropBallast, make)).toBeLessThan(6);
  });

  it.each([
    ['letters', (n: number) => `pg_${'a'.repeat(n)}`],
    ['capitals', (n: number) => 'aA'.repeat(n / 2)],
    ['underscores', (n: number) => 'a_'.repeat(n / 2)],
    ['beginnings of functions', (n: number) => 'dblink'.repeat(n / 6)],
    ['beginnings of rights', (n: number) => 'authoriowne'.repeat(n / 11)],
  ])('of names of %s', (_, make) => {
    const work = (text: string): void => {
      isFileFunction([text]);
      hasEffect([text]);
      RIGHTS_TAG.test(text);
      toObject(text);
      toVerb(text);
    };
    expect(growthOf(work, make)).toBeLessThan(6);
  });
});
