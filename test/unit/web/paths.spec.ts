import { describe, expect, it } from '@jest/globals';
import { toApprovalId, toReturnPath, toSignInPath } from '../../../web/src/paths.ts';
import { toDuration } from '../../../web/src/time.ts';

const ORIGIN = 'https://agents.example.org';

describe('where the console leads', () => {
  it('leads back to the page that asked for the sign-in', () => {
    const from = '/approvals/0a8b3c1e-52c3-4d0a-9d5e-0f6f6b1f3a11?from=mail';
    const { searchParams } = new URL(toSignInPath(from), ORIGIN);
    expect(toReturnPath(searchParams.get('next'), ORIGIN)).toBe(from);
    expect(toReturnPath(new URL(toSignInPath('/'), ORIGIN).searchParams.get('next'), ORIGIN)).toBe('/');
  });

  it.each([
    'https://evil.example',
    '//evil.example/x',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    'approvals',
    '/sign-in',
    '',
  ])('never leads to another site: %j', (next) => {
    expect(toReturnPath(next, ORIGIN)).toBe('/');
  });

  it('takes only a whole id for an approval', () => {
    const id = '0a8b3c1e-52c3-4d0a-9d5e-0f6f6b1f3a11';
    expect(toApprovalId(`/approvals/${id}`)).toBe(id);
    expect(toApprovalId(`/approvals/${id}/reviews`)).toBeUndefined();
    expect(toApprovalId('/approvals/..')).toBeUndefined();
  });

  it.each([
    [-1, ''],
    [900, '1 s'],
    [61_000, '1 min 01 s'],
    [3_599_500, '60 min 00 s'],
    [3_600_000, '1 h 0 min'],
    [90_000_000, '1 d 1 h'],
  ])('says how long %d ms are', (ms, words) => {
    expect(toDuration(ms)).toBe(words);
  });
});
