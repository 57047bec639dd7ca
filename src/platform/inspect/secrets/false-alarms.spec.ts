import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findSecrets } from './find-secrets.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const MAX_SIZE = 60_000;

function filesBelow(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

interface Alarms {
  readonly files: number;
  readonly lines: number;
  readonly filesWithAlarm: number;
  readonly alarms: number;
  readonly suspicions: number;
}

function alarmsIn(files: readonly string[]): Alarms {
  let [lines, filesWithAlarm, alarms, suspicions] = [0, 0, 0, 0];
  for (const file of files) {
    const text = readFileSync(file, 'utf8').slice(0, MAX_SIZE);
    const spans = findSecrets(text);
    const sure = spans.filter(({ confidence }) => confidence === 'high').length;
    lines += text.split('\n').length;
    alarms += sure;
    filesWithAlarm += sure > 0 ? 1 : 0;
    suspicions += spans.length - sure;
  }
  return { files: files.length, lines, filesWithAlarm, alarms, suspicions };
}

describe('ordinary code and documents', () => {
  it('raise an alarm in fewer than 2 of 100 of our own sources', () => {
    const found = alarmsIn(
      filesBelow(join(ROOT, 'src'), /(?<!\.spec)\.ts$/).filter((file) => !file.includes('generated')),
    );
    console.log('our sources', found);
    expect(found.files).toBeGreaterThan(100);
    expect(found.filesWithAlarm / found.files).toBeLessThan(0.02);
    expect(found.alarms / found.lines).toBeLessThan(0.0005);
  });

  // Packages of several kinds: a framework, a parser, a validator, a client, a logger.
  it.each([
    '@nestjs/core',
    'yaml',
    'zod/src',
    'express',
    'undici',
    'pino/lib',
    'commander',
    'eslint/lib',
    'pg',
    'ajv/lib',
  ])('raise an alarm in fewer than 5 of 100 files of %s', (name) => {
    const all = filesBelow(join(ROOT, 'node_modules', name), /\.(?:js|mjs|cjs|ts|md|json)$/);
    const found = alarmsIn(all.filter((_, at) => at % Math.ceil(all.length / 80) === 0));
    console.log(name, found);
    expect(found.files).toBeGreaterThan(0);
    expect(found.filesWithAlarm / found.files).toBeLessThan(0.05);
  });
});
