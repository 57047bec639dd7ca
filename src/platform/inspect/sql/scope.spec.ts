import { describe, expect, it } from '@jest/globals';
import { enter, isChanged, toColumn, toScope } from './scope.ts';

const customers = { table: 'Customers', alias: '' };
const alone = toScope([customers], true);
const joined = toScope([customers, { table: 'lines', alias: 'L' }], false);

/** `o.id` of what is written; in brackets where it is no column of the changed row. */
const columnsOf = (scope: typeof alone, written: string): string =>
  written
    .split(' ')
    .map((name) => toColumn(name.split('.'), scope))
    .map((read) => (read.kind === 'column' ? read.name : `[${read.kind === 'other' ? read.text : ''}]`))
    .join(' ');

describe('a column is one of the changed row', () => {
  it('under every name, where nothing else is selected from', () => {
    expect(columnsOf(alone, 'ID customers.ID db.customers.id x.id')).toBe('id id id id');
    expect(columnsOf(joined, 'ID Customers.ID db.lines.id')).toBe('id customers.id db.lines.id');
    expect(toColumn([], alone)).toEqual({ kind: 'column', name: '' });
  });

  it('in a subquery under the names that the subquery does not take', () => {
    const [own, same, ...more] = enter(alone, [{ table: 'orders', alias: 'O' }]);
    expect(more).toEqual([]);
    expect(columnsOf(own ?? alone, 'ID Customers.ID O.ID DB.O.ID')).toBe('[id] id [o.id] [db.o.id]');
    expect(columnsOf(same ?? alone, 'id customers.id o.id')).toBe('id id [o.id]');
    const [hidden] = enter(alone, [{ table: 'orders', alias: 'customers' }]);
    expect(columnsOf(hidden ?? alone, 'customers.id')).toBe('[customers.id]');
  });

  it('in a subquery of the same table, in one of two readings, under each of its names', () => {
    const relations = [
      { table: 'CUSTOMERS', alias: 'c' },
      { table: 'orders', alias: '' },
    ];
    const readings = enter(alone, relations);
    expect(readings.map((scope) => columnsOf(scope, 'id c.id orders.id customers.id'))).toEqual([
      '[id] [c.id] [orders.id] id',
      'id id [orders.id] id',
    ]);
    expect(readings.map((scope) => [...(scope.names ?? [])])).toEqual([['customers'], ['customers', 'c']]);
  });

  it('in what selects from nothing, and in the same reading all the way in', () => {
    const [own, same] = enter(alone, []);
    expect(columnsOf(own ?? alone, 'id')).toBe('id');
    expect(enter(own ?? alone, [customers]).map(({ reading }) => reading)).toEqual(['own']);
    expect(enter(same ?? alone, [customers]).map(({ reading }) => reading)).toEqual(['same']);
    const [inOrders] = enter(alone, [{ table: 'orders', alias: '' }]);
    const [deeper] = enter(inOrders ?? alone, []);
    expect(columnsOf(deeper ?? alone, 'id')).toBe('[id]');
  });
});

it('the changed table is the same in either case, and none where several are named', () => {
  expect([isChanged(alone, 'CUSTOMERS'), isChanged(alone, 'orders'), isChanged(joined, 'customers')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(toScope([], true)).toMatchObject({ table: undefined, outer: new Set() });
  expect(joined.outer).toEqual(new Set(['customers', 'l']));
});
