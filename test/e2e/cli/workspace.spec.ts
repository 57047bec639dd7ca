import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../dist/bundle/main.js', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'workspace-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [main, 'workspace', ...args], {
    encoding: 'utf8',
    input: '',
    env: { ...process.env, AGENTOS_DATA_DIR: dataDir, AGENTOS_LOG_LEVEL: 'error', DATABASE_URL: '' },
  });

describe('agentos workspace', () => {
  it('keeps what is set and prints what is in force', () => {
    const settings = ['--mail-domain', 'Shop.example', 'parent.example', '--slack-team', 'T012AB3CD'];
    const set = run('set', ...settings, '--parameter', 'rate-limiting.httpPerMinute=50');
    expect([set.status, set.stderr]).toEqual([0, '']);
    const { stdout } = run('show');
    expect(stdout).toMatch(/^Mail domains: +shop\.example, parent\.example$/m);
    expect(stdout).toMatch(/^Slack team: +T012AB3CD$/m);
    expect(stdout).toMatch(/^ {2}rate-limiting\.httpPerMinute = 50$/m);
    const emptied = run('set', '--slack-team=', '--parameter', 'rate-limiting.httpPerMinute=').stdout;
    expect(emptied).toMatch(/^Slack team: +\(none\)$/m);
    expect(emptied).toMatch(/^Parameters: +\(none\)$/m);
  });

  it.each([
    [['set'], /Nothing to change/],
    [['set', '--mail-domain', 'gmail.com'], /anybody can have a mailbox there/],
    [['set', '--parameter', 'rate-limiting.httpPerMinute=many'], /must be a whole number from 1/],
    [['set', '--parameter', 'rate-limitng.httpPerMinute=5'], /Did you mean `rate-limiting`/],
  ])('refuses %j with the reason and a non-zero exit', (args, reason) => {
    const { status, stderr, stdout } = run(...args);
    expect(stderr).toMatch(reason);
    expect([status, stdout]).toEqual([1, '']);
  });
});
