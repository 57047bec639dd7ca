import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Log } from '../telemetry/log.ts';
import { ConsoleLead } from './console-lead.ts';
import { findConsole } from './find-console.ts';

const log = new Log('error');
let dataDir: string;
let open: ConsoleLead[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lead-'));
  open = [];
});

afterEach(async () => {
  for (const lead of open) await lead.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function lead(name: string, events: string[], listen?: () => Promise<never>): ConsoleLead {
  const made = new ConsoleLead(
    dataDir,
    listen ??
      (async () => {
        events.push(`${name} listens`);
        return { url: `http://127.0.0.1/${name}`, close: async () => void events.push(`${name} closes`) };
      }),
    log,
    5,
  );
  open.push(made);
  return made;
}

async function until(holds: () => boolean): Promise<void> {
  const alive = setInterval(() => undefined, 50);
  const end = performance.now() + 5_000;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
  clearInterval(alive);
  expect(holds()).toBe(true);
}

describe('the process that serves the console', () => {
  it('is one of all, says where, and is followed by another when it goes', async () => {
    const events: string[] = [];
    const [first, second] = [lead('first', events), lead('second', events)];
    first.start();
    await until(() => events.length === 1);
    second.start();
    const path = join(dataDir, 'server.json');
    await until(() => existsSync(path));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ pid: process.pid, url: 'http://127.0.0.1/first' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(findConsole(dataDir)).toBe('http://127.0.0.1/first');
    await first.close();
    await until(() => events.includes('second listens') && existsSync(path));
    expect(events).toEqual(['first listens', 'first closes', 'second listens']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ url: 'http://127.0.0.1/second' });
  });

  it('tries again when it cannot listen, and lets others try meanwhile', async () => {
    const events: string[] = [];
    let tries = 0;
    lead('broken', events, async () => {
      tries += 1;
      throw new Error('no port');
    }).start();
    await until(() => tries >= 2);
    lead('sound', events).start();
    await until(() => events.includes('sound listens'));
    expect(existsSync(join(dataDir, 'server.json'))).toBe(true);
  });
});

describe('where the console is', () => {
  it('is not known from a file that nobody stands behind', () => {
    expect(findConsole(dataDir)).toBeUndefined();
    writeFileSync(join(dataDir, 'server.json'), JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:1' }));
    const other = mkdtempSync(join(tmpdir(), 'lead-'));
    writeFileSync(join(other, 'server.json'), JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:1' }));
    expect(findConsole(other)).toBeUndefined();
    rmSync(other, { recursive: true });
  });
});
