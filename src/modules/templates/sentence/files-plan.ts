import type { JsonObject } from '../../../kernel/json.ts';
import type { Missing, Step } from '../../../kernel/run/model.ts';
import { readDeliveries } from './deliveries.ts';
import { FOLDER_NAME, readArrangement, readSelection, type Arrangement, type Selection } from './files.ts';
import { toCopies, toMoves, toPaths } from './files-expression.ts';
import { findUnread } from './leftovers.ts';
import { readOutsideStore, type OutsideStore } from './outside-store.ts';
import type { JobPlan } from './plan.ts';
import { folderOf, nameOf, takePlaces, type Place } from './places.ts';
import { missingThing, step } from './steps.ts';
import type { Text } from './text.ts';
import { verbs } from './words.ts';

interface Reading {
  readonly source: string | undefined;
  readonly glob: string;
  readonly recursive: boolean | undefined;
  readonly selection: Selection;
  readonly destination: string | undefined;
  readonly store: OutsideStore | undefined;
  readonly arrangement: Arrangement | undefined;
  /** One file that is copied or moved to another name. */
  readonly single: { readonly from: string; readonly to: string } | undefined;
  /** A backup of a whole folder keeps the paths below it. */
  readonly isWhole: boolean;
  readonly missing: Missing[];
}

/** The verbs of the job itself, which ask for nothing more: what is wanted in general, and the deed. */
const FRAME = {
  organize: [
    `\\b${verbs('organize|organise|reorganize|reorganise|tidy|clean|sort|group|order|arrange')}(?:\\s+up)?(?![\\w-])`,
    `\\b${verbs('move|put|archive|relocate')}(?![\\w-])`,
  ],
  delete: [
    `\\b${verbs('clean|clear|tidy|prune')}(?:\\s+(?:up|out))?(?![\\w-])`,
    `\\b(?:${verbs('delete|remove|erase|purge|trash')}|get\\s+rid\\s+of|throw\\s+away)(?![\\w-])`,
  ],
  copy: [
    `\\b(?:back(?:s|ed|ing)?\\s+(?:[\\w‹›¦]+\\s+){0,6}?up|(?:(?:create|make|take|do)s?\\s+a\\s+)?back-?ups?(?:\\s+of)?|${verbs('copy|mirror')}|save\\s+a\\s+copy\\s+of)(?![\\w-])`,
  ],
} as const;

/** Organise, delete or copy the files of a folder. */
export function planFiles(text: Text, kind: 'organize' | 'delete' | 'copy'): JobPlan {
  const store = kind === 'copy' || kind === 'organize' ? readOutsideStore(text) : undefined;
  const deliveries = readDeliveries(text).toSteps(undefined);
  const reading = read(text, kind, store);
  const [general, deed = general] = FRAME[kind];
  if (general !== deed) text.takeAll(general);
  text.take(deed);
  reading.missing.push(...findUnread(text));
  text.rest = '';
  const needsDestination = kind === 'copy' || (kind === 'organize' && reading.arrangement === undefined);
  const isReady =
    reading.source !== undefined && (!needsDestination || reading.destination !== undefined || store !== undefined);
  const steps = isReady ? toSteps(reading, kind) : [];
  return {
    steps: [...steps, ...deliveries.steps],
    missing: [...reading.missing, ...(store === undefined ? [] : [store.missing]), ...deliveries.missing],
    summary: describe(reading, kind),
    subject: reading.source === undefined ? '' : nameOf(reading.source),
  };
}

