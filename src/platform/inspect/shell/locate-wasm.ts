import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const PACKAGES = {
  'web-tree-sitter.wasm': 'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-bash.wasm': 'tree-sitter-bash/tree-sitter-bash.wasm',
} as const;
export type WasmName = keyof typeof PACKAGES;

/** Beside the bundle, or in `node_modules` where this runs unbundled. */
export function locateWasm(name: WasmName, from: string = import.meta.url): string {
  const beside = fileURLToPath(new URL(name, from));
  return existsSync(beside) ? beside : createRequire(from).resolve(PACKAGES[name]);
}
