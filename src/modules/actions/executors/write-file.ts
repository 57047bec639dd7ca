import { constants } from 'node:fs';
import { lstat, open, unlink, type FileHandle } from 'node:fs/promises';
import { passSeam } from '../../../platform/crash/index.ts';
import { AppError } from '../../../platform/errors/index.ts';
import { inFolder, toGivenPath, unless, type PinnedFolder } from '../../../platform/files/index.ts';
import type { FileWriteParams } from '../catalogue-local.ts';
import { locate, refuseTrash, throwIfAborted, type FileContext, type FilePlace } from './file-place.ts';
import { exists, placeAt } from './place-file.ts';
import { findIdentity, findReceipt, writeReceipt } from './receipts.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

export async function writeFile(
  params: FileWriteParams,
  context: FileContext,
): Promise<{ path: string; bytes: number }> {
  const { path, mode = 'overwrite' } = params;
  const bytes = toBytes(params);
  const place = await locate(path, context);
  refuseTrash(place);
  throwIfAborted(context.signal);
  await inFolder(place.root, place.folder, { make: true }, async (folder) => {
    await requireWritable(folder, place);
    if (mode === 'append') await oneAtATime(place.absolute, () => append(folder, place, bytes, context));
    else await replace(folder, place, bytes, { context, isNew: mode === 'create' });
    await folder.sync();
  });
  return { path: await toGivenPath(place.absolute, context.roots), bytes: bytes.length };
}

function toBytes({ path, content, encoding = 'utf8' }: FileWriteParams): Buffer {
  const text = encoding === 'base64' ? content.replace(/\s/g, '') : content;
  if (encoding === 'base64' && !BASE64.test(text)) {
    throw new AppError(
      'invalid_input',
      `The \`content\` for \`${path}\` is not base64. Leave \`encoding\` out for plain text.`,
    );
  }
  return Buffer.from(text, encoding);
}

async function requireWritable(folder: PinnedFolder, { given, absolute, root, name }: FilePlace): Promise<void> {
  const stats = absolute === root ? undefined : await unless(['ENOENT'], lstat(folder.at(name)));
  if (absolute === root || stats?.isDirectory() === true)
    throw new AppError('file_error', `\`${given}\` is a folder; add the name of a file.`, { path: given });
  if (stats !== undefined && !stats.isFile())
    throw new AppError('file_error', `\`${given}\` is not a plain file, and is not written.`, { path: given });
}

/** Everything is on the disk under another name before the file changes, so nobody ever sees half of it. */
async function replace(
  folder: PinnedFolder,
  place: FilePlace,
  bytes: Buffer,
  options: { context: FileContext; isNew: boolean },
): Promise<void> {
  const { actionId, signal } = options.context;
  const part = folder.at(`.${actionId}.part`);
  const target = folder.at(place.name);
  if (options.isNew && (await isDone(target, place.root, actionId)))
    return void (await unless(['ENOENT'], unlink(part)));
  if (options.isNew && (await findIdentity(target)) !== undefined) throw exists(place.given);
  try {
    await writePart(part, target, bytes);
    if (options.isNew) await writeReceipt(place.root, actionId, { file: (await findIdentity(part)) ?? '' });
    throwIfAborted(signal);
    await placeAt(part, target, { replace: !options.isNew, given: place.given });
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  }
}

async function isDone(target: string, root: string, actionId: string): Promise<boolean> {
  const receipt = await findReceipt(root, actionId);
  return receipt?.file !== undefined && receipt.file === (await findIdentity(target));
}

async function writePart(part: string, target: string, bytes: Buffer): Promise<void> {
  const mode = (await unless(['ENOENT'], lstat(target)))?.mode;
  await unless(['ENOENT'], unlink(part));
  const handle = await open(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW);
  try {
    await handle.writeFile(bytes);
    if (mode !== undefined) await handle.chmod(mode & 0o777);
    await handle.sync();
    passSeam('file.part');
  } finally {
    await handle.close();
  }
}

async function append(folder: PinnedFolder, place: FilePlace, bytes: Buffer, { actionId }: FileContext): Promise<void> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(folder.at(place.name), flags);
  try {
    const receipt = await findReceipt(place.root, actionId);
    if (receipt?.size !== undefined && (await finishAppend(handle, receipt.size, bytes))) return;
    const { size } = await handle.stat();
    await writeReceipt(place.root, actionId, { size });
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } catch (error) {
      await handle.truncate(size);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

/** After a crash: true when the bytes are there; takes away the beginning of them when only that is. */
async function finishAppend(handle: FileHandle, before: number, bytes: Buffer): Promise<boolean> {
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - before)), 0, undefined, before);
  const added = buffer.subarray(0, bytesRead);
  if (added.includes(bytes)) return true;
  if (added.length > 0 && bytes.subarray(0, added.length).equals(added)) await handle.truncate(before);
  return false;
}

const working = new Map<string, Promise<unknown>>();

/** Two appends to one file take turns: taking back a failed one must not take the other's bytes. */
async function oneAtATime<T>(path: string, work: () => Promise<T>): Promise<T> {
  const turn = (working.get(path) ?? Promise.resolve()).then(work, work);
  const settled = turn.catch(() => undefined);
  working.set(path, settled);
  try {
    return await turn;
  } finally {
    if (working.get(path) === settled) working.delete(path);
  }
}