function read(text: Text, kind: 'organize' | 'delete' | 'copy', store: OutsideStore | undefined): Reading {
  const places = toRoles(takePlaces(text), kind);
  const { arrangement, unclear } = kind === 'organize' ? readArrangement(text) : {};
  const selection = readSelection(text);
  const outputs = places.filter(({ role }) => role === 'output');
  const inputs = places.filter(({ role }) => role === 'input');
  // "the files in Downloads ... in sorted/": the bare word is the source, the path where they go.
  const ahead = kind !== 'delete' && outputs.length === 0 ? takeFilesIn(text) : undefined;
  const output = outputs.shift() ?? (ahead === undefined ? undefined : inputs.shift());
  const input = ahead === undefined ? inputs.shift() : undefined;
  const canName = kind !== 'delete' && store === undefined;
  const destination = output?.path ?? (canName ? takeBareDestination(text) : undefined);
  const bare = ahead ?? (input === undefined ? takeBareSource(text) : undefined);
  const source = input === undefined ? bare : input.kind === 'folder' ? input.path : folderOf(input.path);
  const pattern = input === undefined || input.kind === 'folder' ? undefined : nameOf(input.path);
  const nouns = takeFileNouns(text, selection.glob ?? pattern);
  const glob = pattern ?? selection.glob;
  const isAll = glob === undefined && selection.tests.length === 0 && nouns.length === 0;
  const isWhole = kind === 'copy' && isAll && !text.has('\\bfiles?(?![\\w-])');
  const needsDestination = kind === 'copy' || (kind === 'organize' && arrangement === undefined);
  const named = needsDestination && store === undefined && output?.kind === 'file' ? output.path : undefined;
  const isOne = input?.kind === 'file' && selection.tests.length === 0;
  const single = named !== undefined && isOne ? { from: input.path, to: named } : undefined;
  const target = named === undefined || isOne ? destination : undefined;
  const missing = [
    ...(source === undefined ? [NO_FOLDER] : []),
    ...(unclear === undefined ? [] : [toUnclear(text.plain(unclear))]),
    ...[...selection.unclear, ...nouns].map((words) => missingThing(`which files are \`${words}\``, HOW_KNOWN)),
    ...[...inputs, ...outputs].map(({ path }) => missingThing(`a use for \`${path}\``, ONE_EACH)),
    ...(needsDestination && target === undefined && store === undefined
      ? [named === undefined ? NO_DESTINATION[kind] : toFolderOf(named)]
      : []),
  ];
  const recursive = isWhole ? true : selection.recursive;
  return {
    source,
    glob: glob ?? '*',
    recursive,
    selection,
    destination: target,
    store,
    arrangement,
    single,
    isWhole,
    missing,
  };
}

function toUnclear(words: string): Missing {
  return missingThing(`not understood: \`${words}\``, 'Files are organised by type, month, year or day.');
}

function toFolderOf(path: string): Missing {
  return missingThing(
    `a destination folder: \`${path}\` is named like a file`,
    `Write \`${path}/\` if it is a folder; to give one file another name, name that file as well.`,
  );
}

const NO_FOLDER = missingThing('an input folder', 'Say which folder, such as "in the Downloads folder".');
const HOW_KNOWN = 'Say how they are known, such as "jpg and png files", "older than 30 days" or "larger than 10 MB".';
const ONE_EACH = 'One source folder and one destination are understood; make another agent for the rest.';
const NO_DESTINATION = {
  copy: missingThing('a destination folder', 'Say where the copies go, such as "to backups/docs".'),
  organize: missingThing(
    'a destination folder',
    'Say where the files go, such as "to archive", or how to arrange them, such as "by type".',
  ),
} as const;

/** What is deleted is never an output; of two folders without a word such as "to" the second is where the files go. */
function toRoles(places: readonly Place[], kind: 'organize' | 'delete' | 'copy'): Place[] {
  const hasOutput = places.some(({ role }) => role === 'output');
  return places.map((place, index) => {
    if (kind === 'delete') return { ...place, role: 'input' };
    return !hasOutput && index === 1 ? { ...place, role: 'output' } : place;
  });
}

const TAIL =
  '(?=\\s*(?:[,.;:¦)]|$|\\b(?:to|into|by|and|then|on|at|in|if|that|which|older|newer|larger|including|recursively|from|every)\\b))';

function takeBareDestination(text: Text): string | undefined {
  const found = text.take(
    `\\b(?:to|into|under)\\s+(?:the\\s+|my\\s+|our\\s+|a\\s+folder\\s+called\\s+)?(${FOLDER_NAME})${TAIL}`,
  )?.[1];
  return found === undefined ? undefined : stripSlash(text.value(found));
}

function takeFilesIn(text: Text): string | undefined {
  const found = text.take(
    `(?<=\\bfiles[\\s¦]+)(?:in|from|inside|of)\\s+(?:the\\s+|my\\s+|our\\s+)?(${FOLDER_NAME})${TAIL}`,
  )?.[1];
  return found === undefined ? undefined : stripSlash(text.value(found));
}

