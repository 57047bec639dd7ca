import { holdsOneOf, quote, quoteList } from './cel.ts';
import { phrase, toValueMeaning, type Entry } from './item.ts';
import type { Value } from './parts.ts';

const sql = (pattern: string, text: string, some: string, all?: string): Entry =>
  phrase(pattern, { facet: 'sql', text, some, family: 'sql', ...(all === undefined ? {} : { all }) });
const shape = (pattern: string, text: string, some: string): Entry =>
  phrase(pattern, { facet: 'shape', text, some, family: 'sql' });

/** In small letters "delete" is a verb like any other; in capitals, or before "statement", it is SQL. */
function verb(word: string, ...operations: readonly string[]): Entry {
  const value: Value = {
    facet: 'sql',
    text: `${word} statements`,
    some: holdsOneOf('sql.operations', operations),
    all: `sql.parsed && !sql.opaque && sql.operations.all(x, x in ${quoteList(operations.includes('select') ? [...operations, 'explain'] : operations)})`,
    family: 'sql',
  };
  return {
    pattern: `(${word})( (?:quer(?:y|ies)|statements?|commands?))?`,
    read: ([written, noun]) =>
      written === word || noun !== undefined || ['SELECT', 'TRUNCATE', 'DROP'].includes(word)
        ? [toValueMeaning(value)]
        : undefined,
  };
}
const drops = (object: string, pattern: string) =>
  sql(
    `(?:drop(?:s|ped|ping)?|delet(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|truncat(?:e|es|ed|ing) (?:or|and) drop(?:ping)?|drop (?:or|and) truncate|destroy(?:ing)?) (?:(?:a|any|the|entire|whole|database) ){0,5}(?:${pattern})(?: statements?| commands?)?(?! (?:quer|rows?|records?|statements?))`,
    `DROP ${object.toUpperCase()}`,
    `"drop" in sql.operations && ${holds(object)}`,
  );

function holds(object: string): string {
  return object === 'anything' ? 'sql.present' : `${quote(object)} in sql.objects`;
}

export const SQL_WORDS: readonly Entry[] = [
  verb('SELECT', 'select'),
  verb('INSERT', 'insert'),
  verb('UPDATE', 'update'),
  verb('DELETE', 'delete'),
  verb('MERGE', 'merge'),
  verb('ALTER', 'alter'),
  verb('GRANT', 'grant', 'revoke'),
  verb('TRUNCATE', 'truncate'),
  verb('DROP', 'drop'),
  sql(
    'truncat(?:es|ed|ing|ions?)|empty(?:ing)? (?:the |a |any )?tables?|truncate (?:(?:a|any|the) )?tables?',
    'TRUNCATE statements',
    '"truncate" in sql.operations',
  ),
  sql('drop(?:s|ped|ping)', 'DROP statements', '"drop" in sql.operations'),
  drops('table', 'tables?'),
  drops('column', 'columns?'),
  drops('database', 'databases?'),
  drops('schema', 'schemas?'),
  drops('index', 'index(?:es)?|indices'),
  drops('view', 'views?'),
  shape(
    "(?:that (?:have|has) no|without|with no|lacking|missing|forget(?:s|ting)?|omit(?:s|ting)?|leav(?:es|ing) out|that (?:do|does) not (?:have|use)|that (?:don't|doesn't) (?:have|use)|have no|has no|lacks?) (?:a |an |any |the )?where(?: clauses?| conditions?)?|unconditional",
    'without a WHERE clause',
    '!sql.hasWhere || sql.alwaysTrue',
  ),
  shape(
    "(?:without|with no|that have no|that do not have|that don't have|lacking|missing|have no|has no) (?:a |any |the )?limit(?: clauses?)?|unlimited|unbounded",
    'without a LIMIT',
    '"select" in sql.operations && sql.limit < 0',
  ),
  shape(
    '(?:with |have |has |include |includes |use |contain )?(?:a |an )?where clauses?',
    'with a WHERE clause',
    'sql.hasWhere && !sql.alwaysTrue',
  ),
  shape(
    '(?:with |have |has |include |includes |use |contain )?(?:a |an )?limit clauses?|an? limit|(?:with |have |has |include |includes |use )a limit',
    'with a LIMIT clause',
    '!("select" in sql.operations) || sql.limit >= 0',
  ),
  shape(
    'select(?:s|ing)? \\*|select(?:s|ing)? star|(?:that )?(?:read(?:s|ing)?|select(?:s|ing)?) all columns',
    'SELECT *',
    'sql.selectsAll',
  ),
  shape(
    'multiple (?:sql )?statements|more than one (?:sql )?statement|multi-statement|several statements(?: at once)?|stacked queries',
    'multiple statements',
    'sql.statements > 1',
  ),
  sql(
    '(?:ddl|(?:database )?schema (?:changes?|modifications?|migrations?|updates?)|structural changes|(?:a |any |the )?(?:changes?|modifications?|alterations?) (?:to|of|in) (?:the |a |any )?(?:database )?(?:schemas?|structures?|table structures?)|(?:alter|alters|altering|change|changing|modify|modifying) (?:the |any |a )?(?:database )?(?:schemas?|tables?|structure|table structures?)|(?:creat(?:e|es|ing)|alter(?:ing)?) tables?|migrations?)(?: (?:of|to|on) (?:the )?database)?(?: statements?)?',
    'schema changes',
    'sql.ddl',
  ),
  shape('joins?', 'joins', 'sql.tables.size() > 1'),
  shape('stored procedures?|dynamic sql|procedures?', 'stored procedures', 'sql.opaque'),
];
