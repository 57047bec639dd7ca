import { describe, expect, it } from '@jest/globals';
import { unknown } from './marks.ts';
import { Scope } from './scope.ts';

describe('a variable has every value that it was given', () => {
  it.each([
    ['HOME', ['~']],
    ['PWD', ['.']],
    ['OLDPWD', ['.']],
    ['SHELL', ['/bin/sh']],
    ['BASH', ['/bin/bash']],
    ['IFS', [' ']],
    ['constructor', undefined],
    ['1', undefined],
  ])('%s is %j at first', (name, values) => {
    expect(new Scope().find(name)).toEqual(values);
  });

  it.each([
    [
      [['a'], ['b'], ['a', 'c']],
      ['a', 'b', 'c'],
    ],
    [[['a'], []], ['a']],
    [[[]], undefined],
    [
      [['1', '2', '3', '4'], ['5', '6', '7', '8'], ['8']],
      ['1', '2', '3', '4', '5', '6', '7', '8'],
    ],
    [[['1', '2', '3', '4', '5', '6', '7', '8'], ['9']], [unknown('$x')]],
    [[['x'.repeat(10_000)]], ['x'.repeat(10_000)]],
    [[['a', 'x'.repeat(10_001)]], ['a', unknown('$x')]],
  ])('%#', (assigned, values) => {
    const scope = new Scope();
    for (const each of assigned) scope.assign('x', each);
    expect(scope.find('x')).toEqual(values);
  });

  it('what the environment gives is replaced once, then kept beside what follows', () => {
    const scope = new Scope();
    scope.assign('HOME', ['/a']);
    scope.assign('HOME', ['/b']);
    expect(scope.find('HOME')).toEqual(['/a', '/b']);
  });

  it('words are split at every separator that there was, and at nothing that is not known', () => {
    const scope = new Scope();
    expect(scope.separators).toBe(' ');
    scope.assign('IFS', [',']);
    scope.assign('IFS', [`:${unknown('$X')}`]);
    expect(scope.separators).toBe(',:');
  });
});

describe('a call sees its own arguments only', () => {
  const seen = (scope: Scope) => ['1', '2', '10', '@', '*', 'x1'].map((name) => scope.find(name)?.join('|'));

  it('and the caller its own again', () => {
    const scope = new Scope();
    scope.assign('x1', ['x']);
    const inner = scope.withArguments(['a', 'b'], () => {
      const before = seen(scope);
      const called = scope.withArguments(['c'], () => seen(scope));
      const bare = scope.withArguments([], () => {
        scope.assign('1', ['z']);
        scope.assign('x1', ['y']);
        return seen(scope);
      });
      return [before, called, bare, seen(scope)];
    });
    expect(inner).toEqual([
      ['a', 'b', undefined, 'a b', 'a b', 'x'],
      ['c', undefined, undefined, 'c', 'c', 'x'],
      ['z', undefined, undefined, undefined, undefined, 'x|y'],
      ['a', 'b', undefined, 'a b', 'a b', 'x|y'],
    ]);
    expect(seen(scope)).toEqual([undefined, undefined, undefined, undefined, undefined, 'x|y']);
  });

  it('the tenth is one of them', () => {
    const scope = new Scope();
    scope.withArguments('abcdefghij'.split(''), () => {
      expect(scope.find('10')).toEqual(['j']);
      scope.withArguments([], () => expect(scope.find('10')).toBeUndefined());
    });
  });

  it('arguments that are too long together are unknown together', () => {
    const scope = new Scope();
    const [half, rest] = ['x'.repeat(5000), 'y'.repeat(4999)];
    scope.withArguments([half, rest], () => expect(scope.find('@')).toEqual([`${half} ${rest}`]));
    scope.withArguments([half, `${rest}y`], () => expect(scope.find('*')).toEqual([unknown('$*')]));
  });
});
