import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { install, Launched, accounts, ordinaryAccount } from '../../../test/support/launched.ts';
import { killServer, privateDir, publicDir, serverProcesses } from '../../../test/support/launched.ts';
import type { Account, Install } from '../../../test/support/launched.ts';

let program: Install;
let place: string;
let launched: Launched[];

beforeAll(() => {
  program = install();
});
afterAll(() => program.remove());
beforeEach(() => {
  place = publicDir();
  launched = [];
});
afterEach(async () => {
  for (const process of launched) await process.kill('SIGKILL');
  killServer(place);
  await until(() => serverProcesses(place).length === 0);
  rmSync(place, { recursive: true, force: true });
});

function launch(dataDir: string, account: Account): Launched {
  const process = new Launched(program, dataDir, account);
  launched.push(process);
  return process;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never came: ${condition.toString()}`);
    await sleep(2);
  }
}

async function query<Row>(connection: pg.ClientConfig, sql: string): Promise<Row[]> {
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows as Row[];
}

const home = (dataDir: string): string => join(dataDir, 'postgres');
const drafts = (dataDir: string): string[] =>
  existsSync(home(dataDir)) ? readdirSync(home(dataDir)).filter((name) => name.includes('.init.')) : [];
const isRunning = (dataDir: string): boolean => existsSync(join(home(dataDir), 'pg18/postmaster.pid'));

async function countAcked(connection: pg.ClientConfig): Promise<number> {
  const [row] = await query<{ count: string }>(connection, 'SELECT count(*) FROM acked');
  return Number(row?.count);
}

describe.each(accounts)('the embedded database of $name', (account) => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = privateDir(place, account);
  });
  const start = (): Launched => launch(dataDir, account);

  it('is made once, shared by processes that start at the same moment, and stopped by the last of them', async () => {
    const [one, two] = [start(), start()];
    const ready = [await one.next('ready'), await two.next('ready')];
    expect(ready.map(({ startedByUs }) => startedByUs).sort()).toEqual([false, true]);
    await query(ready[0]!.connection, 'CREATE TABLE kept AS SELECT 1 AS value');
    await one.stop();
    expect(await query(ready[1]!.connection, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
    await two.stop();
    expect(isRunning(dataDir)).toBe(false);

    const three = start();
    const { connection, startedByUs } = await three.next('ready');
    expect(startedByUs).toBe(true);
    expect(await query(connection, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  it('keeps every acknowledged row when its postmaster is killed', async () => {
    const writer = start();
    await writer.next('ready');
    writer.say('write');
    await until(() => writer.acked > 100);
    process.kill(Number.parseInt(readFileSync(join(home(dataDir), 'pg18/postmaster.pid'), 'utf8'), 10), 'SIGKILL');
    const { connection, startedByUs } = await start().next('ready');
    expect(startedByUs).toBe(true);
    await writer.next('lost');
    expect(await countAcked(connection)).toBeGreaterThanOrEqual(writer.acked);
  });

  it('keeps every acknowledged row when every process is killed', async () => {
    const writer = start();
    await writer.next('ready');
    writer.say('write');
    await until(() => writer.acked > 100);
    writer.child.kill('SIGKILL');
    killServer(dataDir);
    const { connection } = await start().next('ready');
    expect(await countAcked(connection)).toBeGreaterThanOrEqual(writer.acked);
  });

  it('is there for a process that starts while the last one stops it', async () => {
    let last = start();
    await last.next('ready');
    for (let round = 0; round < 5; round++) {
      const next = start();
      await until(() => readdirSync(home(dataDir)).filter((name) => name.startsWith('in-use')).length > 1);
      await last.stop();
      const { connection } = await next.next('ready');
      expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      last = next;
    }
  });
});

describe('the embedded database', () => {
  const [account = ordinaryAccount] = accounts;
  let dataDir: string;
  beforeEach(() => {
    dataDir = privateDir(place, account);
  });
  const start = (): Launched => launch(dataDir, account);

  it.each([
    ['the lock is taken', () => readdirSync(home(dataDir)).some((name) => name.startsWith('start.lock'))],
    ['the cluster is being made', () => drafts(dataDir).length > 0],
    ['the cluster has just been made', () => existsSync(join(home(dataDir), 'pg18'))],
    ['the server has just been started', () => isRunning(dataDir)],
  ])('starts after its first starter was killed when %s', async (_when, reached) => {
    const first = start();
    await until(() => existsSync(home(dataDir)) && reached());
    await first.kill('SIGKILL');
    const { connection } = await start().next('ready');
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(drafts(dataDir)).toEqual([]);
  });

  it('leaves nothing half-made when the first start is interrupted', async () => {
    const first = start();
    await until(() => drafts(dataDir).length > 0);
    first.child.kill('SIGINT');
    expect(await first.next('refused')).toMatchObject({ name: 'AbortError' });
    await first.closed;
    expect(readdirSync(home(dataDir)).filter((name) => name.startsWith('pg18'))).toEqual([]);
    await start().next('ready');
  });

  it('is not stopped while any other program has a session', async () => {
    const only = start();
    const { connection } = await only.next('ready');
    const stranger = new pg.Client(connection);
    await stranger.connect();
    await only.stop();
    expect((await stranger.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await stranger.end();
  });

  it('starts although the lock files name a stranger, or a zombie that nobody reaps', async () => {
    const first = start();
    await first.next('ready');
    await first.stop();
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const zombie = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
    await until(() => /\) Z/.test(readFileSync(`/proc/${zombie}/stat`, 'utf8')));
    for (const pid of [zombie, process.pid]) {
      writeFileSync(join(home(dataDir), 'pg18/.s.PGSQL.5432.lock'), `${pid}\n/nowhere\n1\n5432\n.\n`);
      writeFileSync(join(home(dataDir), 'pg18/postmaster.pid'), `${pid}\n/nowhere\n1\n5432\n.\n\n  1 1\nready\n`);
      const next = start();
      expect((await next.next('ready')).startedByUs).toBe(true);
      await next.stop();
    }
    parent.kill('SIGKILL');
  });

  it('puts its socket elsewhere when the path of the data directory is too long for one', async () => {
    dataDir = join(dataDir, 'a-long-name-'.repeat(8), 'b'.repeat(40));
    const { connection } = await start().next('ready');
    expect(connection.host).toMatch(/^\/tmp\//);
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    rmSync(connection.host, { recursive: true });
  });
});

describe('the embedded database refuses, and says why', () => {
  const account = ordinaryAccount;
  const refusal = async (dataDir: string): Promise<{ code?: string; message: string }> =>
    launch(dataDir, account).next('refused');

  it('a data directory that it cannot write', async () => {
    const dataDir = privateDir(place, account);
    chmodSync(dataDir, 0o555);
    const { code, message } = await refusal(dataDir);
    expect(code).toBe('data_dir_unwritable');
    expect(message).toContain(dataDir);
  });

  it('a data directory where the system has no folders, at once', async () => {
    expect(await refusal('/proc/nowhere')).toMatchObject({ code: 'data_dir_unwritable' });
  });

  it('a data directory that is a file', async () => {
    const dataDir = join(place, 'file');
    writeFileSync(dataDir, '');
    expect(await refusal(dataDir)).toMatchObject({ code: 'data_dir_unwritable' });
  });

  it('a database made by a newer version', async () => {
    const dataDir = privateDir(place, account);
    const first = launch(dataDir, account);
    await first.next('ready');
    await first.stop();
    writeFileSync(join(home(dataDir), 'pg18/PG_VERSION'), '19\n');
    expect(await refusal(dataDir)).toMatchObject({
      code: 'newer_version',
      message: expect.stringContaining('newer version'),
    });
    writeFileSync(join(home(dataDir), 'pg18/PG_VERSION'), '18\n');
    mkdirSync(join(home(dataDir), 'pg19'));
    expect(await refusal(dataDir)).toMatchObject({ code: 'newer_version' });
  });

  const byRoot = process.getuid?.() === 0 ? it : it.skip;

  byRoot('a database that root has made for itself', async () => {
    const dataDir = join(place, 'of-root');
    mkdirSync(dataDir);
    const first = launch(dataDir, { name: 'root', ids: undefined });
    await first.next('ready');
    await first.stop();
    expect(await refusal(dataDir)).toMatchObject({ code: 'data_dir_foreign' });
  });

  byRoot('a disk that is full, keeping nothing half-written, and starts once there is room', async () => {
    for (const each of accounts) {
      const disk = privateDir(place, each);
      const mounted = spawnSync('mount', [
        '-t',
        'tmpfs',
        '-o',
        `size=20m,uid=${each.ids?.uid ?? 0},mode=0700`,
        'tmpfs',
        disk,
      ]);
      if (mounted.status !== 0) {
        console.warn(`Skipped: mounting a small disk is not permitted here (${mounted.stderr.toString().trim()}).`);
        return;
      }
      try {
        // Too small for the programs, for the first files, for the last ones; root keeps the programs elsewhere.
        for (const size of each.ids ? ['20m', '60m', '85m'] : ['2m', '20m', '30m']) {
          execFileSync('mount', ['-o', `remount,size=${size}`, disk]);
          const { code, message } = await launch(disk, each).next('refused');
          expect({ code, message }).toMatchObject({ code: 'disk_full', message: expect.stringContaining(disk) });
          expect(drafts(disk)).toEqual([]);
        }
        execFileSync('mount', ['-o', 'remount,size=400m', disk]);
        const process = launch(disk, each);
        const { connection } = await process.next('ready');
        expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
        await process.stop();
      } finally {
        execFileSync('umount', ['-l', disk]);
      }
    }
  });
});
