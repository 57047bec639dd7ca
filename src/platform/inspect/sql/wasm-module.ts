import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Beside the bundle, or in the package where this runs unbundled. */
function locate(file: string, entry: string, place: string): string {
  const beside = new URL(file, import.meta.url);
  if (existsSync(beside)) return fileURLToPath(beside);
  return fileURLToPath(new URL(`${place}/${file}`, `file://${createRequire(import.meta.url).resolve(entry)}`));
}

export async function compileWasm(file: string, entry: string, place: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(locate(file, entry, place)));
}
