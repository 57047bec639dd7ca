import { describe, expect, it } from '@jest/globals';
import { cutSecrets } from './log.ts';

describe('cutSecrets', () => {
  it.each([
    ['password=hunter2 for user x', 'password=[cut] for user x'],
    ['{"token":"abc123","a":1}', '{"token":"[cut]","a":1}'],
    ['Authorization: Bearer abc.def', 'Authorization: [cut]'],
    ['connect postgres://me:pw@db:5432/x failed', 'connect postgres://[cut]@db:5432/x failed'],
    ['secret: s3cr3t, api_key=k', 'secret: [cut], api_key=[cut]'],
  ])('cuts what looks like a secret in %p', (text, cut) => {
    expect(cutSecrets(text)).toBe(cut);
  });

  it('leaves ordinary words alone', () => {
    const text = 'the token was refused by https://example.org/a?b=c at line 3';
    expect(cutSecrets(text)).toBe(text);
  });
});
