import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ERRORS } from './registry.ts';
import { START_ERROR_CODES } from './start-error.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const cells = /^\| `([a-z_]+)` \| (.+) \|$/.exec(line);
  return cells ? [[cells[1], ...(cells[2] ?? '').split(' | ')]] : [];
});

describe('docs/errors.md', () => {
  it('names every code with its status, retry flag and log level, and no other', () => {
    const documented = rows.filter((row) => row.length === 5).map((row) => row.slice(0, 4));
    const registered = Object.entries(ERRORS).map(([code, { status, retry, level }]) => {
      return [code, String(status), retry ? 'yes' : 'no', level];
    });
    expect(documented.sort()).toEqual(registered.sort());
  });

  it('names every reason for which the start is refused, and no other', () => {
    const documented = rows.filter((row) => row.length === 2).map(([code]) => code);
    expect(documented.sort()).toEqual([...new Set(START_ERROR_CODES)].sort());
  });

  it('says of each what helps', () => {
    expect(rows.filter((row) => (row.at(-1) ?? '').length < 30)).toEqual([]);
  });
});
