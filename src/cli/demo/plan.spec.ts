import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePlan } from './plan.ts';

describe('what the demo asks for', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plan-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('names columns of the data set that exist', async () => {
    const { table, choice } = await makePlan(undefined);
    expect(table.rows).toHaveLength(10_000);
    expect(table.header).toEqual(
      expect.arrayContaining([...(choice.keep ?? []), choice.required, choice.group, choice.total]),
    );
  });

  it('is made of the columns of a file: the one with gaps, the one that groups, the one with amounts', async () => {
    const path = write('My sales (2024).csv', 'id;city;paid on;amount\n1;Oslo;;2\n2;Oslo;May;3\n3;Bergen;June;4\n');
    const plan = await makePlan(path);
    expect(plan.choice).toEqual({ required: 'paid on', group: 'city', total: 'amount' });
    expect(plan.input).toBe('inbox/My-sales-2024.csv');
    expect(plan.sentence).toBe(
      'Every Monday at 7, clean inbox/My-sales-2024.csv: trim spaces, drop rows without "paid on", remove duplicates and write it to ' +
        'out/My-sales-2024-clean.csv, then write a summary with a chart of the number of rows and total "amount" per "city", largest first, ' +
        'to out/My-sales-2024-report.md',
    );
  });

  it('asks for less of a file that offers less', async () => {
    const plan = await makePlan(write('ids.csv', 'id,name\n1,a\n2,b\n'));
    expect(plan.choice).toEqual({});
    expect(plan.sentence).toContain('then write a summary with the number of rows to out/ids-report.md');
  });

  it.each([
    ['is missing', () => join(folder, 'none.csv'), 'does not exist'],
    ['is a folder', () => (mkdirSync(join(folder, 'd')), join(folder, 'd')), 'is a folder'],
    ['is empty', () => write('empty.csv', ''), 'it is empty'],
    ['is no text', () => write('a.png', Buffer.from([0x89, 0x50, 0xff, 0x0a])), 'it is not text in UTF-8'],
    ['is prose', () => write('letter.txt', 'Dear all\nhello\n'), 'does not look like a table'],
    ['names a column twice', () => write('twice.csv', 'a,a\n1,2\n'), 'two of its columns have the same name'],
    [
      'has too many cells',
      () => write('long.csv', `a,b\n${'1,2\n'.repeat(100_001)}`),
      'it has 200,002 cells, and the demo takes up to 200,000',
    ],
    [
      'is too large',
      () => write('big.csv', `a,b\n${'1,2\n'.repeat(1_300_000)}`),
      'has 5.2 MB; the demo takes csv files up to 5 MB',
    ],
  ])('says what is wrong with a file that %s', async (_, make, why) => {
    await expect(makePlan(make())).rejects.toThrow(why);
  });
});
