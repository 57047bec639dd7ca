import { describe, expect, test } from '@jest/globals';
import { maskText, stripUrl, truncateText } from './texts.ts';

describe('a URL without its user', () => {
  test.each([
    ['https://u:p@host/x', 'https://host/x'],
    [' HTTPS://u@host', ' HTTPS://host'],
    ['postgres://u:p@ss@host:5432/db', 'postgres://host:5432/db'],
    ['https://@host', 'https://host'],
    ['https://u:p@host', 'https://host'],
    ['https://u:p@', 'https://'],
    ['git+ssh://u@host?x', 'git+ssh://host?x'],
    ['a.b-c1://u@host#x', 'a.b-c1://host#x'],
  ])('%s', (text, left) => {
    expect(stripUrl(text)).toBe(left);
  });

  test.each([
    'https://host/a@b',
    'https://host?a@b',
    'https://host#a@b',
    'https://host\\a@b',
    'https://host',
    'please write to bob@example.com',
    'write to bob@example.com, see https://x.example/',
    '//u:p@host',
    '1a://u:p@host',
    `${'a'.repeat(32)}://u:p@host`,
  ])('%s stays', (text) => {
    expect(stripUrl(text)).toBe(text);
  });
});

describe('a masked text', () => {
  test.each([
    ['- / -', '- / -'],
    ['', ''],
    ['1234567', '*******'],
    ['12345678', '****5678'],
    ['Zoë-Ünal', '***-****'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });
});

describe('a text that is cut', () => {
  const face = '\u{1f600}';

  test('stays below the limit, and whole up to it', () => {
    expect(truncateText('x'.repeat(1_000))).toBe('x'.repeat(1_000));
    expect(truncateText('')).toBe('');
    expect(truncateText('x'.repeat(1_001))).toBe(`${'x'.repeat(999)}…`);
  });

  test('loses half a character at the cut, and no other', () => {
    expect(truncateText(`${face}${'x'.repeat(996)}${face}${face}`)).toBe(`${face}${'x'.repeat(996)}…`);
  });
});