function takeBareSource(text: Text): string | undefined {
  const verb = `(?:${verbs('organize|organise|tidy|clean|clear|copy|mirror|move|archive|backup|reorganize|reorganise|sort|arrange')}(?:\\s+(?:up|out))?|back(?:s|ed|ing)?\\s+up|backups?\\s+of)`;
  const found =
    text.take(`\\b(?:from|in|inside|of|under)\\s+(?:the\\s+|my\\s+|our\\s+)?(${FOLDER_NAME})${TAIL}`)?.[1] ??
    text.take(`\\b${verb}\\s+(?:(?:all|the|my|our|of|everything|in|contents)\\s+)*(${FOLDER_NAME})${TAIL}`)?.[1];
  return found === undefined ? undefined : stripSlash(text.value(found));
}

function stripSlash(path: string): string {
  return path.length > 1 ? path.replace(/[/\\]+$/, '') : path;
}

/** "photos", "old documents": names of things that no pattern or time follows from. */
function takeFileNouns(text: Text, glob: string | undefined): string[] {
  const nouns = text
    .takeAll(
      '\\b(?:images?|photos?|pictures?|videos?|music|songs?|documents?|spreadsheets?|screenshots?|invoices|receipts)(?:\\s+files?)?(?![\\w-])',
    )
    .map(([words]) => words.trim());
  return glob === undefined || glob === '*' ? nouns : [];
}

function toSingle({ from, to }: NonNullable<Reading['single']>, kind: 'organize' | 'delete' | 'copy'): Step[] {
  if (kind === 'organize') return [step('move', 'file.move', { from, to })];
  const content = '${{ steps.read.output.text }}';
  return [
    step('read', 'file.read', { path: from, encoding: 'base64' }),
    step('write', 'file.write', { path: to, content, encoding: 'base64' }),
  ];
}

function toSteps(reading: Reading, kind: 'organize' | 'delete' | 'copy'): Step[] {
  const { source = '.', glob, recursive, selection, destination, arrangement, store, single } = reading;
  if (single !== undefined) return toSingle(single, kind);
  const needsNow = selection.tests.some((test) => test.kind === 'age');
  const input: JsonObject = {
    files: '${{ steps.list.output.files }}',
    ...(needsNow ? { now: '${{ run.startedAt }}' } : {}),
  };
  const list = step('list', 'file.list', { path: source, glob, ...(recursive === undefined ? {} : { recursive }) });
  const select = (expression: string): Step => step('select', 'data.transform', { input, expression });
  const chosen = '${{ steps.select.output.result }}';
  if (kind === 'delete')
    return [list, select(toPaths(selection)), step('delete', 'file.delete', { path: '${{ item.path }}' }, chosen)];
  if (kind === 'organize' && store === undefined) {
    const moves = select(toMoves(selection, destination ?? source, arrangement));
    return [list, moves, step('move', 'file.move', { from: '${{ item.from }}', to: '${{ item.to }}' }, chosen)];
  }
  const copies = select(toCopies(selection, store?.prefix ?? destination ?? '', reading.isWhole ? source : undefined));
  const readAll = step('read', 'file.read', { path: '${{ item.from }}', encoding: 'base64' }, chosen);
  const content = '${{ steps.read.output[index].text }}';
  if (store !== undefined)
    return [
      list,
      copies,
      readAll,
      step('store', 'storage.put', { ...store.params, key: '${{ item.to }}', content }, chosen),
    ];
  return [
    list,
    copies,
    readAll,
    step('write', 'file.write', { path: '${{ item.to }}', content, encoding: 'base64' }, chosen),
  ];
}

function describe(reading: Reading, kind: 'organize' | 'delete' | 'copy'): JobPlan['summary'] {
  const { source, glob, destination, arrangement, store, single } = reading;
  if (single !== undefined)
    return {
      source: single.from,
      processing: kind === 'organize' ? 'Move the file' : 'Copy the file',
      output: single.to,
    };
  const which = glob === '*' ? 'all files' : `files like ${glob}`;
  const verb = { organize: 'Move', delete: 'Delete', copy: 'Copy' }[kind];
  const target = store?.name ?? destination ?? (arrangement === undefined ? 'Not named yet' : (source ?? ''));
  return {
    source:
      source === undefined
        ? 'Not named yet'
        : `${which} in ${source}${reading.recursive === true ? ', subfolders included' : ''}`,
    processing: `${verb} ${reading.selection.tests.length > 0 ? 'the files that fit' : which}${arrangement === undefined ? '' : ` into folders by ${arrangement}`}`,
    output: kind === 'delete' ? 'Trash of the root' : target,
  };
}
