export { isCredentialPlace } from './credential-place.ts';
export { isInside, resolveInRoots, toGivenPath, type ResolvedPath } from './resolve-in-roots.ts';
