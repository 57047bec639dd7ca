import { describe, expect, it } from '@jest/globals';
import { hint, suggest } from './suggest.ts';

const NAMES = ['rate-limiting', 'data-deletion', 'secrets-protection'];

describe('suggest', () => {
  it('finds the name behind a typing error', () => {
    expect(suggest('data-delection', NAMES)).toEqual(['data-deletion']);
  });
  it('finds a name by a part of it', () => {
    expect(suggest('secrets', NAMES)).toEqual(['secrets-protection']);
  });
  it('lists the valid values when nothing is near', () => {
    expect(hint('zzzzzz', NAMES)).toBe('Valid: rate-limiting, data-deletion, secrets-protection.');
  });
});
