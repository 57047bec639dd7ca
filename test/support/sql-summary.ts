import type { SqlReading } from '../../src/platform/inspect/model.ts';

const LISTS = {
  operations: '',
  objects: 'objects',
  tables: 'tables',
  qualifiedTables: 'of',
  columns: 'columns',
  functions: 'calls',
} as const;
const FLAGS = {
  selectsAll: 'all',
  mutating: 'changes',
  ddl: 'ddl',
  alwaysTrue: 'always',
  opaque: 'opaque',
  privileges: 'rights',
  serverFiles: 'files',
} as const;

/** Every fact of a reading in one line, such as `delete tables(customers) columns(id) changes rows=1`. */
export function toSummary(reading: SqlReading): string {
  const lists = Object.entries(LISTS).map(([key, label]) => {
    const words = [...reading[key as keyof typeof LISTS]].sort();
    if (words.length === 0) return '';
    return label === '' ? words.join('+') : `${label}(${words.join(' ')})`;
  });
  const flags = Object.entries(FLAGS).map(([key, label]) => (reading[key as keyof typeof FLAGS] ? label : ''));
  return [
    reading.parsed ? '' : 'UNREAD',
    reading.statements === 1 ? '' : `x${reading.statements}`,
    ...lists,
    ...flags,
    reading.hasWhere ? '' : 'nowhere',
    reading.keyedRows === -1 ? '' : `rows=${reading.keyedRows}`,
    reading.limit === -1 ? '' : `limit=${reading.limit}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}
