import type { Missing, Step } from '../../../kernel/run/model.ts';
import { readGlob, readSelection, FOLDER_NAME } from './files.ts';
import { extensionOf, folderOf, isForeign, nameOf, type Place } from './places.ts';
import { missingThing, step } from './steps.ts';
import type { Text } from './text.ts';
import { READABLE } from './words.ts';

/** Where the rows come from: the steps that read them, and the expression that holds them afterwards. */
export interface Source {
  readonly kind: 'file' | 'folder' | 'none';
  readonly path: string;
  /** As `data.parse` calls it. */
  readonly format: string;
  readonly steps: readonly Step[];
  readonly rows: string;
  readonly description: string;
}

const NO_INPUT = missingThing(
  'an input file or folder',
  'Say which file or folder to read, such as "from data/customers.csv" or "all csv files in the sales folder".',
);
const NONE: Source = { kind: 'none', path: '', format: 'csv', steps: [], rows: '', description: 'Not named yet' };

export function readSource(
  text: Text,
  places: readonly Place[],
  kind: 'data' | 'merge' | 'report',
): { source: Source; missing: Missing[] } {
  const inputs = places.filter(({ role }) => role === 'input');
  const folder = inputs.find((place) => place.kind !== 'file');
  if (folder !== undefined)
    return fromFolder(
      text,
      folder.kind === 'glob' ? folderOf(folder.path) : folder.path,
      folder.kind === 'glob' ? nameOf(folder.path) : undefined,
      kind,
    );
  const files = inputs.filter((place) => place.kind === 'file');
  if (files.length > 1) return fromFiles(text, files, kind);
  const [file] = files;
  if (file !== undefined) return fromFile(file.path, file.extension);
  const bare = text.take(
    `\\bfiles?\\s+(?:in|from|of|inside|under)\\s+(?:the\\s+|my\\s+|our\\s+)?(${FOLDER_NAME})(?![\\w-])`,
  )?.[1];
  if (bare === undefined || readsRows(bare)) return { source: NONE, missing: [NO_INPUT] };
  return fromFolder(text, text.value(bare), undefined, kind, 'files');
}

function readsRows(word: string): boolean {
  return /^(?:rows?|records?|data|columns?)$/i.test(word);
}

function fromFile(path: string, extension: string): { source: Source; missing: Missing[] } {
  const format = READABLE[extension];
  if (format === undefined) {
    const known = 'csv, json, jsonl or xml';
    const what = isForeign(extension)
      ? `a way to read the format ${extension}`
      : `a data file: \`${path}\` has no known format`;
    return {
      source: { ...NONE, path },
      missing: [missingThing(what, `Data files are read as ${known}; save \`${path}\` as one of them first.`)],
    };
  }
  const steps = [
    step('read', 'file.read', { path }),
    step('parse', 'data.parse', { format, text: '${{ steps.read.output.text }}' }),
  ];
  return {
    source: {
      kind: 'file',
      path,
      format,
      steps,
      rows: '${{ steps.parse.output.rows }}',
      description: `${path} (${format})`,
    },
    missing: [],
  };
}

/** Two or more files that are named one by one: a list of their common folder. */
function fromFiles(
  text: Text,
  files: readonly Place[],
  kind: 'data' | 'merge' | 'report',
): { source: Source; missing: Missing[] } {
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  const [folder = '.'] = folders;
  if (kind === 'data' || folders.size > 1) {
    const what = `one input: ${files.map(({ path }) => `\`${path}\``).join(', ')}`;
    const hint =
      kind === 'data'
        ? 'Say "merge" to join the rows of several files, or name one.'
        : 'Files to merge must be in one folder.';
    return { source: NONE, missing: [missingThing(what, hint)] };
  }
  return fromFolder(text, folder, `{${files.map(({ path }) => nameOf(path)).join(',')}}`, kind);
}

function fromFolder(
  text: Text,
  path: string,
  pattern: string | undefined,
  kind: 'data' | 'merge' | 'report',
  noun?: string,
): { source: Source; missing: Missing[] } {
  const selection = readSelection(text);
  const glob = pattern ?? selection.glob ?? (noun === undefined ? undefined : readGlob(text));
  const extension = extensionOf((glob ?? '').replaceAll('*', 'x').replace(/\}$/, ''));
  const format = READABLE[extension];
  const one = `Several files of \`${path}\` are joined when you say "merge"; else name one file.`;
  const missing = kind === 'data' ? [missingThing('one input file', one)] : [];
  if (glob === undefined || format === undefined) {
    const what = extension === '' ? `the format of the files in \`${path}\`` : `a way to read the format ${extension}`;
    const hint = 'Say which files, such as "all csv files"; csv, json, jsonl and xml can be read.';
    return { source: { ...NONE, path }, missing: [...missing, missingThing(what, hint)] };
  }
  if (selection.tests.length > 0) {
    const hint =
      'All files that fit the pattern are read; name them by a pattern such as "csv files starting with report".';
    missing.push(missingThing('a choice among the data files by age, size or name', hint));
  }
  const steps = toFolderSteps(path, glob, selection.recursive, format);
  const description = `${glob} in ${path}`;
  return { source: { kind: 'folder', path, format, steps, rows: '${{ steps.parse.output }}', description }, missing };
}

function toFolderSteps(path: string, glob: string, recursive: boolean | undefined, format: string): Step[] {
  return [
    step('list', 'file.list', { path, glob, ...(recursive === undefined ? {} : { recursive }) }),
    step('read', 'file.read', { path: '${{ item.path }}' }, '${{ steps.list.output.files }}'),
    step('parse', 'data.parse', { format, text: '${{ item.text }}' }, '${{ steps.read.output }}'),
  ];
}
