import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { permit } from '../../../../test/support/permits.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { AppError } from '../../../platform/errors/index.ts';
import { CATALOGUE } from '../catalogue.ts';
import { FilesExecutor } from './files.executor.ts';
import { identityOf, writeReceipt } from './receipts.ts';

let base: string;
let root: string;
let executor: FilesExecutor;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'agentos-moved-')));
  root = join(base, 'files');
  await mkdir(join(base, 'outside'));
  await writeFile(join(base, 'outside', 'secret.txt'), 'secret');
  await put({ 'inbox/a.csv': 'a', 'inbox/b.csv': 'b', 'inbox/deep/c.csv': 'c', 'inbox/note.md': 'n' });
  executor = new FilesExecutor(readConfig({ AGENTOS_FILE_ROOTS: root }));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function act(type: string, params: JsonObject, actionId: string = randomUUID()): Promise<JsonObject> {
  const output = await executor.execute(permit(type, params), {
    actionId,
    signal: new AbortController().signal,
  });
  CATALOGUE.get(type)?.output.parse(output);
  return output;
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

const read = (path: string) => readFile(join(root, path), 'utf8');
const tree = async () => (await readdir(root, { recursive: true })).filter((path) => !path.startsWith('.trash')).sort();
const BEFORE = ['inbox', 'inbox/a.csv', 'inbox/b.csv', 'inbox/deep', 'inbox/deep/c.csv', 'inbox/note.md'];

describe('file.move', () => {
  it('moves files and folders, making folders on the way', async () => {
    expect(await act('file.move', { from: 'inbox/a.csv', to: 'archive/2025/a.csv' })).toEqual({
      path: 'archive/2025/a.csv',
    });
    expect(await act('file.move', { from: 'inbox/deep', to: 'archive/deep' })).toEqual({ path: 'archive/deep' });
    expect([await read('archive/2025/a.csv'), await read('archive/deep/c.csv')]).toEqual(['a', 'c']);
    expect(await tree()).not.toContain('inbox/a.csv');
    expect(await act('file.move', { from: 'inbox/b.csv', to: 'inbox/b.csv' })).toEqual({ path: 'inbox/b.csv' });
  });

  it('replaces only when told, and never a folder', async () => {
    expect(await failureOf(act('file.move', { from: 'inbox/a.csv', to: 'inbox/b.csv' }))).toContain('file_exists');
    expect(await read('inbox/b.csv')).toBe('b');
    await act('file.move', { from: 'inbox/a.csv', to: 'inbox/b.csv', overwrite: true });
    expect(await read('inbox/b.csv')).toBe('a');
    for (const overwrite of [true, false]) {
      expect(await failureOf(act('file.move', { from: 'inbox/b.csv', to: 'inbox/deep', overwrite }))).toContain(
        'such as `inbox/deep/b.csv`',
      );
    }
  });

  it('lets one of many movers have a name', async () => {
    await put(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`in/${i}`, `${i}`])));
    const moves = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => act('file.move', { from: `in/${i}`, to: 'one' })),
    );
    expect(moves.filter((move) => move.status === 'fulfilled')).toHaveLength(1);
    expect((await readdir(join(root, 'in'))).length).toBe(7);
  });

  it('refuses roots, links, the outside, itself and what is missing', async () => {
    await symlink('a.csv', join(root, 'inbox/link'));
    await symlink(join(base, 'outside'), join(root, 'out'));
    expect(await failureOf(act('file.move', { from: '.', to: 'x' }))).toContain('an allowed folder itself');
    expect(await failureOf(act('file.move', { from: 'inbox/link', to: 'x' }))).toContain(
      'is a symbolic link; name what it leads to',
    );
    expect(await failureOf(act('file.move', { from: 'out/secret.txt', to: 'x' }))).toContain('path_refused');
    expect(await failureOf(act('file.move', { from: 'inbox/a.csv', to: 'out/a.csv' }))).toContain('path_refused');
    expect(await failureOf(act('file.move', { from: 'inbox/a.csv', to: '../a.csv' }))).toContain('path_refused');
    expect(await failureOf(act('file.move', { from: 'inbox', to: 'inbox/deep/inbox' }))).toContain('into itself');
    expect(await failureOf(act('file.move', { from: 'gone', to: 'x' }))).toBe('file_not_found: `gone` does not exist.');
    expect(await failureOf(act('file.move', { from: 'gone/gone', to: 'x' }))).toContain('file_not_found');
    expect(await readdir(join(base, 'outside'))).toEqual(['secret.txt']);
  });

  it('answers the repeat of a finished move, and a new action finds nothing', async () => {
    const id = randomUUID();
    const params = { from: 'inbox/deep/c.csv', to: 'archive/c.csv' };
    const first = await act('file.move', params, id);
    await rm(join(root, 'inbox/deep'), { recursive: true });
    expect(await act('file.move', params, id)).toEqual(first);
    expect(await failureOf(act('file.move', params))).toContain('file_not_found');
  });

  it('finishes a move that a crash cut between the new name and the old', async () => {
    const id = randomUUID();
    await mkdir(join(root, 'archive'));
    await act('file.move', { from: 'inbox/a.csv', to: 'archive/a.csv' }, id);
    await link(join(root, 'archive/a.csv'), join(root, 'inbox/a.csv'));
    await act('file.move', { from: 'inbox/a.csv', to: 'archive/a.csv' }, id);
    expect([existsSync(join(root, 'inbox/a.csv')), await read('archive/a.csv')]).toEqual([false, 'a']);
  });

  it('does not take a file that came later for the one it moved', async () => {
    const id = randomUUID();
    await act('file.move', { from: 'inbox/a.csv', to: 'archive/a.csv' }, id);
    await put({ 'inbox/a.csv': 'new' });
    await act('file.move', { from: 'inbox/a.csv', to: 'archive/a.csv' }, id);
    expect([await read('inbox/a.csv'), await read('archive/a.csv')]).toEqual(['new', 'a']);
  });
});

