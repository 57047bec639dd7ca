import { describe, expect, it } from '@jest/globals';
import { findSecrets } from './find-secrets.ts';
import { NAME_ANCHORS } from './names.ts';
import { SECRET_RULES } from './secret-rules.ts';

const SIZE = 24_000;

/** What tempts a pattern to try again: its start over and over, and before every kind of run that it may read into. */
function toHostileText(starts: readonly string[], size: number): string {
  const units = starts.flatMap((start) => [
    start,
    `${start} `,
    `${start}aA0`,
    `${start}${'aB3_-'.repeat(60)}`,
    `${start}${'0'.repeat(90)}.`,
    `${start}a:`,
    `${start}a@`,
    `${start}="`,
    `${start} : '`,
    `${start}\\n`,
    `${start}${'a.'.repeat(40)}`,
    `${start}\t \n`,
    `${start}-u a -p `,
  ]);
  const share = Math.ceil(size / units.length);
  return units.map((unit) => unit.repeat(Math.ceil(share / unit.length)).slice(0, share)).join('');
}

/** Processor time in microseconds: other work on the machine does not count. */
function timeOf(text: string): number {
  const before = process.cpuUsage();
  findSecrets(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Measured until it is clear, so that a collection of garbage in one of the runs decides nothing. */
function growthOf(make: (size: number) => string): number {
  const [short, long] = [make(SIZE), make(4 * SIZE)];
  let ratio = Infinity;
  for (let tries = 1; tries <= 21 && (tries <= 3 || ratio > 5); tries += 1) {
    ratio = Math.min(ratio, timeOf(long) / Math.max(500, timeOf(short)));
  }
  return ratio;
}

function expectLinear(make: (size: number) => string): void {
  expect(growthOf(make)).toBeLessThan(6);
}

const RULES = SECRET_RULES.map(({ id, anchors, back }): [string, string[]] => [
  id,
  anchors.map((anchor) => 'aB0'.repeat(30).slice(0, Math.max(...back)) + anchor),
]);

describe('time grows with the length of the text, not faster', () => {
  it('has anchors that the index can hold, and patterns that cannot run on', () => {
    for (const { id, anchors, pattern } of SECRET_RULES) {
      for (const anchor of anchors) expect([id, anchor]).toEqual([id, expect.stringMatching(/^[\x21-\x7e]{2,}$/)]);
      expect([id, pattern.sticky, pattern.global]).toEqual([id, true, false]);
      expect(pattern.source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'x')).not.toMatch(/[*+]|\{\d+,\}/);
    }
  });

  it.each(RULES)('%s', (_, starts) => {
    expectLinear((size) => toHostileText(starts, size));
  });

  it.each(NAME_ANCHORS.split(' '))('names with %s', (anchor) => {
    expectLinear((size) => toHostileText([anchor], size));
  });

  const header = `-----BEGIN ${'RSA'} PRIVATE KEY-----`;
  it.each([
    ['beginnings of blocks', header],
    ['beginnings with a little of a body', `${header}\nMIIEpAIBAAKCAQEA\n`],
    ['dashes', '-----'],
    ['one long token', 'aB3x'],
    ['parts of signed tokens', `${btoa('{"alg":"none"}')}.`],
    ['addresses', 'https://a:b@c:d@e/'],
    ['open quotes', `password="'\``],
    ['names without an end', 'token_key-auth.'],
    ['values in values', 'token=a1B2c3D4e5'],
    ['values that nearly show where a value goes', `password="${'my-'.repeat(25)}"\n`],
    ['values that nearly are words', `secret="${'your'.repeat(19)}"\n`],
    ['values that nearly refer to others', `password="${'${{<['.repeat(15)}"\n`],
    ['values that nearly are members', `token=${'a.b$'.repeat(60)}!\n`],
    ['long values', `password="${'+a) '.repeat(1000)}x"\n`],
    ['backslashes', '\\'],
    ['spaces after a name', `password=${' '.repeat(50)}`],
  ])('%s', (_, unit) => {
    expectLinear((size) => unit.repeat(size / unit.length));
  });
});
