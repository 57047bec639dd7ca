import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveInRoots, toGivenPath } from './resolve-in-roots.ts';

let base: string;
let root: string;
let second: string;
let roots: string[];

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'agentos-roots-')));
  root = join(base, 'files');
  second = join(base, 'more');
  roots = [root, second];
  await mkdir(join(root, 'inbox'), { recursive: true });
  await mkdir(second);
  await mkdir(join(base, 'files-not'));
  await mkdir(join(base, 'outside', 'deep'), { recursive: true });
  await writeFile(join(root, 'inbox', 'a.csv'), 'a');
  await writeFile(join(base, 'outside', 'secret'), 's');
  await symlink(join(base, 'outside'), join(root, 'out'));
  await symlink('../outside/secret', join(root, 'file-out'));
  await symlink('../outside/not-yet', join(root, 'dangling-out'));
  await symlink('inbox', join(root, 'link-in'));
  await symlink('not-yet', join(root, 'dangling-in'));
  await symlink('loop', join(root, 'loop'));
  await symlink('a/b/../../out', join(root, 'crooked'));
  await symlink(root, join(base, 'linked-root'));
});
afterAll(() => rm(base, { recursive: true }));

const inside = (path: string, absolute: string) => ({ path, absolute });

describe('resolveInRoots', () => {
  it('takes relative paths from the first root and absolute ones in any', async () => {
    for (const { path, absolute } of [
      inside('inbox/a.csv', join(root, 'inbox/a.csv')),
      inside('', root),
      inside('.', root),
      inside('inbox/../inbox/./a.csv', join(root, 'inbox/a.csv')),
      inside(join(root, 'inbox'), join(root, 'inbox')),
      inside('not/yet/there.txt', join(root, 'not/yet/there.txt')),
      inside('inbox/a.csv/below-a-file', join(root, 'inbox/a.csv/below-a-file')),
      inside('..hidden', join(root, '..hidden')),
      inside('link-in/a.csv', join(root, 'inbox/a.csv')),
      inside('link-in/new.csv', join(root, 'inbox/new.csv')),
      inside('dangling-in', join(root, 'not-yet')),
    ]) {
      expect([path, await resolveInRoots(path, roots)]).toEqual([path, { absolute, outside: false, root }]);
    }
    expect(await resolveInRoots(join(second, 'x'), roots)).toEqual({
      absolute: join(second, 'x'),
      outside: false,
      root: second,
    });
  });

  it('calls everything else outside, whatever the detour', async () => {
    for (const { path, absolute } of [
      inside('..', base),
      inside('../outside/secret', join(base, 'outside/secret')),
      inside('inbox/../../outside', join(base, 'outside')),
      inside('/etc/passwd', '/etc/passwd'),
      inside(join(base, 'files-not', 'x'), join(base, 'files-not', 'x')),
      inside('out/secret', join(base, 'outside/secret')),
      inside('out/deep/new/file', join(base, 'outside/deep/new/file')),
      inside('file-out', join(base, 'outside/secret')),
      inside('dangling-out', join(base, 'outside/not-yet')),
      inside('crooked/secret', join(base, 'outside/secret')),
      inside('~/notes.txt', join(await realpath(homedir()), 'notes.txt')),
    ]) {
      expect([path, await resolveInRoots(path, roots)]).toEqual([path, { absolute, outside: true }]);
    }
  });

  it('calls a path outside that cannot be followed to its end', async () => {
    expect(await resolveInRoots('loop', roots)).toMatchObject({ outside: true });
    expect(await resolveInRoots('loop/x', roots)).toMatchObject({ outside: true });
    expect(await resolveInRoots('inbox/a\0.csv', roots)).toEqual({ absolute: 'inbox/a\uFFFD.csv', outside: true });
  });

  it('has no inside without roots', async () => {
    expect(await resolveInRoots('a', [])).toEqual({ absolute: '/a', outside: true });
    expect(await resolveInRoots('/a', [])).toEqual({ absolute: '/a', outside: true });
  });

  it('follows a root that is a link itself, and one that does not exist yet', async () => {
    expect(await resolveInRoots('inbox/a.csv', [join(base, 'linked-root')])).toEqual({
      absolute: join(root, 'inbox/a.csv'),
      outside: false,
      root,
    });
    const later = join(base, 'later');
    expect(await resolveInRoots('x', [later])).toMatchObject({ absolute: join(later, 'x'), outside: false });
    await symlink(join(base, 'outside'), later);
    expect(await resolveInRoots('x', [later])).toMatchObject({ absolute: join(base, 'outside', 'x'), outside: false });
  });

  it('names the innermost of nested roots', async () => {
    const inner = join(root, 'inbox');
    expect((await resolveInRoots('inbox/a.csv', [root, inner])).root).toBe(inner);
  });
});

describe('toGivenPath', () => {
  it('gives back what file actions take: relative to the first root, else absolute', async () => {
    expect(await toGivenPath(join(root, 'inbox', 'a.csv'), roots)).toBe('inbox/a.csv');
    expect(await toGivenPath(join(second, 'b'), roots)).toBe(join(second, 'b'));
  });
});
