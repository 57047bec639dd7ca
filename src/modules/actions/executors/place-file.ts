import { link, lstat, rename, unlink } from 'node:fs/promises';
import { AppError } from '../../../platform/errors/index.ts';
import { codeOf, unless } from '../../../platform/files/index.ts';

/** File systems without hard links answer one of these. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EOPNOTSUPP'];

/** Gives a file or folder its final name at once. With `replace` false, whatever is there stays and `file_exists` is thrown. */
export async function placeAt(from: string, to: string, options: { replace: boolean; given: string }): Promise<void> {
  if (options.replace) return rename(from, to);
  const isFolder = (await lstat(from)).isDirectory();
  if (isFolder) return renameUnlessThere(from, to, options.given);
  try {
    // Unlike a rename, making a link fails when the name is taken, without a moment between looking and doing.
    await link(from, to);
  } catch (error) {
    if (NO_LINKS.includes(codeOf(error) ?? '')) return renameUnlessThere(from, to, options.given);
    throw codeOf(error) === 'EEXIST' ? exists(options.given) : error;
  }
  await unlink(from);
}

/** Renaming a folder replaces at most an empty folder, so nothing is lost even if one appears in between. */
async function renameUnlessThere(from: string, to: string, given: string): Promise<void> {
  if ((await unless(['ENOENT'], lstat(to))) !== undefined) throw exists(given);
  await rename(from, to);
}

export function exists(given: string): AppError {
  return new AppError(
    'file_exists',
    `\`${given}\` already exists, and was left as it is. Choose another name, or allow it to be overwritten.`,
    { path: given },
  );
}
