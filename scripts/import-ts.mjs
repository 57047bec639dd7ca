// Lets scripts and the test setup use TypeScript modules without a build: one file, bundled with its relative imports.
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles into a JavaScript file that finds the packages of this project. */
export async function bundleTs(source, outfile) {
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' };
  await build({ ...options, entryPoints: [join(root, source)], outfile });
}

export async function importTs(source) {
  const dir = mkdtempSync(join(root, 'node_modules/.ts-'));
  try {
    const outfile = join(dir, 'module.mjs');
    await bundleTs(source, outfile);
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
