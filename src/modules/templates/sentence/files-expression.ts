import type { Arrangement, FileTest, Selection } from './files.ts';
import { literal } from './rows-expression.ts';

const FOLDER_OF: Readonly<Record<Arrangement, string>> = {
  type: '(extension ? extension : "other")',
  month: '$substring(modifiedAt, 0, 7)',
  year: '$substring(modifiedAt, 0, 4)',
  day: '$substring(modifiedAt, 0, 10)',
};

/** JSONata from `files` (and `now`) to `{from, to}` of each chosen file that is not already there. */
export function toMoves(selection: Selection, destination: string, arrangement: Arrangement | undefined): string {
  const folder = literal(`${destination === '/' ? '' : destination}/`);
  const target = arrangement === undefined ? `${folder} & name` : `${folder} & ${FOLDER_OF[arrangement]} & "/" & name`;
  return `[${chosen(selection)}.{ "from": path, "to": ${target} }[from != to]]`;
}

/** JSONata from `files` (and `now`) to `{from, to}`; with `below`, `to` keeps the path below that folder. */
export function toCopies(selection: Selection, destination: string, below: string | undefined): string {
  const folder = literal(`${destination === '/' ? '' : destination}/`);
  if (below === undefined) return `[${chosen(selection)}.{ "from": path, "to": ${folder} & name }]`;
  const prefix = below === '.' ? '' : `${below.replace(/^(?:\.\/)+/, '')}/`;
  const rest = `($contains(path, ${literal(prefix)}) ? $substringAfter(path, ${literal(prefix)}) : name)`;
  return `[${chosen(selection)}.{ "from": path, "to": ${folder} & ${prefix === '' ? 'path' : rest} }]`;
}

/** JSONata from `files` (and `now`) to `{path}` of each chosen file. */
export function toPaths(selection: Selection): string {
  return `[${chosen(selection)}.{ "path": path }]`;
}

function chosen({ tests, joinedBy }: Selection): string {
  if (tests.length === 0) return 'files';
  return `files[${tests.map((test) => `(${toTest(test)})`).join(` ${joinedBy} `)}]`;
}

function toTest(test: FileTest): string {
  switch (test.kind) {
    case 'age':
      // Inside the filter `$$` is the whole input, where `now` stands beside the files.
      return `$toMillis(modifiedAt) ${test.comparison === 'older' ? '<' : '>='} $toMillis($$.now) - ${test.millis}`;
    case 'size':
      return `size ${test.comparison} ${test.bytes}`;
    case 'name': {
      const found = `$contains($lowercase(name), ${literal(test.contains.toLowerCase())})`;
      return test.negated ? `${found} = false` : found;
    }
  }
}
