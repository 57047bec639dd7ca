import { cp, lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../platform/errors/index.ts';
import {
  codeOf,
  compileGlob,
  holdsRoot,
  inFolder,
  isCredentialPlace,
  isGlob,
  toGivenPath,
  unless,
  walkFolder,
  type PinnedFolder,
} from '../../../platform/files/index.ts';
import type { FileDeleteParams } from '../catalogue-local.ts';
import {
  belowRoot,
  locate,
  locateMovable,
  throwIfAborted,
  TRASH,
  type FileContext,
  type FilePlace,
} from './file-place.ts';

const MAX_ENTRIES = 10_000;

/** Moves what the path names into the trash of its root. Nothing is removed for good. */
export async function deleteFiles(
  { path, recursive = false }: FileDeleteParams,
  context: FileContext,
): Promise<{ trashed: string[] }> {
  const named =
    isGlob(path) && !(await isThere(path, context))
      ? await expand(path, recursive, context)
      : await locateOne(path, recursive, context);
  throwIfAborted(context.signal);
  const trashed: string[] = [];
  for (const { root, below } of named) {
    const bin = join(root, TRASH, context.actionId);
    await trash(root, below, bin);
    trashed.push(await toGivenPath(join(bin, below), context.roots));
  }
  return { trashed: trashed.sort() };
}

interface Named {
  readonly root: string;
  /** Relative to the root, with `/`. */
  readonly below: string;
}

async function isThere(path: string, context: FileContext): Promise<boolean> {
  const { absolute } = await locate(path, context);
  return (await unless(['ENOENT', 'ENOTDIR'], lstat(absolute))) !== undefined;
}

async function locateOne(path: string, recursive: boolean, context: FileContext): Promise<Named[]> {
  const place = await locateMovable(path, context, { from: false });
  const named = { root: place.root, below: belowRoot(place) };
  const stats = await unless(['ENOENT', 'ENOTDIR'], lstat(place.absolute));
  const isTrashed =
    (await unless(['ENOENT', 'ENOTDIR'], lstat(join(place.root, TRASH, context.actionId, named.below)))) !== undefined;
  if (stats === undefined && !isTrashed)
    throw new AppError('file_not_found', `\`${path}\` does not exist, so nothing was deleted.`, { path });
  if (stats?.isDirectory() === true && !recursive) {
    throw new AppError(
      'file_error',
      `\`${path}\` is a folder. Pass \`recursive: true\` to delete it with everything in it.`,
      { path },
    );
  }
  return [named];
}

/** What a pattern matches now, together with what an earlier attempt of the same action has already moved. */
async function expand(pattern: string, recursive: boolean, context: FileContext): Promise<Named[]> {
  const parts = pattern.split('/');
  const first = parts.findIndex(isGlob);
  const base = await locate(parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.'), context);
  const prefix = belowRoot(base);
  const search = { glob: parts.slice(first).join('/'), recursive, context };
  const found = new Set<string>();
  for (const folder of [base.absolute, join(base.root, TRASH, context.actionId, prefix)]) {
    for (const path of await findMatches(base, folder, search)) found.add(prefix === '' ? path : `${prefix}/${path}`);
  }
  const secret = [...found].find((below) => isCredentialPlace(join(base.root, below)));
  if (secret !== undefined) {
    throw new AppError(
      'path_refused',
      `\`${pattern}\` matches \`${secret}\`, where credentials live. Nothing was deleted; use a narrower pattern.`,
      { path: pattern },
    );
  }
  for (const below of found) await requireNoRoot(join(base.root, below), pattern, context);
  return [...found].map((below) => ({ root: base.root, below }));
}

async function requireNoRoot(absolute: string, pattern: string, { roots }: FileContext): Promise<void> {
  if (!(await holdsRoot(absolute, roots))) return;
  throw new AppError(
    'path_refused',
    `\`${pattern}\` matches \`${absolute}\`, an allowed folder itself. Nothing was deleted; use a narrower pattern.`,
  );
}

interface Search {
  readonly glob: string;
  readonly recursive: boolean;
  readonly context: FileContext;
}

async function findMatches(base: FilePlace, start: string, { glob, recursive, context }: Search): Promise<string[]> {
  const matcher = compileGlob(glob, { ignoreCase: false });
  const trashFolder = join(base.root, TRASH);
  const found: string[] = [];
  const search = async (folder: PinnedFolder) => {
    const isOpen = (path: string) =>
      glob.includes('/') && !(recursive && matcher.matches(path)) && join(folder.path, path) !== trashFolder;
    for await (const { prefix, entries } of walkFolder(folder, isOpen)) {
      throwIfAborted(context.signal);
      for (const entry of entries) {
        const path = prefix + entry.name;
        const isFolder = entry.isDirectory() && recursive && join(folder.path, path) !== trashFolder;
        if ((entry.isFile() || isFolder) && matcher.matches(path)) found.push(path);
      }
      if (found.length > MAX_ENTRIES) {
        throw new AppError(
          'too_large',
          `\`${base.given}\` has more than ${MAX_ENTRIES} entries that match. Nothing was deleted; use a narrower pattern.`,
        );
      }
    }
  };
  await unless(['ENOENT', 'ENOTDIR'], inFolder(base.root, start, { make: false }, search));
  return found;
}

async function trash(root: string, below: string, bin: string): Promise<void> {
  const name = basename(below);
  await unless(
    // Gone since it was looked for, or on an earlier attempt.
    ['ENOENT'],
    inFolder(root, dirname(join(root, below)), { make: false }, (from) =>
      inFolder(root, dirname(join(bin, below)), { make: true }, async (to) => {
        // What stands there now came after the first attempt: it is not what was to be deleted.
        if ((await unless(['ENOENT'], lstat(to.at(name)))) !== undefined) return;
        await moveInto(from.at(name), to.at(name));
        await Promise.all([from.sync(), to.sync()]);
      }),
    ),
  );
}

async function moveInto(source: string, target: string): Promise<void> {
  try {
    await rename(source, target);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    const part = `${target}.part`;
    await rm(part, { recursive: true, force: true });
    await cp(source, part, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    await rename(part, target);
    await rm(source, { recursive: true });
  }
}
