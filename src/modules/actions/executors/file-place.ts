import { basename, dirname, join, normalize, relative, sep } from 'node:path';
import { AppError } from '../../../platform/errors/index.ts';
import { holdsRoot, isInside, resolveInRoots } from '../../../platform/files/index.ts';

/** What a file action works with: the allowed roots and the action that it belongs to. */
export interface FileContext {
  readonly roots: readonly string[];
  readonly actionId: string;
  readonly signal: AbortSignal;
}

/** A path looked at immediately before acting on it. */
export interface FilePlace {
  readonly given: string;
  readonly absolute: string;
  readonly root: string;
  /** The folder it is in, and its name there. */
  readonly folder: string;
  readonly name: string;
}

/** Hidden in each root: what was deleted, by action; never emptied by the server. */
export const TRASH = '.trash';

/** Where the path leads now. Throws `path_refused` outside the roots, whatever was decided before. */
export async function locate(given: string, { roots }: FileContext): Promise<FilePlace> {
  const { absolute, root } = await resolveInRoots(given, roots);
  if (root === undefined) {
    throw new AppError(
      'path_refused',
      `\`${given}\` is outside the folders that file actions may touch: ${roots.map((one) => `\`${one}\``).join(', ')}.`,
      {
        path: given,
      },
    );
  }
  return {
    given,
    absolute,
    root,
    folder: absolute === root ? root : dirname(absolute),
    name: absolute === root ? '.' : basename(absolute),
  };
}

/** For moving and deleting: the name itself is what changes, so it must not be a link, a root, or part of the trash. */
export async function locateMovable(
  given: string,
  context: FileContext,
  options: { from: boolean },
): Promise<FilePlace> {
  const place = await locate(given, context);
  if (await holdsRoot(place.absolute, context.roots))
    throw refused(given, 'is an allowed folder itself, or holds one; name something inside it');
  await refuseLink(place, context);
  if (!options.from) refuseTrash(place);
  return place;
}

/** Nothing is written to or deleted from the trash but by `file.delete`; moving out of it is how files come back. */
export function refuseTrash({ given, absolute, root }: FilePlace): void {
  if (isInside(absolute, join(root, TRASH)))
    throw refused(given, `is in the trash; bring it back with \`file.move\` first`);
}

async function refuseLink(place: FilePlace, { roots }: FileContext): Promise<void> {
  const plain = normalize(place.given).replace(/[/\\]+$/, '');
  const parent = await resolveInRoots(dirname(plain), roots);
  if (join(parent.absolute, basename(plain)) === place.absolute) return;
  throw refused(place.given, `is a symbolic link; name what it leads to: \`${place.absolute}\``);
}

function refused(given: string, why: string): AppError {
  return new AppError('path_refused', `\`${given}\` ${why}.`, { path: given });
}

/** The path below its root, with `/`. */
export function belowRoot({ absolute, root }: FilePlace): string {
  return relative(root, absolute).split(sep).join('/');
}

export function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  throw reason instanceof AppError
    ? reason
    : new AppError('cancelled', 'The action was cancelled before it changed anything.');
}