describe('moving between devices', () => {
  const other = '/dev/shm';
  // Two file systems are needed; the memory one is there on every Linux.
  const between = existsSync(other) ? it : it.skip;
  let shm: string;
  beforeEach(async () => {
    if (!existsSync(other)) return;
    shm = await mkdtemp(join(other, 'agentos-'));
    executor = new FilesExecutor(readConfig({ AGENTOS_FILE_ROOTS: [root, shm].join(delimiter) }));
  });
  afterEach(() => rmSync(shm, { recursive: true, force: true }));

  between('copies completely before the original goes', async () => {
    expect(await act('file.move', { from: 'inbox/a.csv', to: join(shm, 'x/a.csv') })).toEqual({
      path: join(shm, 'x/a.csv'),
    });
    await act('file.move', { from: 'inbox/deep', to: join(shm, 'deep') });
    expect([await readFile(join(shm, 'x/a.csv'), 'utf8'), await readFile(join(shm, 'deep/c.csv'), 'utf8')]).toEqual([
      'a',
      'c',
    ]);
    expect(await tree()).toEqual(['inbox', 'inbox/b.csv', 'inbox/note.md']);
    await writeFile(join(shm, 'taken'), 't');
    expect(await failureOf(act('file.move', { from: 'inbox/b.csv', to: join(shm, 'taken') }))).toContain('file_exists');
    expect([await readFile(join(shm, 'taken'), 'utf8'), await read('inbox/b.csv')]).toEqual(['t', 'b']);
    expect((await readdir(shm)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  between('finishes after a crash between the copy and the end of the original', async () => {
    const id = randomUUID();
    const { lstat } = await import('node:fs/promises');
    await writeFile(join(shm, 'a.csv'), 'a');
    const [file, source] = await Promise.all(
      [join(shm, 'a.csv'), join(root, 'inbox/a.csv')].map(async (path) =>
        identityOf(await lstat(path, { bigint: true })),
      ),
    );
    await writeReceipt(shm, id, { file: file ?? '', source: source ?? '' });
    await act('file.move', { from: 'inbox/a.csv', to: join(shm, 'a.csv') }, id);
    expect(existsSync(join(root, 'inbox/a.csv'))).toBe(false);
  });
});

describe('file.delete', () => {
  it('moves into the trash, from where file.move brings it back', async () => {
    const id = randomUUID();
    expect(await act('file.delete', { path: 'inbox/deep/c.csv' }, id)).toEqual({
      trashed: [`.trash/${id}/inbox/deep/c.csv`],
    });
    expect(await tree()).not.toContain('inbox/deep/c.csv');
    await act('file.move', { from: `.trash/${id}/inbox/deep/c.csv`, to: 'inbox/deep/c.csv' });
    expect([await tree(), await read('inbox/deep/c.csv')]).toEqual([BEFORE, 'c']);
  });

  it('deletes a folder only as a whole and when told', async () => {
    const id = randomUUID();
    expect(await failureOf(act('file.delete', { path: 'inbox' }))).toContain('`recursive: true`');
    expect(await tree()).toEqual(BEFORE);
    expect(await act('file.delete', { path: 'inbox/', recursive: true }, id)).toEqual({
      trashed: [`.trash/${id}/inbox`],
    });
    expect([await tree(), await read(`.trash/${id}/inbox/deep/c.csv`)]).toEqual([[], 'c']);
  });

  it('takes wildcards: files by default, folders with recursive, hidden names only when named', async () => {
    await put({ 'inbox/.keep.csv': 'k' });
    const trashed = async (params: JsonObject) => {
      const id = randomUUID();
      return ((await act('file.delete', params, id))['trashed'] as string[]).map((path) =>
        path.replace(`.trash/${id}/`, ''),
      );
    };
    expect(await trashed({ path: 'inbox/*.csv' })).toEqual(['inbox/a.csv', 'inbox/b.csv']);
    expect(await trashed({ path: 'inbox/*.CSV' })).toEqual([]);
    expect(await trashed({ path: `${root}/**/*.csv` })).toEqual(['inbox/deep/c.csv'].map((path) => path));
    expect(await trashed({ path: 'inbox/*', recursive: true })).toEqual(['inbox/deep', 'inbox/note.md']);
    expect(await tree()).toEqual(['inbox', 'inbox/.keep.csv']);
    expect(await trashed({ path: '*', recursive: true })).toEqual(['inbox']);
  });

  it('takes a name with wildcard characters as it is when there is such a file', async () => {
    await put({ 'report[1].csv': 'r', 'report1.csv': 'other' });
    const id = randomUUID();
    expect(await act('file.delete', { path: 'report[1].csv' }, id)).toEqual({
      trashed: [`.trash/${id}/report[1].csv`],
    });
    expect(await read('report1.csv')).toBe('other');
  });

  it('refuses the root, the trash, links, the outside and what is missing', async () => {
    await symlink(join(base, 'outside', 'secret.txt'), join(root, 'out.txt'));
    await symlink('a.csv', join(root, 'inbox/link'));
    await symlink(join(base, 'outside'), join(root, 'out'));
    await act('file.delete', { path: 'inbox/note.md' });
    for (const path of ['.', root, `${root}/`])
      expect(await failureOf(act('file.delete', { path, recursive: true }))).toContain('an allowed folder itself');
    expect(await failureOf(act('file.delete', { path: '..', recursive: true }))).toContain('path_refused');
    expect(await failureOf(act('file.delete', { path: '.trash', recursive: true }))).toContain('in the trash');
    expect(await failureOf(act('file.delete', { path: 'out.txt' }))).toContain('path_refused');
    expect(await failureOf(act('file.delete', { path: 'inbox/link' }))).toContain('symbolic link');
    expect(await failureOf(act('file.delete', { path: '../outside/*' }))).toContain('path_refused');
    expect(await failureOf(act('file.delete', { path: '/*', recursive: true }))).toContain('path_refused');
    expect(await failureOf(act('file.delete', { path: 'gone' }))).toContain('file_not_found');
    // A pattern does not go through links, nor take them.
    expect(await act('file.delete', { path: 'out/**' }).catch((error: unknown) => (error as AppError).code)).toBe(
      'path_refused',
    );
    expect(await act('file.delete', { path: '{out*,out/*}' })).toEqual({ trashed: [] });
    expect(await readdir(join(base, 'outside'))).toEqual(['secret.txt']);
  });

  it('deletes nothing by a pattern that also matches credentials or an allowed folder', async () => {
    await put({ 'inbox/.env': 'x', 'keys/server.pem': 'k' });
    expect(await failureOf(act('file.delete', { path: '**/*.{csv,pem}' }))).toMatch(
      /matches `keys\/server\.pem`, where credentials live/,
    );
    executor = new FilesExecutor(readConfig({ AGENTOS_FILE_ROOTS: [root, join(root, 'inbox')].join(delimiter) }));
    expect(await failureOf(act('file.delete', { path: '*', recursive: true }))).toContain('an allowed folder itself');
    expect(await failureOf(act('file.delete', { path: 'inbox', recursive: true }))).toContain(
      'an allowed folder itself',
    );
    expect(await tree()).toEqual(['inbox', 'inbox/.env', ...BEFORE.slice(1), 'keys', 'keys/server.pem']);
  });

  it('answers the repeat of a finished or half-finished deletion, and leaves what came later', async () => {
    const id = randomUUID();
    const first = await act('file.delete', { path: 'inbox/*.csv' }, id);
    expect(await act('file.delete', { path: 'inbox/*.csv' }, id)).toEqual(first);
    // Killed after the first of the two.
    await rename(join(root, `.trash/${id}/inbox/b.csv`), join(root, 'inbox/b.csv'));
    await put({ 'inbox/a.csv': 'came later' });
    expect(await act('file.delete', { path: 'inbox/*.csv' }, id)).toEqual(first);
    expect([await read('inbox/a.csv'), existsSync(join(root, 'inbox/b.csv'))]).toEqual(['came later', false]);
    const one = randomUUID();
    const single = await act('file.delete', { path: 'inbox/note.md' }, one);
    expect(await act('file.delete', { path: 'inbox/note.md' }, one)).toEqual(single);
    expect(await failureOf(act('file.delete', { path: 'inbox/note.md' }))).toContain('file_not_found');
  });
});

describe('a folder that becomes a link while it is worked on', () => {
  it('never leads an action outside', async () => {
    const swap = join(root, 'swap');
    const aside = join(root, 'aside');
    await put({ 'swap/secret.txt': 'inside' });
    let isSwapping = true;
    const swapping = (async () => {
      while (isSwapping) {
        await rename(swap, aside);
        // A write may have made the folder anew in between.
        await symlink(join(base, 'outside'), swap).catch(() => undefined);
        await new Promise((resolve) => setImmediate(resolve));
        // A write may fill the folder while it is being removed: then it is removed once more.
        do await rm(swap, { recursive: true, force: true }).catch(() => undefined);
        while (
          !(await rename(aside, swap).then(
            () => true,
            () => false,
          ))
        );
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const outcomes = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const work = [
        act('file.read', { path: 'swap/secret.txt' }).then((output) => output['text'] as string),
        act('file.write', { path: 'swap/new.txt', content: 'n' }).then(() => 'written'),
        act('file.list', { path: 'swap' }).then(
          (output) => `listed ${JSON.stringify((output['files'] as { size: number }[]).length)}`,
        ),
      ];
      for (const one of await Promise.allSettled(work))
        outcomes.add(one.status === 'fulfilled' ? one.value : (one.reason as AppError).code);
    }
    isSwapping = false;
    await swapping;
    expect([...outcomes].some((outcome) => ['inside', 'written', 'listed 1', 'listed 2'].includes(outcome))).toBe(true);
    expect([...outcomes].some((outcome) => ['path_refused', 'file_not_found'].includes(outcome))).toBe(true);
    expect(outcomes).not.toContain('secret');
    expect(await readdir(join(base, 'outside'))).toEqual(['secret.txt']);
  });
});
