import { constants, existsSync } from 'node:fs';
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../errors/index.ts';
import { codeOf } from './file-failure.ts';

/** Linux only: a descriptor that stands for a folder without the right to list it. */
const O_PATH = 0o10000000;
const DESCRIPTORS = '/proc/self/fd';
const canPin = process.platform === 'linux' && existsSync(DESCRIPTORS);

/**
 * A folder held by its descriptor and reached from its root one name at a time without following links: whatever is renamed or
 * replaced meanwhile, what is done `at` a name of it is done in this very folder. Where the system cannot do that, every name on
 * the way is looked at instead.
 */
export class PinnedFolder {
  readonly path: string;
  readonly #handle: FileHandle | undefined;

  private constructor(path: string, handle: FileHandle | undefined) {
    this.path = path;
    this.#handle = handle;
  }

  /** `path` must be resolved and inside `root`. With `make`, missing folders are made. */
  static async open(root: string, path: string, options: { make: boolean }): Promise<PinnedFolder> {
    if (options.make) await mkdir(root, { recursive: true });
    let folder = await PinnedFolder.#openOne(root, root);
    for (const name of relative(root, path).split(sep)) {
      if (name === '') continue;
      const parent = folder;
      try {
        folder = await parent.child(name, options);
      } finally {
        await parent.close();
      }
    }
    return folder;
  }

  /** The path to use for a name in this folder; a name is one part of a path. */
  at(name: string): string {
    return join(this.#handle === undefined ? this.path : `${DESCRIPTORS}/${this.#handle.fd}`, name);
  }

  /** The folder itself. */
  get self(): string {
    return this.#handle === undefined ? this.path : `${DESCRIPTORS}/${this.#handle.fd}/.`;
  }

  async child(name: string, options: { make: boolean } = { make: false }): Promise<PinnedFolder> {
    const path = join(this.path, name);
    try {
      return await PinnedFolder.#openOne(this.at(name), path);
    } catch (error) {
      if (!options.make || codeOf(error) !== 'ENOENT') throw error;
    }
    await mkdir(this.at(name)).catch((error: unknown) => {
      // Somebody else made it at the same time.
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    return PinnedFolder.#openOne(this.at(name), path);
  }

  /** Makes the names in this folder survive a power cut, as far as the file system can. */
  async sync(): Promise<void> {
    const handle = await open(this.self, constants.O_RDONLY).catch(() => undefined);
    await handle?.sync().catch(() => undefined);
    await handle?.close();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  static async #openOne(at: string, path: string): Promise<PinnedFolder> {
    if (canPin) {
      const handle = await open(at, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch((error: unknown) =>
        refuseLink(error, at, path),
      );
      return new PinnedFolder(path, handle);
    }
    const stat = await lstat(at);
    if (stat.isSymbolicLink()) throw replaced(path);
    if (!stat.isDirectory()) throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR' });
    return new PinnedFolder(path, undefined);
  }
}

/** A link and a file both answer ENOTDIR; only the link is suspicious. */
async function refuseLink(error: unknown, at: string, path: string): Promise<never> {
  if (codeOf(error) === 'ENOTDIR' && (await lstat(at)).isSymbolicLink()) throw replaced(path);
  throw error;
}

function replaced(path: string): AppError {
  return new AppError(
    'path_refused',
    `\`${dirname(path)}\` changed while it was worked on: a name in it became a symbolic link. Try again.`,
  );
}

/** Does some work in a pinned folder and lets go of it. */
export async function inFolder<T>(
  root: string,
  path: string,
  options: { make: boolean },
  work: (folder: PinnedFolder) => Promise<T>,
): Promise<T> {
  const folder = await PinnedFolder.open(root, path, options);
  try {
    return await work(folder);
  } finally {
    await folder.close();
  }
}
