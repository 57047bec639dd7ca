import { describe, expect, it } from '@jest/globals';
import reference from 'canonicalize';
import fc from 'fast-check';
import type { Json } from '../json.ts';
import { canonicalize } from './canonical.ts';

describe('canonicalize', () => {
  it('writes what an independent RFC 8785 implementation writes', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
        const value = JSON.parse(text) as Json;
        expect(canonicalize(value)).toBe(reference(value));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    expect(canonicalize({ b: 1, a: { d: [1, 2], c: null } })).toBe('{"a":{"c":null,"d":[1,2]},"b":1}');
  });

  it.each([NaN, Infinity, '\ud800', [() => 1]])('refuses %p', (value) => {
    expect(() => canonicalize(value as Json)).toThrow(TypeError);
  });

  it('refuses a cycle instead of running for ever', () => {
    const cycle: Json[] = [];
    cycle.push(cycle);
    expect(() => canonicalize(cycle)).toThrow(/deeper than/);
  });
});
