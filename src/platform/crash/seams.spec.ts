import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCrashPlan } from '../config/index.ts';
import { Log } from '../telemetry/log.ts';
import { forgetCrash, isWrite, passSeam, passStatement, planCrash } from './seams.ts';

const IMPORT_TS = join(process.cwd(), 'scripts/import-ts.mjs');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seams-'));
});
afterEach(() => {
  forgetCrash();
  rmSync(dir, { recursive: true });
});

describe('seams', () => {
  it('are counted from the moment the harness arms them, reads apart', () => {
    planCrash({ at: 0, dir }, new Log('error'));
    passSeam('commit.before');
    expect(existsSync(join(dir, 'passes'))).toBe(false);
    writeFileSync(join(dir, 'armed'), '');
    passSeam('commit.after');
    passStatement('statement.before', 'SELECT 1');
    passStatement('statement.after', 'UPDATE run SET fence = 1');
    expect(readFileSync(join(dir, 'passes'), 'utf8')).toBe('commit.after\nstatement.after\n');
  });
});

describe('a process that is to die at a seam', () => {
  it('counts the passes of that one only, and dies at the planned one', () => {
    const entry = 'src/platform/crash/seams.ts';
    const code = `
      const { planCrash, passSeam } = await (await import(${JSON.stringify(IMPORT_TS)})).importTs(${JSON.stringify(entry)});
      planCrash({ seam: 'http.sent', at: 2, dir: ${JSON.stringify(dir)} }, { warn() {} });
      for (const seam of ['http.sent', 'commit.before', 'commit.after', 'http.sent', 'http.answered']) passSeam(seam);`;
    writeFileSync(join(dir, 'armed'), '');
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(signal).toBe('SIGKILL');
    expect(readFileSync(join(dir, 'passes'), 'utf8').split('\n')).toEqual([
      ...['http.sent', 'commit.before', 'commit.after', 'http.sent', ''],
    ]);
  });
});

describe('a statement counts as a write', () => {
  it.each([
    ['INSERT INTO outbox (id) VALUES ($1)', true],
    ['  update run SET fence = 1', true],
    ['WITH a AS (DELETE FROM outbox RETURNING id) SELECT id FROM a', true],
    ['SELECT * FROM record_decision($1)', true],
    ['SELECT settle_action($1) AS at', true],
    ['SELECT app_now() AS now', false],
    ['SELECT id, count(*) FROM run WHERE lease_until < app_now() - make_interval(secs => $1)', false],
  ])('%s: %s', (sql, expected) => {
    expect(isWrite(sql)).toBe(expected);
  });
});

describe('the plan of a crash', () => {
  it('is absent unless CRASH_AT is set, and refused without a folder or with a wrong count', () => {
    expect(readCrashPlan({})).toBeUndefined();
    expect(readCrashPlan({ CRASH_DIR: '/tmp' })).toBeUndefined();
    expect(readCrashPlan({ CRASH_AT: '0', CRASH_DIR: '/tmp' })).toEqual({ at: 0, dir: '/tmp' });
    expect(readCrashPlan({ CRASH_AT: 'http.sent:2', CRASH_DIR: '/tmp' })).toEqual({
      seam: 'http.sent',
      at: 2,
      dir: '/tmp',
    });
    expect(() => readCrashPlan({ CRASH_AT: '3' })).toThrow(/CRASH_DIR/);
    for (const at of ['http.snt:1', 'http.sent:0', 'http.sent', ':1'])
      expect(() => readCrashPlan({ CRASH_AT: at, CRASH_DIR: '/tmp' })).toThrow(/Seams: commit\.before/);
    expect(() => readCrashPlan({ CRASH_AT: '-1', CRASH_DIR: '/tmp' })).toThrow(/CRASH_AT/);
  });
});
