import { lstat, readlink, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

export interface ResolvedPath {
  /** Where the path really leads: absolute, every symbolic link followed, no `..`. */
  readonly absolute: string;
  /** Not inside any root; also true when the path cannot be followed to its end. */
  readonly outside: boolean;
  /** The root that holds it, itself resolved; absent when outside. */
  readonly root?: string;
}

const MAX_LINKS = 40;
const realRoots = new Map<string, string>();

/**
 * Where `path` leads: absolute, below the home folder (`~/`), or relative to the first root. A part that does not exist yet counts
 * as a plain name, so new files can be resolved too.
 */
export async function resolveInRoots(path: string, roots: readonly string[]): Promise<ResolvedPath> {
  if (path.includes('\0')) return { absolute: path.replaceAll('\0', '\uFFFD'), outside: true };
  const base = roots[0];
  const expanded = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  if (base === undefined && !isAbsolute(expanded)) return { absolute: resolve(sep, expanded), outside: true };
  const lexical = resolve(base ?? sep, expanded);
  const absolute = await followLinks(lexical);
  if (absolute === undefined) return { absolute: lexical, outside: true };
  const root = await rootOf(absolute, roots);
  return root === undefined ? { absolute, outside: true } : { absolute, outside: false, root };
}

/** The path as people give it: relative to the first root (with `/`) when inside it, else absolute. */
export async function toGivenPath(absolute: string, roots: readonly string[]): Promise<string> {
  const first = roots[0];
  if (first === undefined) return absolute;
  const root = await toRealRoot(first);
  return isInside(absolute, root) ? relative(root, absolute).split(sep).join('/') : absolute;
}

export function isInside(absolute: string, root: string): boolean {
  return absolute === root || absolute.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Whether the path is a root or a folder above one. */
export async function holdsRoot(absolute: string, roots: readonly string[]): Promise<boolean> {
  const real = await Promise.all(roots.map(toRealRoot));
  return real.some((root) => isInside(root, absolute));
}

/** The innermost root that holds the path. */
async function rootOf(absolute: string, roots: readonly string[]): Promise<string | undefined> {
  const real = await Promise.all(roots.map(toRealRoot));
  return real.filter((root) => isInside(absolute, root)).sort((a, b) => b.length - a.length)[0];
}

async function toRealRoot(root: string): Promise<string> {
  const known = realRoots.get(root);
  if (known !== undefined) return known;
  const lexical = resolve(root);
  try {
    const real = await realpath(lexical);
    realRoots.set(root, real);
    return real;
  } catch {
    // Not cached: the root may be made later, and then be a link.
    return (await followLinks(lexical)) ?? lexical;
  }
}

/** Like `realpath`, but names after the deepest existing folder are kept, and a dangling link leads to where it points. */
async function followLinks(lexical: string): Promise<string | undefined> {
  const names = lexical.split(sep);
  let at = names.shift() + sep;
  let links = 0;
  while (names.length > 0) {
    const name = names.shift() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const target = await readLinkAt(next);
    if (target === undefined) {
      at = next;
    } else {
      if (++links > MAX_LINKS) return undefined;
      names.unshift(...target.split(sep));
      if (isAbsolute(target)) at = sep;
    }
  }
  return at;
}

async function readLinkAt(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch {
    return undefined;
  }
}
