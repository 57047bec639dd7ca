import { describe, expect, it } from '@jest/globals';
import { clean, summarize } from './expected.ts';

const table = {
  header: ['city', 'amount', 'note'],
  rows: [
    [' Oslo', '2', 'x'],
    ['Oslo ', '2', 'x '],
    ['Oslo', ' ', 'x'],
    ['Bergen', '1.5', 'y'],
    ['Oslo', '4', 'z'],
  ],
};

describe('what the demo compares the product with', () => {
  it('trims, drops rows without the value, then repeated rows, and keeps columns in the order asked for', () => {
    const cleaned = clean(table, { required: 'amount', keep: ['amount', 'city'] });
    expect(cleaned).toEqual({
      header: ['amount', 'city'],
      rows: [
        ['2', 'Oslo'],
        ['1.5', 'Bergen'],
        ['4', 'Oslo'],
      ],
      withoutRequired: 1,
      duplicates: 1,
    });
  });

  it('counts a row that loses its difference with a dropped column as no duplicate', () => {
    expect(clean(table, { keep: ['city'] }).rows).toEqual([['Oslo'], ['Oslo'], ['Bergen'], ['Oslo']]);
  });

  it('counts and adds up for each group, and for all rows without one', () => {
    const cleaned = clean(table, {});
    expect(Object.fromEntries(summarize(cleaned, { group: 'city', total: 'amount' }))).toEqual({
      Oslo: { count: 3, total: 6 },
      Bergen: { count: 1, total: 1.5 },
    });
    expect([...summarize(cleaned, { total: 'amount' }).values()]).toEqual([{ count: 4, total: 7.5 }]);
  });
});
