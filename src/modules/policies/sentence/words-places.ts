import { anyOf, holdsOneOf, quote, quoteList } from './cel.ts';
import { named, phrase, toValueMeaning, type Entry } from './item.ts';
import { NAME, show, toName } from './name.ts';
import type { Scene, Value } from './parts.ts';
import { toNumbers } from './words-data.ts';

const THE = '(?:the |our |any |a |my |its |their )?';
const UNDER =
  '(?:under|below|beneath|inside(?: of)?|in|into|within|from|at|to|of|on|located in|stored in|that are in|underneath)';
const FOLDER = '(?:folders?|director(?:y|ies)|dirs?|paths?|subfolders?|trees?)';
/** A bare path: it has a slash, or begins with a dot or tilde. */
const PATH = '(~/[\\w.@*/-]{1,200}|~?\\.{0,2}/?(?:[\\w.@*-]{1,100}/){1,12}[\\w.@*-]{0,100}|/[\\w.@*-]{1,100})';

function trimPath(path: string): string {
  return path.replace(/^(?:\.|~)\//, '').replace(/\/?\*{0,2}$/, '');
}

/** Files below a folder. A relative name is a folder anywhere for a ban, and one of the root for an allow-list. */
export function toFolder(given: string): Value | undefined {
  const name = trimPath(given);
  if (name === '' || name === '.') return undefined;
  const below = quote(`${name}/`);
  const text = `under ${show(name.startsWith('/') ? name : `${name}/`)}`;
  if (name.startsWith('/')) {
    const some = `file.paths.exists(x, x == ${quote(name)} || x.startsWith(${below}))`;
    const named = `shell.paths.exists(x, x == ${quote(name)} || x.startsWith(${below}))`;
    const all = `file.paths.size() > 0 && file.paths.all(x, x == ${quote(name)} || x.startsWith(${below}))`;
    return {
      facet: 'path',
      text,
      some,
      inPrograms: named,
      all,
      family: 'file',
    };
  }
  const somewhere = `x == ${quote(name)} || x.startsWith(${below}) || x.contains(${quote(`/${name}/`)}) || x.endsWith(${quote(`/${name}`)})`;
  const stored = (scene: Scene, files: string) =>
    scene.kinds.includes('storage') ? `storage.key.startsWith(${below})` : files;
  const inside = `file.paths.exists(x, x.contains(${quote(`/${name}/`)}))`;
  return {
    facet: 'path',
    text,
    some: (scene) => stored(scene, anyOf(`file.relativePaths.exists(x, ${somewhere})`, inside)),
    inPrograms: `shell.paths.exists(x, ${somewhere})`,
    all: (scene) =>
      stored(
        scene,
        `file.relativePaths.size() > 0 && !file.outsideRoots && file.relativePaths.all(x, x == ${quote(name)} || x.startsWith(${below}))`,
      ),
    family: 'file',
  };
}

/** What lies in a folder before it is moved: the first path of a move. */
function toSource(given: string): Value | undefined {
  const name = trimPath(given);
  if (name === '') return undefined;
  return {
    facet: 'path',
    text: `out of ${show(name.startsWith('/') ? name : `${name}/`)}`,
    some: `file.path.contains(${quote(name.startsWith('/') ? `${name}/` : `/${name}/`)})`,
    family: 'file',
  };
}

/** One file by its path or bare name. */
export function toFile(given: string): Value {
  const name = given.replace(/^\.\//, '');
  const test = name.startsWith('/') ? `x == ${quote(name)}` : `x == ${quote(name)} || x.endsWith(${quote(`/${name}`)})`;
  return {
    facet: 'path',
    text: `in the file ${show(name)}`,
    some: `file.paths.exists(x, ${test}) || file.relativePaths.exists(x, ${test})`,
    all: `file.relativePaths.size() > 0 && file.relativePaths.all(x, ${test})`,
    family: 'file',
  };
}

function toPathLike(given: string): Value | undefined {
  const glob = /^\*{1,2}(?:\/\*)?\.([a-z0-9]{1,10})$/i.exec(given);
  if (glob?.[1] !== undefined) return toExtension(glob[1]);
  const [, last = ''] = /([^/]*)$/.exec(given) ?? [];
  return /[^/]\.[a-z0-9]{1,10}$/i.test(last) && !given.endsWith('/') ? toFile(given) : toFolder(given);
}

export function toExtension(given: string): Value | undefined {
  const extension = given.toLowerCase().replace(/^\*?\./, '');
  if (!/^[a-z0-9]{1,10}$/.test(extension)) return undefined;
  return toExtensions(`with extension ${show(`.${extension}`)}`, [extension]);
}

function toExtensions(text: string, extensions: readonly string[]): Value {
  return {
    facet: 'filetype',
    text,
    some: ({ kinds }) =>
      kinds.includes('storage')
        ? anyOf(...extensions.map((each) => `storage.key.endsWith(${quote(`.${each}`)})`))
        : holdsOneOf('file.extensions', extensions),
    all: `file.extensions.size() > 0 && file.extensions.all(x, x in ${quoteList(extensions)})`,
    family: 'file',
  };
}

function typed(pattern: string, text: string, ...extensions: readonly string[]): Entry {
  return phrase(`(?:${pattern})(?: (?:files?|documents?|extensions?))?`, toExtensions(text, extensions));
}

function toPlural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** A name of a table finds both its singular and its plural. */
export function toTable(name: string): Value {
  const qualified = name.toLowerCase();
  const bare = qualified.slice(qualified.lastIndexOf('.') + 1);
  const single = toNumbers(bare)[0] ?? bare;
  const names = [...new Set([...toNumbers(bare), single, toPlural(single)])].sort();
  return {
    facet: 'table',
    text: `on the table ${show(qualified)}`,
    some: `sql.tables.exists(x, x in ${quoteList(names)})`,
    all: `sql.parsed && sql.tables.size() > 0 && sql.tables.all(x, x in ${quoteList(names)})`,
    family: 'sql',
  };
}

export function toColumn(name: string): Value {
  const column = name.toLowerCase();
  return {
    facet: 'column',
    text: `with the column ${show(column)}`,
    some: `${quote(column)} in sql.columns || ${quote(column)} in data.fields`,
    all: `sql.parsed && !sql.selectsAll && sql.columns.all(x, x == ${quote(column)})`,
    fields: [column],
  };
}

function toTablePrefix(name: string): Value {
  const prefix = name.toLowerCase();
  return {
    facet: 'table',
    text: `on tables that begin with ${show(prefix)}`,
    some: `sql.tables.exists(x, x.startsWith(${quote(prefix)}))`,
    all: `sql.parsed && sql.tables.size() > 0 && sql.tables.all(x, x.startsWith(${quote(prefix)}))`,
    family: 'sql',
  };
}

function toDatabase(name: string): Value {
  const word = name.toLowerCase();
  return {
    facet: 'database',
    text: `on the connection ${show(word)}`,
    some: `connection.name.contains(${quote(word)}) || sql.qualifiedTables.exists(x, x.startsWith(${quote(`${word}.`)}))`,
    all: `connection.name.contains(${quote(word)})`,
  };
}

export function toStore(name: string): Value {
  return {
    facet: 'storage',
    text: `in the bucket ${show(name)}`,
    some: `storage.bucket == ${quote(name)} || storage.bucket.startsWith(${quote(`${name}-`)})`,
    all: `storage.bucket == ${quote(name)}`,
    family: 'storage',
  };
}

function toKey(name: string): Value {
  return {
    facet: 'storage',
    text: `with the key prefix ${show(name)}`,
    some: `storage.key.startsWith(${quote(name)})`,
    family: 'storage',
  };
}

function toNameContains(name: string): Value {
  const part = name.toLowerCase();
  return {
    facet: 'path',
    text: `whose path contains ${show(part)}`,
    some: `file.relativePaths.exists(x, x.contains(${quote(part)})) || file.path.contains(${quote(part)})`,
    all: `file.relativePaths.size() > 0 && file.relativePaths.all(x, x.contains(${quote(part)}))`,
    family: 'file',
  };
}

function withName(make: (name: string) => Value | undefined) {
  return (given: string) => {
    const name = toName(given);
    return name === undefined ? undefined : make(name);
  };
}

export const FILE_WORDS: readonly Entry[] = [
  named(`(?:${UNDER} )?${THE}(?:path |folder |directory )?${PATH}(?: ${FOLDER})?`, (path) => toPathLike(path), {
    isPlace: true,
  }),
  named(
    `${UNDER} ${THE}(?:path )?(\`[^\`]{1,200}\`|"[^"]{1,200}"|'[^']{1,200}')(?: ${FOLDER})?`,
    withName((name) => (/[/.]/.test(name) ? toPathLike(name) : undefined)),
    { isPlace: true },
  ),
  named(`(?:${UNDER} )?${THE}${NAME} ${FOLDER}`, withName(toFolder), { isPlace: true }),
  named(`(?:${UNDER} )?${THE}${FOLDER} (?:called |named )?${NAME}`, withName(toFolder), { isPlace: true }),
  named(
    `(?:in |on |from |to )?${THE}files? (?:called |named )?((?:\`[^\`]{1,200}\`|"[^"]{1,200}"|'[^']{1,200}'|[\\w-]{1,100}\\.[a-z0-9]{1,10}))`,
    withName(toFile),
    { isPlace: true },
  ),
  named(
    `(?:in |on |from )?([\\w-]{1,100}\\.(?:csv|json|jsonl|txt|md|xlsx?|pdf|docx?|ya?ml|toml|ini|log|sql|py|js|ts|sh|xml|html|zip|db|conf|cfg|lock|key|pem))`,
    (name) => toFile(name),
    { isPlace: true },
  ),
  named(
    `(?:(?:with )?(?:the )?(?:file )?extensions? |ending (?:in|with) |that end (?:in|with) |of type )(\`[^\`]{1,20}\`|\\*?\\.?[a-z0-9]{1,10})(?: files?)?`,
    withName(toExtension),
    { isPlace: true },
  ),
  named('(\\*?\\.[a-z0-9]{1,10})(?: files?| documents?)?', withName(toExtension), { isPlace: true }),
  named(
    '(?:inside(?: of)?|under|below|within|in) (?:the |any )?(\\.[a-z0-9_-]{1,40}|node_modules)(?: (?:folders?|director(?:y|ies)))?',
    withName(toFolder),
  ),
  named(`(?:out of|away from) ${THE}(?:${PATH}|${NAME} ${FOLDER})`, withName(toSource)),
  named(`(?:that )?(?:begin|start)(?:s|ning|ing)? (?:with|in) (?:the )?(?:\`|"|')?${PATH}(?:\`|"|')?`, toPathLike, {
    isPlace: true,
  }),
  named(
    '(csv|json|jsonl|xml|txt|pdf|docx?|xlsx?|zip|exe|sql|yaml|yml|html|png|jpe?g|gif|md|parquet|log|sh|bat|dll|tar|gz)(?: files?| documents?)',
    withName(toExtension),
    { isPlace: true },
  ),
  typed('pdfs?', 'PDF documents', 'pdf'),
  typed('spreadsheets?|excel', 'spreadsheets', 'csv', 'ods', 'xls', 'xlsx'),
  typed('images?|pictures?|photos?', 'images', 'gif', 'jpeg', 'jpg', 'png', 'svg', 'webp'),
  typed('executables?|binar(?:y|ies)', 'executables', 'bat', 'bin', 'cmd', 'dll', 'exe', 'msi', 'ps1', 'sh'),
  typed('archives?|compressed', 'archives', '7z', 'gz', 'rar', 'tar', 'tgz', 'zip'),
  named(
    `(?:whose (?:path|name)s? (?:contains?|includes?)|(?:with|having) (?:a )?names? (?:that )?(?:containing|contains?|like|including)|with ${NAME} in (?:the|their) (?:file ?)?names?|named like|names? containing) ?(\`[^\`]{1,200}\`|"[^"]{1,200}"|'[^']{1,200}'|[\\w-]{1,100})?`,
    withName(toNameContains),
  ),
];

export const STORE_WORDS: readonly Entry[] = [
  named(
    '(?:on |in |from |to |of )?(?:the |any |all )?tables? (?:whose names? |that |with names? (?:that )?)?(?:starts?|begins?|starting|beginning|prefixed)(?: with)? (?:`|"|\')?([a-z0-9_]{1,60})(?:`|"|\')?',
    toTablePrefix,
    { isPlace: true },
  ),
  named(`(?:on |in |from |to |into |of )?${THE}${NAME} tables?`, withName(toTable), { isPlace: true }),
  named(`(?:on |in |from |to |into |of )?${THE}tables? (?:called |named )?${NAME}`, withName(toTable), {
    isPlace: true,
  }),
  named(`(?:with |of |in |from )?${THE}(?:columns?|fields?) (?:called |named )?${NAME}`, withName(toColumn), {
    isPlace: true,
  }),
  named(`(?:with |of |in |from )?${THE}${NAME} (?:columns?|fields?)`, withName(toColumn), { isPlace: true }),
  {
    pattern: `(?:on |in |from |to |into |of |against )?${THE}${NAME} (databases?|dbs?|warehouses?|connections?)`,
    read: ([given, head]) => {
      const name = given === undefined ? undefined : toName(given);
      if (name === undefined) return undefined;
      const value = toDatabase(name);
      const family = head?.startsWith('conn') === true ? {} : { family: 'sql' as const };
      return [toValueMeaning({ ...value, ...family }, { rename: toDatabase, isPlace: true })];
    },
  },
  named(
    `(?:on |in |from |to |into |of |through |over |via |using )?${THE}connections? (?:called |named )?${NAME}`,
    withName(toDatabase),
    { isPlace: true },
  ),
  named(`(?:in |to |into |from |on )?${THE}${NAME} (?:s3 |storage )?buckets?`, withName(toStore), { isPlace: true }),
  named(`(?:in |to |into |from |on )?${THE}(?:s3 |storage )?buckets? (?:called |named )?${NAME}`, withName(toStore), {
    isPlace: true,
  }),
  named(
    `(?:with |under |having )?${THE}(?:keys?|prefix(?:es)?|key prefix(?:es)?) (?:starting with |beginning with |called |named )${NAME}`,
    withName(toKey),
    { isPlace: true },
  ),
  named(`(?:with |under |having )?${THE}key prefix(?:es)? ${NAME}`, withName(toKey), { isPlace: true }),
];

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
    `(?:drop(?:s|ped|ping)?|delet(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|truncat(?:e|es|ed|ing) (?:or|and) drop(?:ping)?|drop (?:or|and) truncate|destroy(?:ing)?) (?:(?:a|any|the|entire|whole|database) )*(?:${pattern})(?: statements?| commands?)?(?! (?:quer|rows?|records?|statements?))`,
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
