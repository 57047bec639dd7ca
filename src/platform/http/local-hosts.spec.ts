import { describe, expect, it } from '@jest/globals';
import { refuseForeignHost } from './local-hosts.ts';

describe('refuseForeignHost', () => {
  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:80'])('serves %p', (host) => {
    expect(refuseForeignHost({ host })).toBeUndefined();
    expect(refuseForeignHost({ host, origin: `http://${host}` })).toBeUndefined();
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '0.0.0.0:3000',
    '',
    undefined,
  ])('refuses a request for the host %p', (host) => {
    expect(refuseForeignHost({ host })).toMatch(/Host header/);
  });

  it.each(['https://evil.example', 'null', 'file://', 'http://localhost.evil.example', 'http://x@evil.example', ''])(
    'refuses a page of origin %p even when the host is local',
    (origin) => {
      expect(refuseForeignHost({ host: '127.0.0.1:3000', origin })).toMatch(/Origin header/);
    },
  );

  it('does not repeat what cannot be shown', () => {
    const message = refuseForeignHost({ host: `a\u0007b${'c'.repeat(500)}` });
    expect(message).not.toContain('\u0007');
    expect(message).not.toContain('c'.repeat(101));
  });
});
