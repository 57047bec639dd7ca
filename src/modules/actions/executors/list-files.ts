import { lstat, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Dirent, Stats } from 'node:fs';
import { AppError } from '../../../platform/errors/index.ts';
import {
  codeOf,
  compileGlob,
  inFolder,
  isGlob,
  resolveInRoots,
  toGivenPath,
  unless,
  walkFolder,
  type PinnedFolder,
} from '../../../platform/files/index.ts';
import type { FileListParams } from '../catalogue-local.ts';
import { locate, throwIfAborted, TRASH, type FileContext } from './file-place.ts';

export type ListedFile = { path: string; name: string; extension: string; size: number; modifiedAt: string };

const MAX_FILES = 10_000;
const AT_ONCE = 64;

export async function listFiles(
  { path, glob = '*', recursive }: FileListParams,
  context: FileContext,
): Promise<{ files: ListedFile[] }> {
  const place = await locate(path, context);
  const files = await inFolder(place.root, place.absolute, { make: false }, (folder) =>
    collect(folder, { glob, recursive, root: place.root }, context),
  ).catch((error: unknown) => {
    throw explain(error, path);
  });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files };
}

function explain(error: unknown, path: string): unknown {
  if (codeOf(error) === 'ENOTDIR')
    return new AppError('file_error', `\`${path}\` is a file; \`file.read\` reads it.`, { path });
  if (codeOf(error) !== 'ENOENT' || !isGlob(path)) return error;
  return new AppError(
    'file_not_found',
    `\`${path}\` does not exist. Give the folder as \`path\` and the pattern as \`glob\`.`,
    { path },
  );
}

interface Query {
  readonly glob: string;
  readonly recursive: boolean | undefined;
  readonly root: string;
}

async function collect(folder: PinnedFolder, query: Query, context: FileContext): Promise<ListedFile[]> {
  // A pattern with a slash says itself how deep it looks.
  const isPath = query.glob.includes('/');
  const matcher = compileGlob(query.glob, { ignoreCase: true });
  const descends = query.recursive ?? isPath;
  const wantsHidden = /(^|[/{,])\./.test(query.glob);
  const trash = join(query.root, TRASH);
  const files: ListedFile[] = [];
  const enter = (name: string) =>
    descends && join(folder.path, name) !== trash && (wantsHidden || !/(^|\/)\./.test(name));
  for await (const walked of walkFolder(folder, enter)) {
    throwIfAborted(context.signal);
    const matched = walked.entries.filter(({ name }) => matcher.matches(isPath ? walked.prefix + name : name));
    files.push(...(await describeAll(walked.folder, matched, context)));
    if (files.length > MAX_FILES) {
      throw new AppError(
        'too_large',
        `\`${folder.path}\` has more than ${MAX_FILES} files that match. Narrow the \`glob\`, or list its subfolders one by one.`,
      );
    }
  }
  return files;
}

async function describeAll(
  folder: PinnedFolder,
  entries: readonly Dirent[],
  context: FileContext,
): Promise<ListedFile[]> {
  const given = await toGivenPath(folder.path, context.roots);
  const files: ListedFile[] = [];
  for (let i = 0; i < entries.length && files.length <= MAX_FILES; i += AT_ONCE) {
    const some = entries.slice(i, i + AT_ONCE);
    const stats = await Promise.all(some.map((entry) => statFile(folder, entry, context)));
    some.forEach(({ name }, n) => {
      const one = stats[n];
      if (one !== undefined) files.push(toListed(given === '' ? name : `${given}/${name}`, name, one));
    });
  }
  return files;
}

/** Only files; a link counts when what it leads to is a file inside the roots. */
async function statFile(folder: PinnedFolder, entry: Dirent, { roots }: FileContext): Promise<Stats | undefined> {
  if (entry.isFile()) return unless(['ENOENT'], lstat(folder.at(entry.name)));
  if (!entry.isSymbolicLink()) return undefined;
  const { absolute, outside } = await resolveInRoots(join(folder.path, entry.name), roots);
  const target = outside ? undefined : await unless(['ENOENT', 'ENOTDIR', 'EACCES'], stat(absolute));
  return target?.isFile() === true ? target : undefined;
}

function toListed(path: string, name: string, { size, mtime }: Stats): ListedFile {
  return { path, name, extension: extname(name).slice(1).toLowerCase(), size, modifiedAt: mtime.toISOString() };
}
