export { isCredentialPlace } from './credential-place.ts';
export { codeOf, toFileFailure, unless } from './file-failure.ts';
export { compileGlob, isGlob, type Glob } from './glob.ts';
export { inFolder, PinnedFolder } from './pinned-folder.ts';
export { holdsRoot, isInside, resolveInRoots, toGivenPath, type ResolvedPath } from './resolve-in-roots.ts';
export { walkFolder, type WalkedFolder } from './walk-folder.ts';
