import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { readCsv } from './csv.ts';

describe('the csv reader of the demo', () => {
  it('gives back every table that another program wrote', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '1', ' ', ',', ';', '"', '\n', '\r', '.') });
    const rows = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    const options = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      record_delimiter: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
    });
    fc.assert(
      fc.property(rows, options, (body, how) => {
        const header = body[0]?.map((_, index) => `c${index}`) ?? [];
        const text = stringify([header, ...body], { ...how, quoted_match: /[\r\n,;\t"]/ });
        expect(readCsv(text)).toEqual({ header, rows: body });
      }),
    );
  });

  it('keeps an empty last value and ignores empty lines', () => {
    expect(readCsv('a,b\n1,\n\n2,3')).toEqual({
      header: ['a', 'b'],
      rows: [
        ['1', ''],
        ['2', '3'],
      ],
    });
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['only column names', 'a,b\n', 'column names but no rows'],
    ['prose', 'Dear all\nplease find\n', 'does not look like a table'],
    ['rows of different length', 'a,b\n1,2\n3\n', 'row 2 has 1 values, but the first line names 2 columns'],
    ['a quote without end', 'a,b\n1,"2\n', 'has no end'],
    ['text after a quote', 'a,b\n1,"2"3\n', 'more text after a quoted value'],
  ])('refuses %s and says why', (_, text, why) => {
    expect(() => readCsv(text)).toThrow(why);
  });
});
