import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../dist/bundle/main.js', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', input: '' });

describe('agentos', () => {
  it('names its commands for one that it does not have', () => {
    const { status, stdout, stderr } = run('demoo');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Did you mean `demo`?');
    expect(run('frobnicate').stderr).toContain('Valid: migrate, demo');
  });

  it.each([
    [['--http', '--port', 'x'], /--port <number>.*must be a number from 0/],
    [['--http', '--port', '70000'], /must be a number/],
    [['--stdio', '--http'], /Choose one of --stdio and --http/],
    [['--htpp'], /unknown option '--htpp'/],
  ])('refuses %j with the reason and a non-zero exit', (args, reason) => {
    const { status, stderr, stdout } = run(...args);
    expect(stderr).toMatch(reason);
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
  });

  it('explains itself', () => {
    expect(run('--help').stdout).toContain('Usage: agentos');
    expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
