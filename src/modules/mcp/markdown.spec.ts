import { describe, expect, it } from '@jest/globals';
import { code, data, fields, inline, page, prose, section, table } from './markdown.ts';

describe('markdown', () => {
  it.each([
    ['terminal colours', 'a\u001b[31mb\u001b[0m', 'ab'],
    ['zero-width characters', 'pay\u200b\u200dload\ufeff', 'payload'],
    ['bidi overrides', 'abc\u202etxt.exe', 'abctxt.exe'],
    ['tag characters', 'hi\u{e0069}\u{e0067}', 'hi'],
    ['line breaks', 'a\n# b\r\nc', 'a # b c'],
  ])('shows no %s in a line of text', (_, text, shown) => {
    expect(inline(text)).toBe(shown);
  });

  it('keeps every language readable', () => {
    expect(inline('Überweisungen täglich prüfen – 毎日整理する – צור דוח')).toBe(
      'Überweisungen täglich prüfen – 毎日整理する – צור דוח',
    );
  });

  it('keeps the lines of prose', () => {
    expect(prose(' one\n\n- two\u200b\n')).toBe('one\n\n- two');
  });

  it('cuts what is too long for a line', () => {
    expect(inline('x'.repeat(5_000))).toHaveLength(500);
  });

  it('cannot be left by backticks', () => {
    expect(code('a`b')).toBe('`` a`b ``');
    expect(data('```\nnot the end\n````')).toBe('`````\n```\nnot the end\n````\n`````');
  });

  it('says how much of long data is not shown', () => {
    expect(data('y'.repeat(7_000))).toMatch(/\(1000 more characters are in the structured content\.\)$/);
    expect(data('y'.repeat(7_000), 'are left out')).toMatch(/\(1000 more characters are left out\.\)$/);
  });

  it('leaves out what is not there', () => {
    expect(
      page(
        'a',
        section('Empty', []),
        undefined,
        fields([
          ['X', undefined],
          ['Y', 0],
        ]),
      ),
    ).toBe('a\n\n**Y:** 0');
    expect(table(['A'], [])).toBe('');
    expect(table(['A', 'B'], [['1|2', 'x\ny']])).toBe('| A | B |\n| --- | --- |\n| 1\\|2 | x y |');
  });
});
