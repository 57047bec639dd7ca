import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { AppError } from '../errors/index.ts';
import { codeOf } from './file-failure.ts';
import type { PinnedFolder } from './pinned-folder.ts';

export interface WalkedFolder {
  /** Relative to where the walk began, with `/` at its end; empty for the beginning itself. */
  readonly prefix: string;
  readonly entries: readonly Dirent[];
  /** Only valid until the next one is asked for. */
  readonly folder: PinnedFolder;
}

const MAX_SEEN = 100_000;
const MAX_DEPTH = 64;

/** The folder and those below it that `descend` wants, by their path; never through a link. */
export async function* walkFolder(
  folder: PinnedFolder,
  descend: (path: string) => boolean,
): AsyncGenerator<WalkedFolder> {
  yield* walk(folder, '', { seen: 0, depth: 0 }, descend);
}

interface State {
  seen: number;
  depth: number;
}

async function* walk(
  folder: PinnedFolder,
  prefix: string,
  state: State,
  descend: (path: string) => boolean,
): AsyncGenerator<WalkedFolder> {
  const entries = await readdir(folder.self, { withFileTypes: true });
  state.seen += entries.length;
  if (state.seen > MAX_SEEN || state.depth > MAX_DEPTH) {
    throw new AppError(
      'too_large',
      `\`${folder.path}\` holds more than ${MAX_SEEN} entries or ${MAX_DEPTH} levels. Name a folder further down.`,
    );
  }
  yield { prefix, entries, folder };
  for (const { name } of entries.filter((entry) => entry.isDirectory() && descend(prefix + entry.name))) {
    const child = await openChild(folder, name);
    if (child === undefined) continue;
    state.depth++;
    try {
      yield* walk(child, `${prefix}${name}/`, state, descend);
    } finally {
      state.depth--;
      await child.close();
    }
  }
}

/** Undefined when it went away since its name was read. */
async function openChild(folder: PinnedFolder, name: string): Promise<PinnedFolder | undefined> {
  try {
    return await folder.child(name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
