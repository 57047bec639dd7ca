import { AppError, type ErrorCode } from '../errors/index.ts';

const FAILURES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['file_not_found', 'does not exist'],
  EEXIST: ['file_exists', 'already exists'],
  ENOTEMPTY: ['file_exists', 'already exists and is not empty'],
  ENOSPC: [
    'storage_full',
    'could not be written: the disk is full. Nothing was changed; free some space and try again',
  ],
  EDQUOT: [
    'storage_full',
    'could not be written: the disk quota is used up. Nothing was changed; free some space and try again',
  ],
  EACCES: [
    'file_error',
    'may not be touched by the user that the server runs as; check the owner and mode of the file and its folder',
  ],
  EPERM: [
    'file_error',
    'may not be touched by the user that the server runs as; check the owner and mode of the file and its folder',
  ],
  EROFS: ['file_error', 'is on a file system that is mounted read-only'],
  EISDIR: ['file_error', 'is a folder, not a file'],
  ENOTDIR: ['file_error', 'lies below something that is a file, not a folder'],
  ENAMETOOLONG: ['file_error', 'has a name that is too long for the file system'],
  ELOOP: ['path_refused', 'was replaced by a symbolic link in the meantime'],
  EMFILE: ['unavailable', 'could not be opened: too many files are open at the moment'],
  ENFILE: ['unavailable', 'could not be opened: too many files are open at the moment'],
  EBUSY: ['file_error', 'is in use'],
};

/** What went wrong with a file, in words, with the path as it was given. */
export function toFileFailure(error: unknown, given: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const [known, words] = FAILURES[code ?? ''] ?? ['file_error', `could not be worked on (${code ?? 'unknown cause'})`];
  return new AppError(known, `\`${given}\` ${words}.`, { path: given }, { cause: error });
}

export function codeOf(error: unknown): string | undefined {
  return error !== null && typeof error === 'object' && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** The result, or undefined when the file system answers with one of these codes. */
export async function unless<T>(codes: readonly string[], work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
