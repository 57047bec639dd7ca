import { anyOf, holdsOneOf, quote, quoteList } from './cel.ts';
import { named, phrase, type Entry } from './item.ts';
import { NAME, show, toName } from './name.ts';
import type { Scene, Value } from './parts.ts';

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
