// The analysis child straight from the sources, for tests: they need no build and never run an old one.
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dir = mkdtempSync(join(root, 'node_modules/.ts-'));
try {
  const outfile = join(dir, 'child.mjs');
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' };
  buildSync({ ...options, entryPoints: [join(root, 'src/platform/analysis/child.ts')], outfile });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
