import { describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import type { Json } from '../../kernel/json.ts';
import { formatValue } from './format-value.ts';

const ROWS = [
  { country: 'DE', total: 12.5 },
  { country: 'Österreich | AT', total: 7, note: 'new' },
];
const REPORT = {
  title: 'Sales <2025>',
  text: 'Two countries.',
  rows: ROWS,
  chart: { title: 'Total', labels: ['DE', 'Österreich', 'loss'], values: [12.5, '7', -3] },
};

describe('csv', () => {
  it('has the columns of all rows in the order of first sight', () => {
    expect(formatValue('csv', ROWS)).toBe('country,total,note\nDE,12.5,\nÖsterreich | AT,7,new\n');
  });

  it('quotes what needs it and writes the rest as it is', () => {
    const row = { a: 'x,y', b: 'say "hi"', c: 'two\nlines', d: ' edge ', e: '=1+1', f: true, g: null, h: { k: [1] } };
    expect(formatValue('csv', [row])).toBe(
      'a,b,c,d,e,f,g,h\n"x,y","say ""hi""","two\nlines"," edge ",=1+1,true,,"{""k"":[1]}"\n',
    );
    expect(formatValue('csv', [{ a: '' }])).toBe('a\n""\n');
  });

  it('takes one object as one row and refuses what is no table', () => {
    expect(formatValue('csv', { a: 1 })).toBe('a\n1\n');
    expect(() => formatValue('csv', [1])).toThrow('`csv` needs a list of rows');
    expect(() => formatValue('csv', 'x')).toThrow('`csv` needs a list of rows');
  });
});

describe('json and jsonl', () => {
  it('end with a line break', () => {
    expect(formatValue('json', { a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
    expect(formatValue('jsonl', [{ a: 1 }, 'x'])).toBe('{"a":1}\n"x"\n');
    expect(() => formatValue('jsonl', { a: 1 })).toThrow('needs a list');
  });
});

describe('markdown', () => {
  it('draws rows as an aligned table', () => {
    expect(formatValue('markdown', ROWS)).toBe(
      [
        '| country          | total | note |',
        '| ---------------- | ----: | ---- |',
        '| DE               |  12.5 |      |',
        '| Österreich \\| AT |     7 | new  |',
        '',
      ].join('\n'),
    );
    expect(formatValue('markdown', [])).toBe('_No rows._\n');
  });

  it('draws a report with heading, text, table and bars', () => {
    const text = formatValue('markdown', REPORT);
    expect(text).toMatch(/^# Sales &lt;2025>\n\nTwo countries\.\n\n\| country/);
    expect(text.slice(text.indexOf('**Total**'))).toBe(
      [
        '**Total**',
        '',
        '```text',
        `DE          ${'█'.repeat(40)} 12.5`,
        `Österreich  ${'█'.repeat(22)}▍ 7`,
        `loss        ${'░'.repeat(10)} -3`,
        '```',
        '',
      ].join('\n'),
    );
  });

  it('escapes what Markdown would read as something else, and nothing more', () => {
    const cells = ['snake_case', '_x_', '*b*', '[a](b)', '1. one', '# h', 'a#b', '5 > 3', '- x', '-5', 'C:\\d'];
    const lines = formatValue(
      'markdown',
      cells.map((a) => ({ a })),
    ).split('\n');
    expect(lines.slice(2, -1).map((line) => line.slice(2, -2).trim())).toEqual([
      'snake_case',
      '\\_x\\_',
      '\\*b\\*',
      '\\[a](b)',
      '1. one',
      '# h',
      'a#b',
      '5 > 3',
      '- x',
      '-5',
      'C:\\\\d',
    ]);
  });

  it('lets no value break out of its cell or of the chart', () => {
    const text = formatValue('markdown', { rows: [{ a: '<script>\n|' }], chart: { labels: ['```\nx'], values: [0] } });
    expect(text).not.toContain('<script');
    expect(text).toContain('| &lt;script> \\| |');
    expect(text).toMatch(/````text\n``` x {2}▏ 0\n````\n$/);
  });

  it('takes the one label and value that JSONata made of a list of one', () => {
    expect(formatValue('markdown', { chart: { labels: 'a', values: 2 } })).toContain(`a  ${'█'.repeat(40)} 2`);
  });

  it.each<[Json, string]>([
    [{ title: 'x', colour: 'red' }, '`colour` is not part of a report; valid: title, text, rows, chart'],
    [{ chart: { labels: ['a'], values: [1, 2] } }, '1 labels but 2 values'],
    [{ chart: { labels: ['a'], values: ['many'] } }, 'must be numbers'],
    [{ chart: {} }, 'needs `labels` and `values`'],
    [{ title: { a: 1 } }, '`title` must be text'],
    [{ rows: [1] }, 'needs a list of rows'],
    [7, 'needs a list of rows'],
  ])('refuses %j with a reason', (value, message) => expect(() => formatValue('markdown', value)).toThrow(message));
});

describe('html', () => {
  it('is a complete page that asks nobody for anything', () => {
    const page = formatValue('html', REPORT);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>Sales &#60;2025&#62;</title>');
    expect(page).not.toMatch(/https?:|src=|href=|<script|url\(/);
    expect(page).toContain('prefers-color-scheme: dark');
    // The svg is well formed, and every bar has its label and value.
    const svg = page.slice(page.indexOf('<svg'), page.indexOf('</svg>') + 6);
    const drawn = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(svg) as {
      svg: { g: { text: { '#text': string }[]; rect: Record<string, string> }[] };
    };
    expect(drawn.svg.g.map((bar) => bar.text.map((text) => String(text['#text'])))).toEqual([
      ['DE', '12.5'],
      ['Österreich', '7'],
      ['loss', '-3'],
    ]);
    const widths = drawn.svg.g.map((bar) => Number(bar.rect['@width']));
    expect([(widths[1] ?? 0) / (widths[0] ?? 1), (widths[2] ?? 0) / (widths[0] ?? 1)]).toEqual([
      expect.closeTo(7 / 12.5, 2),
      expect.closeTo(3 / 12.5, 2),
    ]);
    expect(drawn.svg.g.map((bar) => bar.rect['@class'])).toEqual(['bar', 'bar', 'minus']);
  });

  it('escapes everything that comes from data', () => {
    const evil = '"><script>alert(1)</script>\u0000';
    const page = formatValue('html', {
      title: evil,
      text: evil,
      rows: [{ [evil]: evil }],
      chart: { title: evil, labels: [evil], values: [1] },
    });
    expect([page.includes('<script'), page.includes('\u0000')]).toEqual([false, false]);
    expect(page.match(/&#60;script&#62;/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('aligns numbers to the right and shows an empty table as words', () => {
    expect(formatValue('html', [{ a: '1' }, { a: '' }])).toContain('<td class="number">1</td>');
    expect(formatValue('html', [])).toContain('<p>No rows.</p>');
  });
});
