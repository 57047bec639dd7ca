import { cp, lstat, open, rm } from 'node:fs/promises';
import { AppError } from '../../../platform/errors/index.ts';
import { codeOf, inFolder, isInside, toGivenPath, unless } from '../../../platform/files/index.ts';
import type { FileMoveParams } from '../catalogue-local.ts';
import { locateMovable, throwIfAborted, type FileContext, type FilePlace } from './file-place.ts';
import { exists, placeAt } from './place-file.ts';
import { findIdentity, findReceipt, writeReceipt } from './receipts.ts';

export async function moveFile(
  { from, to, overwrite = false }: FileMoveParams,
  context: FileContext,
): Promise<{ path: string }> {
  const source = await locateMovable(from, context, { from: true });
  const target = await locateMovable(to, context, { from: false });
  const path = await toGivenPath(target.absolute, context.roots);
  if (source.absolute !== target.absolute && isInside(target.absolute, source.absolute))
    throw new AppError('file_error', `\`${to}\` is inside \`${from}\`; a folder cannot be moved into itself.`);
  throwIfAborted(context.signal);
  if (!(await isDone(source, target, context))) await pinAndMove({ from: source, to: target, overwrite, context });
  return { path };
}

interface Asked {
  readonly from: FilePlace;
  readonly to: FilePlace;
  readonly overwrite: boolean;
  readonly context: FileContext;
}

/** The same, with the paths to use inside pinned folders. */
interface Move extends Asked {
  readonly source: string;
  readonly target: string;
  readonly part: string;
}

async function pinAndMove(asked: Asked): Promise<void> {
  const { from, to, context } = asked;
  await inFolder(from.root, from.folder, { make: false }, (sources) =>
    inFolder(to.root, to.folder, { make: true }, async (targets) => {
      await move({
        ...asked,
        source: sources.at(from.name),
        target: targets.at(to.name),
        part: targets.at(`.${context.actionId}.part`),
      });
      await Promise.all([sources.sync(), targets.sync()]);
    }),
  );
}

async function move(moving: Move): Promise<void> {
  const { source, target, from, to, overwrite, context } = moving;
  const stats = await unless(['ENOENT'], lstat(source));
  if (stats === undefined)
    throw new AppError('file_not_found', `\`${from.given}\` does not exist.`, { path: from.given });
  if (from.absolute === to.absolute) return;
  await requireFree(moving);
  await writeReceipt(to.root, context.actionId, { file: (await findIdentity(source)) ?? '' });
  try {
    await placeAt(source, target, { replace: overwrite, given: to.given });
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await moveAcrossDevices(moving);
  }
}

async function requireFree({ target, to, overwrite, from }: Move): Promise<void> {
  const there = await unless(['ENOENT'], lstat(target));
  if (there === undefined) return;
  if (there.isDirectory()) {
    throw new AppError(
      'file_exists',
      `\`${to.given}\` is a folder. Give the full new path, such as \`${to.given}/${from.name}\`.`,
      { path: to.given },
    );
  }
  if (!overwrite) throw exists(to.given);
}

/** Whether this very action already brought the file to its place; finishes what a crash left half done. */
async function isDone(from: FilePlace, to: FilePlace, { actionId }: FileContext): Promise<boolean> {
  const receipt = await findReceipt(to.root, actionId);
  if (receipt?.file === undefined || receipt.file !== (await findIdentity(to.absolute))) return false;
  const left = await findIdentity(from.absolute);
  if (left !== undefined && (left === receipt.file || left === receipt.source)) {
    await inFolder(from.root, from.folder, { make: false }, (folder) => rm(folder.at(from.name), { recursive: true }));
  }
  return true;
}

/** The copy is complete and on the disk before it gets its name, and only then the original goes. */
async function moveAcrossDevices({ source, target, part, to, overwrite, context }: Move): Promise<void> {
  try {
    await rm(part, { recursive: true, force: true });
    await cp(source, part, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
      errorOnExist: true,
      force: false,
    });
    await syncFile(part);
    const [file = '', gone = ''] = await Promise.all([findIdentity(part), findIdentity(source)]);
    await writeReceipt(to.root, context.actionId, { file, source: gone });
    throwIfAborted(context.signal);
    await placeAt(part, target, { replace: overwrite, given: to.given });
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
  await rm(source, { recursive: true });
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
