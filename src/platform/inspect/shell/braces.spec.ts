import { describe, expect, it } from '@jest/globals';
import { expandBraces } from './braces.ts';
import { unknown } from './marks.ts';

const NUMBERS = Array.from({ length: 65 }, (_, index) => String(index));

describe('braces are multiplied out', () => {
  it.each([
    ['rm', ['rm']],
    ['r{m,d}', ['rm', 'rd']],
    ['{rm,-rf,/}', ['rm', '-rf', '/']],
    ['a{b,}c', ['abc', 'ac']],
    ['{ab,cd}{ef,gh}', ['abef', 'abgh', 'cdef', 'cdgh']],
    ['x{a{b,c}d,e}y', ['xabdy', 'xey', 'xacdy', 'xey']],
    ['{a}{b,c}', ['{a}b', '{a}c']],
    ['{a}', ['{a}']],
    ['{}', ['{}']],
    ['a,b', ['a,b']],
    ['{a,b', ['{a,b']],
    ['a,b}', ['a,b}']],
  ])('%s', (word, words) => {
    expect(expandBraces(word)).toEqual(words);
  });

  it('not where a part is unknown: what it holds may be more braces', () => {
    const word = `${unknown('$x')}{a,b}`;
    expect(expandBraces(word)).toEqual([word]);
  });

  it('to sixty-four words, and no further', () => {
    expect(expandBraces(`{${NUMBERS.slice(1).join(',')}}`)).toEqual(NUMBERS.slice(1));
    const list = `{${NUMBERS.join(',')}}`;
    expect(expandBraces(list)).toEqual([list]);
    expect(expandBraces('{a,b}'.repeat(6))).toHaveLength(64);
    const tooMany = expandBraces('{a,b}'.repeat(7));
    expect(tooMany).toHaveLength(64);
    expect(tooMany.every((word) => word.endsWith('{a,b}'))).toBe(true);
  });

  it('in words of a thousand characters, and no longer', () => {
    const word = '{a,b}'.padEnd(1000, 'c');
    expect(expandBraces(word)).toHaveLength(2);
    expect(expandBraces(`${word}c`)).toEqual([`${word}c`]);
  });
});
