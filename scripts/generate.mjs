// Generates the Prisma client, only when the schema or Prisma itself changed since the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'src/generated/prisma/.made-from');

const hash = createHash('sha256').update(readFileSync(join(root, 'prisma/schema.prisma')));
const stamp = hash.update(readFileSync(join(root, 'node_modules/prisma/package.json'))).digest('hex');

function isUpToDate() {
  try {
    return readFileSync(stampFile, 'utf8') === stamp;
  } catch {
    return false;
  }
}

if (!isUpToDate()) {
  rmSync(stampFile, { force: true });
  const args = [join(root, 'scripts/prisma.mjs'), 'generate', '--no-hints'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    process.stderr.write(stdout + stderr);
    process.exit(status ?? 1);
  }
  writeFileSync(stampFile, stamp);
}

const { emitPolicies } = await import('./policy-files.mjs');
await emitPolicies();
