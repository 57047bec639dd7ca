import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../../platform/errors/index.ts';
import { inFolder } from '../../../platform/files/index.ts';
import type { FileReadParams } from '../catalogue-local.ts';
import { locate, type FileContext } from './file-place.ts';

const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

export async function readFile(params: FileReadParams, context: FileContext): Promise<{ text: string; size: number }> {
  const { path, encoding = 'utf8', maxBytes = DEFAULT_MAX_BYTES } = params;
  const place = await locate(path, context);
  const bytes = await inFolder(place.root, place.folder, { make: false }, async (folder) => {
    // Without O_NONBLOCK opening a pipe would wait for its writer.
    const handle = await open(folder.at(place.name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return await readAll(handle, path, maxBytes);
    } finally {
      await handle.close();
    }
  });
  return { text: encoding === 'base64' ? bytes.toString('base64') : decode(bytes, path), size: bytes.length };
}

async function readAll(handle: FileHandle, path: string, maxBytes: number): Promise<Buffer> {
  const stats = await handle.stat();
  if (stats.isDirectory())
    throw new AppError('file_error', `\`${path}\` is a folder; \`file.list\` shows what is in it.`, { path });
  if (!stats.isFile())
    throw new AppError('file_error', `\`${path}\` is neither a file nor a folder, and is not read.`, { path });
  if (stats.size > maxBytes) throw tooLarge(path, stats.size, maxBytes);
  // The size may be 0 for files that the system makes up, or change meanwhile: what counts is what is read.
  const chunks: Buffer[] = [];
  for (let size = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, maxBytes + 1 - size)));
    if (bytesRead === 0) return Buffer.concat(chunks, size);
    chunks.push(buffer.subarray(0, bytesRead));
    size += bytesRead;
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
  }
}

function tooLarge(path: string, size: number, maxBytes: number): AppError {
  return new AppError(
    'too_large',
    `\`${path}\` has ${size} bytes, more than \`maxBytes\` (${maxBytes}). Raise \`maxBytes\`, or read a smaller file.`,
    {
      path,
      size,
      maxBytes,
    },
  );
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AppError('file_error', `\`${path}\` is not UTF-8 text. Read it with \`encoding: base64\`.`, { path });
  }
}
