import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { permit } from '../../../../test/support/permits.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { AppError } from '../../../platform/errors/index.ts';
import { CATALOGUE } from '../catalogue.ts';
import { FilesExecutor } from './files.executor.ts';

let base: string;
let root: string;
let executor: FilesExecutor;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'agentos-files-')));
  root = join(base, 'files');
  await mkdir(join(base, 'outside'));
  await writeFile(join(base, 'outside', 'secret.txt'), 'secret');
  await put({
    'inbox/b.csv': 'b',
    'inbox/A.CSV': 'aa',
    'inbox/deep/c.csv': 'c',
    'inbox/note.md': 'n',
    'inbox/.env': 'x',
    'inbox/.hidden/d.csv': 'd',
  });
  executor = new FilesExecutor(readConfig({ AGENTOS_FILE_ROOTS: root }));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function act(
  type: string,
  params: JsonObject,
  actionId: string = randomUUID(),
  signal = new AbortController().signal,
): Promise<JsonObject> {
  const output = await executor.execute(permit(type, params), { actionId, signal });
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

const paths = async (params: JsonObject) =>
  ((await act('file.list', params))['files'] as { path: string }[]).map((file) => file.path);
const read = (path: string) => readFile(join(root, path), 'utf8');

describe('file.list', () => {
  it('describes each file so that its path can be given back', async () => {
    await utimes(join(root, 'inbox/A.CSV'), new Date(0), new Date('2025-01-02T03:04:05.678Z'));
    const { files } = await act('file.list', { path: 'inbox', glob: '*.csv' });
    expect(files).toEqual([
      { path: 'inbox/A.CSV', name: 'A.CSV', extension: 'csv', size: 2, modifiedAt: '2025-01-02T03:04:05.678Z' },
      { path: 'inbox/b.csv', name: 'b.csv', extension: 'csv', size: 1, modifiedAt: expect.any(String) },
    ]);
    expect(await act('file.read', { path: (files as { path: string }[])[0]?.path ?? '' })).toEqual({
      text: 'aa',
      size: 2,
    });
  });

  it('goes into subfolders only when asked, by word or by pattern', async () => {
    expect(await paths({ path: 'inbox' })).toEqual(['inbox/A.CSV', 'inbox/b.csv', 'inbox/note.md']);
    expect(await paths({ path: 'inbox', recursive: true, glob: '*.csv' })).toEqual([
      'inbox/A.CSV',
      'inbox/b.csv',
      'inbox/deep/c.csv',
    ]);
    expect(await paths({ path: '.', glob: 'inbox/*.md' })).toEqual(['inbox/note.md']);
    expect(await paths({ path: '.', glob: '**/c.*' })).toEqual(['inbox/deep/c.csv']);
  });

  it('shows hidden files only to a pattern that names them, and never the trash', async () => {
    await act('file.delete', { path: 'inbox/note.md' });
    const { files } = await act('file.list', { path: '.', glob: '**/.*' });
    expect(files).toEqual([
      { path: 'inbox/.env', name: '.env', extension: '', size: 1, modifiedAt: expect.any(String) },
    ]);
    expect((await paths({ path: '.', recursive: true })).some((path) => path.includes('.trash'))).toBe(false);
  });

  it('gives absolute paths below the other roots', async () => {
    const other = join(base, 'outside');
    executor = new FilesExecutor(readConfig({ AGENTOS_FILE_ROOTS: [root, other].join(delimiter) }));
    expect(await paths({ path: other })).toEqual([join(other, 'secret.txt')]);
  });

  it('does not follow links out of the roots, nor linked folders, nor count what is no file', async () => {
    await symlink(join(base, 'outside', 'secret.txt'), join(root, 'out.txt'));
    await symlink(join(base, 'outside'), join(root, 'out'));
    await symlink('gone', join(root, 'dangling'));
    await symlink('inbox/b.csv', join(root, 'in.csv'));
    await symlink('.', join(root, 'circle'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await paths({ path: '.', recursive: true, glob: '{out*,dangling,in.csv,pipe,secret*}' })).toEqual([
      'in.csv',
    ]);
  });

  it('says what is wrong with a folder', async () => {
    expect(await failureOf(act('file.list', { path: 'nowhere' }))).toBe('file_not_found: `nowhere` does not exist.');
    expect(await failureOf(act('file.list', { path: 'inbox/b.csv' }))).toContain('is a file; `file.read` reads it');
    expect(await failureOf(act('file.list', { path: 'inbox/*.csv' }))).toContain('the pattern as `glob`');
    expect(await failureOf(act('file.list', { path: '../outside' }))).toContain('path_refused');
  });

  it('lists ten thousand files and refuses one more', async () => {
    await mkdir(join(root, 'many'));
    await Promise.all(Array.from({ length: 10_000 }, (_, i) => writeFile(join(root, 'many', `f${i}`), '')));
    expect(await paths({ path: 'many' })).toHaveLength(10_000);
    await writeFile(join(root, 'many', 'one-more'), '');
    expect(await failureOf(act('file.list', { path: 'many' }))).toMatch(/^too_large: .*Narrow the `glob`/);
    expect(await paths({ path: 'many', glob: 'f1*' })).toHaveLength(1111);
  });
});

describe('file.read', () => {
  it('reads text and bytes', async () => {
    await writeFile(join(root, 'utf8.txt'), '\uFEFFä€');
    await writeFile(join(root, 'bytes'), Buffer.from([0xff, 0x00]));
    expect(await act('file.read', { path: 'utf8.txt' })).toEqual({ text: '\uFEFFä€', size: 8 });
    expect(await act('file.read', { path: 'bytes', encoding: 'base64' })).toEqual({ text: '/wA=', size: 2 });
    expect(await act('file.read', { path: join(root, 'inbox/b.csv') })).toEqual({ text: 'b', size: 1 });
    expect(await failureOf(act('file.read', { path: 'bytes' }))).toMatch(/not UTF-8 text.*`encoding: base64`/);
  });

  it('reads up to the cap, 8 MB unless told', async () => {
    await writeFile(join(root, 'eight'), 'x');
    await truncate(join(root, 'eight'), 8 * 1024 * 1024);
    expect((await act('file.read', { path: 'eight' }))['size']).toBe(8_388_608);
    await truncate(join(root, 'eight'), 8 * 1024 * 1024 + 1);
    expect(await failureOf(act('file.read', { path: 'eight' }))).toMatch(/^too_large: .*`maxBytes` \(8388608\)/);
    expect(await failureOf(act('file.read', { path: 'inbox/A.CSV', maxBytes: 1 }))).toContain('too_large');
    expect(await act('file.read', { path: 'inbox/A.CSV', maxBytes: 2 })).toEqual({ text: 'aa', size: 2 });
  });

  it('refuses what is outside, missing, a folder or a pipe', async () => {
    await symlink(join(base, 'outside', 'secret.txt'), join(root, 'out.txt'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await failureOf(act('file.read', { path: 'out.txt' }))).toContain('path_refused');
    expect(await failureOf(act('file.read', { path: '/etc/passwd' }))).toContain('path_refused');
    expect(await failureOf(act('file.read', { path: 'a\0' }))).toContain('path_refused');
    expect(await failureOf(act('file.read', { path: 'no/such' }))).toBe('file_not_found: `no/such` does not exist.');
    expect(await failureOf(act('file.read', { path: 'inbox' }))).toContain('`file.list` shows');
    expect(await failureOf(act('file.read', { path: 'pipe' }))).toContain('neither a file nor a folder');
    expect(await failureOf(act('file.read', { path: 'inbox/b.csv/x' }))).toContain(
      'lies below something that is a file',
    );
  });

  it('does nothing when it is already cancelled', async () => {
    const signal = AbortSignal.abort(new AppError('timeout', 'too long'));
    expect(await failureOf(act('file.read', { path: 'inbox/b.csv' }, undefined, signal))).toBe('timeout: too long');
    expect(await failureOf(act('file.write', { path: 'new', content: '' }, undefined, AbortSignal.abort()))).toContain(
      'cancelled',
    );
    expect(await readdir(root)).toEqual(['inbox']);
  });
});

describe('file.write', () => {
  it('writes, replaces and appends, making folders', async () => {
    expect(await act('file.write', { path: 'out/new/a.txt', content: 'ä' })).toEqual({
      path: 'out/new/a.txt',
      bytes: 2,
    });
    await act('file.write', { path: 'out/new/a.txt', content: 'second' });
    expect(await act('file.write', { path: 'out/new/a.txt', content: '!', mode: 'append' })).toEqual({
      path: 'out/new/a.txt',
      bytes: 1,
    });
    expect(await read('out/new/a.txt')).toBe('second!');
    await act('file.write', { path: 'out/b', content: '/w A=\n', encoding: 'base64' });
    expect(await readFile(join(root, 'out/b'))).toEqual(Buffer.from([0xff, 0]));
    expect(await failureOf(act('file.write', { path: 'out/b', content: 'no base64!', encoding: 'base64' }))).toContain(
      'invalid_input',
    );
    expect(await readdir(join(root, 'out'))).toEqual(['b', 'new']);
  });

  it('keeps the mode of a file that it replaces', async () => {
    await chmod(join(root, 'inbox/b.csv'), 0o640);
    await act('file.write', { path: 'inbox/b.csv', content: 'new' });
    expect((await stat(join(root, 'inbox/b.csv'))).mode & 0o777).toBe(0o640);
  });

  it('writes what a link inside the roots leads to, and never what one outside does', async () => {
    await symlink('b.csv', join(root, 'inbox/link'));
    await symlink(join(base, 'outside', 'secret.txt'), join(root, 'out.txt'));
    await symlink(join(base, 'outside', 'fresh'), join(root, 'fresh'));
    await symlink(join(base, 'outside'), join(root, 'out'));
    await act('file.write', { path: 'inbox/link', content: 'through' });
    expect(await read('inbox/b.csv')).toBe('through');
    for (const path of ['out.txt', 'fresh', 'out/new', '../x'])
      expect(await failureOf(act('file.write', { path, content: '' }))).toContain('path_refused');
    expect(await readdir(join(base, 'outside'))).toEqual(['secret.txt']);
    expect(await readFile(join(base, 'outside', 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('refuses folders, pipes and the trash', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await failureOf(act('file.write', { path: 'inbox', content: '' }))).toContain('is a folder');
    expect(await failureOf(act('file.write', { path: '.', content: '' }))).toContain('is a folder');
    expect(await failureOf(act('file.write', { path: 'pipe', content: '' }))).toContain('not a plain file');
    expect(await failureOf(act('file.write', { path: '.trash/x', content: '' }))).toContain('in the trash');
    expect(await failureOf(act('file.write', { path: 'x'.repeat(300), content: '' }))).toContain(
      'name that is too long',
    );
  });

  it('creates only what is not there, also when two try at once', async () => {
    expect(await failureOf(act('file.write', { path: 'inbox/b.csv', content: 'b', mode: 'create' }))).toContain(
      'file_exists',
    );
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => act('file.write', { path: 'once', content: `${i}`, mode: 'create' })),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect((await readdir(root)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('answers the repeat of a finished create, and finishes one that a crash cut', async () => {
    const id = randomUUID();
    const params = { path: 'report.md', content: 'r', mode: 'create' };
    const first = await act('file.write', params, id);
    expect(await act('file.write', params, id)).toEqual(first);
    expect(await failureOf(act('file.write', params))).toContain('file_exists');
    // Killed between giving the final name and taking away the other one.
    await link(join(root, 'report.md'), join(root, `.${id}.part`));
    expect(await act('file.write', params, id)).toEqual(first);
    expect(await readdir(root)).toEqual(['.trash', 'inbox', 'report.md']);
    // Killed while writing: half a file under the other name.
    const cut = randomUUID();
    await writeFile(join(root, `.${cut}.part`), 'hal');
    await act('file.write', { path: 'other.md', content: 'whole', mode: 'create' }, cut);
    expect([await read('other.md'), (await stat(join(root, 'other.md'))).nlink]).toEqual(['whole', 1]);
  });

  it('appends once however often it is repeated, and completes a cut append', async () => {
    const id = randomUUID();
    const params = { path: 'log.txt', content: 'line two\n', mode: 'append' };
    await put({ 'log.txt': 'line one\n' });
    await act('file.write', params, id);
    await act('file.write', { path: 'log.txt', content: 'line three\n', mode: 'append' });
    await act('file.write', params, id);
    expect(await read('log.txt')).toBe('line one\nline two\nline three\n');
    await truncate(join(root, 'log.txt'), 'line one\nline'.length);
    await act('file.write', params, id);
    expect(await read('log.txt')).toBe('line one\nline two\n');
  });

  it('loses no line of many appends at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => act('file.write', { path: 'log', content: `${i}\n`, mode: 'append' })),
    );
    expect(
      (await read('log'))
        .split('\n')
        .filter(Boolean)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('never shows half of a file to a reader', async () => {
    const contents = ['a'.repeat(300_000), 'b'.repeat(300_000)];
    await put({ busy: contents[0] ?? '' });
    let isWriting = true;
    const writing = (async () => {
      for (let i = 0; i < 30; i++) await act('file.write', { path: 'busy', content: contents[i % 2] ?? '' });
      isWriting = false;
    })();
    while (isWriting) expect(contents).toContain(await read('busy'));
    await writing;
  });
});

describe('a full disk', () => {
  const disk = () => join(base, 'files', 'disk');
  const isRoot = process.getuid?.() === 0;
  // A small file system of its own needs the right to mount one.
  const onSmallDisk = isRoot && canMount() ? it : it.skip;

  function canMount(): boolean {
    const at = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at], { stdio: 'ignore' });
      execFileSync('umount', [at]);
      return true;
    } catch {
      return false;
    }
  }

  onSmallDisk('leaves what was there and nothing half-written', async () => {
    await mkdir(disk());
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk()]);
    try {
      executor = new FilesExecutor(readConfig({ AGENTOS_FILE_ROOTS: disk() }));
      await act('file.write', { path: 'a.txt', content: 'old' });
      const content = 'x'.repeat(1_000_000);
      for (const mode of ['overwrite', 'append'])
        expect(await failureOf(act('file.write', { path: 'a.txt', content, mode }))).toMatch(
          /^storage_full: .*disk is full/,
        );
      expect(await failureOf(act('file.write', { path: 'b.txt', content, mode: 'create' }))).toContain('storage_full');
      expect(await readFile(join(disk(), 'a.txt'), 'utf8')).toBe('old');
      expect((await readdir(disk())).filter((name) => name !== '.trash')).toEqual(['a.txt']);
      await act('file.write', { path: 'c.txt', content: 'still works' });
    } finally {
      execFileSync('umount', [disk()]);
    }
  });
});
