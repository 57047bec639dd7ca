import { relative, sep } from 'node:path';
import type { Facts } from '../../../kernel/policy/facts.ts';
import { isGlob } from '../../../platform/files/glob.ts';
import { isCredentialPlace, resolveInRoots } from '../../../platform/files/index.ts';
import type { Subject } from '../subject.ts';

const EXTENSION = /\.([A-Za-z0-9]{1,10})$/;

export async function toFileFacts(
  { paths, recursive, bytes }: Pick<Subject, 'paths' | 'recursive' | 'bytes'>,
  roots: readonly string[],
): Promise<Facts['file']> {
  const resolved = await Promise.all(paths.map((path) => resolveInRoots(path, roots)));
  const absolute = resolved.map((path) => path.absolute);
  const extensions = absolute.flatMap((path) => EXTENSION.exec(path)?.[1]?.toLowerCase() ?? []);
  return {
    path: absolute[0] ?? '',
    paths: absolute,
    relativePaths: resolved.flatMap(({ absolute: path, root }) =>
      root === undefined ? [] : [relative(root, path).split(sep).join('/')],
    ),
    extensions: [...new Set(extensions)],
    // Where `..` among wildcards leads is known only for each match: such a path counts as outside.
    outsideRoots: resolved.some(({ outside }) => outside) || paths.some((path) => isGlob(path) && path.includes('..')),
    recursive,
    wildcard: paths.some(isGlob),
    // A link named `.env` is one too, wherever it leads.
    credentialPlace: [...paths, ...absolute].some(isCredentialPlace),
    bytes,
  };
}
