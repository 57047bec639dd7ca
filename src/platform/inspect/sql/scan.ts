import type { SqlDialect, SqlReading } from '../model.ts';
import { Facts, toReading } from './facts.ts';
import { FLAVOURS, readTokens, type Flavour, type Token } from './lexer.ts';
import { SCAN_EFFECTS, SCAN_FILES, SCAN_NO_TABLE, SCAN_RIGHTS, SCAN_TABLE, SCAN_VERBS } from './words.ts';

const MAX_COLUMNS = 200;

function isName(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'name';
}

function toWord(token: Token | undefined): string {
  return token?.kind === 'word' || token?.kind === 'sign' ? token.text.toLowerCase() : '';
}

/** The parts of `a.b` that stands at `start`. */
function takeName(tokens: readonly Token[], start: number): string[] {
  const parts: string[] = [];
  for (let at = start; isName(tokens[at]); at += 2) {
    parts.push(tokens[at]?.text ?? '');
    if (toWord(tokens[at + 1]) !== '.') break;
  }
  return parts;
}

/** `FOR UPDATE`, `ON DELETE`, `t.update` and `replace(x)` are no verbs. */
function toVerbAt(tokens: readonly Token[], at: number): string | undefined {
  const isOther = ['.', 'for', 'on'].includes(toWord(tokens[at - 1])) || toWord(tokens[at + 1]) === '(';
  return isOther ? undefined : SCAN_VERBS.get(toWord(tokens[at]));
}

/** What the words of a text hint at, where no parser took it. Returns the number of statements. */
export function scanInto(facts: Facts, text: string, flavour: Flavour): number {
  const tokens = readTokens(text, flavour);
  let statements = 0;
  tokens.forEach((token, at) => {
    const word = toWord(token);
    const before = toWord(tokens[at - 1]);
    if (word !== ';' && (at === 0 || before === ';')) statements += 1;
    const verb = toVerbAt(tokens, at);
    if (verb !== undefined) facts.operations.add(verb);
    if (SCAN_RIGHTS.has(word)) facts.privileges = true;
    if (SCAN_FILES.has(word)) facts.serverFiles = true;
    if (['drop', 'alter', 'create'].includes(before)) facts.addObject(word);
    if (!isName(token)) return;
    if (SCAN_TABLE.has(before) && !SCAN_NO_TABLE.has(word)) facts.addTable(takeName(tokens, at));
    if (toWord(tokens[at + 1]) === '(') facts.addFunction([token.text]);
    else if (verb === undefined && facts.columns.size < MAX_COLUMNS) facts.addColumn(token.text);
  });
  return statements;
}

/** A reading of text that no parser took: it does what its words say, and anything else. */
export function toUnread(text: string, dialect: SqlDialect): SqlReading {
  const facts = new Facts();
  const flavours = dialect === 'unknown' ? Object.values(FLAVOURS) : [FLAVOURS[dialect]];
  const statements = Math.max(1, ...flavours.map((flavour) => scanInto(facts, text, flavour)));
  facts.beOpaque();
  facts.selectsAll = true;
  facts.hasWhere = false;
  return { ...toReading(facts, statements, dialect), parsed: false };
}

/** Effects that stand in the text as words, whatever the parsers made of them. */
export function findEffects(text: string): string[] {
  const found = Object.values(FLAVOURS).flatMap((flavour) => {
    const tokens = readTokens(text, flavour);
    return tokens.map((_, at) => toVerbAt(tokens, at) ?? '');
  });
  return [...new Set(found)].filter((verb) => SCAN_EFFECTS.has(verb));
}
