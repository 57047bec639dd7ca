import type { SqlReading } from '../model.ts';
import { Facts, toReading } from './facts.ts';
import type { Token } from './lexer.ts';
import { READ_PRAGMAS } from './words.ts';

/** A PRAGMA of SQLite, which its parser takes only with numbers: read where it only tells something. */
export function readPragma(tokens: readonly Token[]): SqlReading | undefined {
  const words = tokens.map(({ kind, text }) => (kind === 'word' || kind === 'sign' ? text.toLowerCase() : `'${text}'`));
  const match = /^pragma (?:\S+ \. )?(\S+)(?: = \S+| \( (\S+) \))?(?: ;)?$/.exec(words.join(' '));
  if (match === null) return undefined;
  const [, name = '', table] = match;
  const facts = new Facts();
  const isRead = READ_PRAGMAS.has(name) && !words.includes('=');
  facts.operations.add(isRead ? 'other' : 'set');
  facts.mutating = !isRead;
  if (isRead && table !== undefined) facts.addTable([table.replace(/^'|'$/g, '')]);
  return toReading(facts, 1, 'sqlite');
}
