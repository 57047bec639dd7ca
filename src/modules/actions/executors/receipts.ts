import type { BigIntStats } from 'node:fs';
import { lstat, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { passSeam } from '../../../platform/crash/index.ts';
import { inFolder, unless } from '../../../platform/files/index.ts';
import { TRASH } from './file-place.ts';

/** What an action was about to do, written before it does it: a repeat after a crash can tell whether it was done. */
const Receipt = z.strictObject({
  /** Identity of the file that ends up at the destination. */
  file: z.string().optional(),
  /** Identity of the file or folder that goes away. */
  source: z.string().optional(),
  /** Size of the file before something was appended. */
  size: z.number().optional(),
});
export type Receipt = z.infer<typeof Receipt>;

const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
const sweptRoots = new Set<string>();

export async function findReceipt(root: string, actionId: string): Promise<Receipt | undefined> {
  return unless(
    ['ENOENT'],
    inReceipts(root, false, async (at) => Receipt.parse(JSON.parse(await readFile(at(`${actionId}.json`), 'utf8')))),
  );
}

export async function writeReceipt(root: string, actionId: string, receipt: Receipt): Promise<void> {
  await inReceipts(root, true, async (at) => {
    const part = at(`${actionId}.part`);
    const handle = await open(part, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(receipt));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, at(`${actionId}.json`));
    passSeam('file.receipt');
    if (sweptRoots.has(root)) return;
    sweptRoots.add(root);
    await sweep(at, (await lstat(at(`${actionId}.json`))).mtimeMs);
  });
}

async function inReceipts<T>(
  root: string,
  make: boolean,
  work: (at: (name: string) => string) => Promise<T>,
): Promise<T> {
  return inFolder(root, join(root, TRASH, '.receipts'), { make }, (folder) => work((name) => folder.at(name)));
}

/** Ages are measured with the file system's own clock: against the receipt just written. */
async function sweep(at: (name: string) => string, nowMs: number): Promise<void> {
  for (const name of await readdir(at('.'))) {
    const stats = await unless(['ENOENT'], lstat(at(name)));
    if (stats !== undefined && stats.mtimeMs + KEEP_MS < nowMs) await unless(['ENOENT'], unlink(at(name)));
  }
}

/** Stays the same when a file is renamed or linked, and is not given to another file: inode numbers alone are used again. */
export function identityOf(stats: BigIntStats): string {
  return `${stats.ino}:${stats.birthtimeNs}`;
}

export async function findIdentity(path: string): Promise<string | undefined> {
  const stats = await unless(['ENOENT', 'ENOTDIR'], lstat(path, { bigint: true }));
  return stats === undefined ? undefined : identityOf(stats);
}
