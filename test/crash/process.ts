import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;

export type Env = Readonly<Record<string, string>>;

interface Surroundings {
  readonly env: Env;
  /** What it and the harness tell each other. */
  readonly dir: string;
}

/** One process of the built program that dies where it is told to, and is started again on the same port. */
export class CrashProcess {
  readonly url: string;
  readonly #entry: string;
  readonly #args: readonly string[];
  readonly #env: Env;
  readonly #dir: string;
  #child: ChildProcess | undefined;
  #log = '';
  #gone: Promise<void> = Promise.resolve();

  private constructor(entry: string, args: readonly string[], port: number, { env, dir }: Surroundings) {
    this.#entry = entry;
    this.url = `http://127.0.0.1:${port}`;
    this.#args = [...args, '--port', String(port)];
    this.#env = env;
    this.#dir = dir;
  }

  static async make(entry: string, args: readonly string[], surroundings: Surroundings): Promise<CrashProcess> {
    mkdirSync(surroundings.dir, { recursive: true });
    return new CrashProcess(entry, args, await findPort(), surroundings);
  }

  /** Resolves when the process has ended, however it did. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  get isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get log(): string {
    return this.#log;
  }

  /** Without `crashAt` it is an ordinary process. Returns once it serves. */
  async start(crashAt?: string): Promise<void> {
    rmSync(join(this.#dir, 'armed'), { force: true });
    this.clearPasses();
    const plan = crashAt === undefined ? {} : { CRASH_AT: crashAt, CRASH_DIR: this.#dir };
    const child = spawn(process.execPath, [this.#entry, ...this.#args], {
      env: { ...this.#env, ...plan },
      stdio: 'pipe',
    });
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log = (this.#log + text).slice(-20_000)));
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()));
    this.#child = child;
    const deadline = performance.now() + START_MS;
    while (!(await this.#isReady())) {
      if (!this.isAlive || performance.now() > deadline)
        throw new Error(`\`${this.#args.join(' ')}\` did not start: ${this.#log}`);
      await sleep(25);
    }
  }

  /** From now on its passes are counted. */
  arm(): void {
    writeFileSync(join(this.#dir, 'armed'), '');
  }

  /** Seams passed since it was armed, in order. */
  passes(): string[] {
    const path = join(this.#dir, 'passes');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  /** Forgets the passes so far: the count of another round begins. */
  clearPasses(): void {
    rmSync(join(this.#dir, 'passes'), { force: true });
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child?.kill(signal);
    await this.#gone;
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      async (response) => (await response.text(), response.status === 200),
      () => false,
    );
  }
}

async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
