import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../dist/bundle/main.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('agentos demo', () => {
  let folder: string;
  let temporary: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'e2e-demo-'));
    // What the demo makes, it makes here: so what it leaves behind can be seen.
    temporary = join(folder, 'tmp');
    mkdirSync(temporary);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function demo(args: readonly string[], whenSeen?: { text: string; kill: NodeJS.Signals }): Promise<Ended> {
    const env = { ...process.env, TMPDIR: temporary, HOME: folder };
    const child = spawn(process.execPath, [entry, 'demo', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      // Again with every further line, as npm and the terminal both do.
      if (whenSeen !== undefined && stdout.includes(whenSeen.text)) child.kill(whenSeen.kill);
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  }

  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('goes from a sentence to a verified trail on the public data set, checks itself and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await demo([]);
    expect({ code, stderr, failed: /failed:.*/.exec(stdout)?.[0] }).toEqual({ code: 0, stderr: '', failed: undefined });
    for (const line of [
      'inbox/birdstrikes.csv: 10,000 rows',
      'Dry run PASSED',
      'is deployed',
      'step 8 of 8',
      'every cell equal',
      'HELD: by data-deletion/recursive-delete-inside',
      'DENIED: by baseline/path-outside-roots',
      'DENIED: by baseline/metadata-address',
      'DENIED: by baseline/undeclared-type',
      '3 denied, 1 held',
      'VERIFIED: ',
      'Everything went as it must.',
    ]) {
      expect(stdout.replace(/\s+/g, ' ')).toContain(line);
    }
    expect(stdout).not.toContain('\u001b');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('does the same with a file of the user', async () => {
    const rows = ['1;Oslo;10.5;', '2;Oslo; 2 ;May', '2;Oslo;2;May', '3;"Ber""gen; N";7;June', '4;Oslo;1;May'];
    const path = write('Ventes été.csv', `\uFEFFid;city;amount;paid on\r\n${rows.join('\r\n')}\r\n`);
    const { code, stdout } = await demo(['--input', path]);
    expect({ code, failed: /failed:.*/.exec(stdout)?.[0] }).toEqual({ code: 0, failed: undefined });
    const story = stdout.replace(/\s+/g, ' ');
    expect(story).toContain('drop rows without "paid on"');
    expect(story).toContain('of 5 rows, 1 without "paid on" and 1 duplicate had to go, and 3 rows had to stay');
  });

  it.each([
    [
      'is no csv',
      () => write('letter.txt', 'Dear all,\nplease find attached\n'),
      'is not a csv file that the demo can use',
    ],
    ['is not there', () => join(folder, 'none.csv'), 'does not exist'],
  ])('says what is wrong with a file that %s, before anything is started', async (_, make, why) => {
    const { code, stdout } = await demo(['--input', make()]);
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain(why);
    expect(stdout).not.toContain('Start the server');
  });

  it.each(['Start the server', 'Say what you want', 'Run it now'])(
    'cleans up when it is interrupted at "%s"',
    async (text) => {
      const { code, stdout } = await demo([], { text, kill: 'SIGINT' });
      expect(stdout).toContain('Interrupted. Nothing is left behind.');
      expect(code).toBe(130);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );
});
