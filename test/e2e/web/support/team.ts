import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import {
  connectHttp,
  ENTRY,
  type HttpServer,
  makePlace,
  type Place,
  type Session,
  startHttpServer,
} from '../../../support/mcp-client.ts';
import { openWindow } from './browser.ts';

/** A server for a team as built, its people, and a program that asks on behalf of one of them. */
export interface Team {
  readonly place: Place;
  readonly url: string;
  readonly mails: readonly string[];
  /** Works for whoever asks, with a key of theirs. */
  readonly client: Session;
  /** What the server has written to stderr. */
  log(): string;
  /** A fresh one-time link, as the operator prints it. */
  link(email: string): Promise<string>;
  cli(...args: string[]): Promise<string>;
  /** What the server has written to its log. */
  log(): string;
  signIn(browser: Browser, email: string, options?: BrowserContextOptions): Promise<Signed>;
  /** An agent whose every write waits for people, or whatever else the rule says. */
  makeAgent(name: string, rule?: AskFirst): Promise<string>;
  stop(): Promise<void>;
}
interface AskFirst {
  readonly condition: string;
  readonly grants: readonly string[];
}
export interface Signed {
  readonly page: Page;
  readonly errors: readonly string[];
}

const run = promisify(execFile);

const PEOPLE = { 'olga@example.org': 'owner', 'arno@example.org': 'approver', 'ria@example.org': 'operator' };

export async function startTeam(
  people: Readonly<Record<string, string>> = PEOPLE,
  asker = 'ria@example.org',
  env: Readonly<Record<string, string>> = {},
): Promise<Team> {
  const post = await startPostOffice();
  const place = await makePlace({ env: { SMTP_URL: post.url, AGENTOS_MAIL_FROM: 'agentos@example.org', ...env } });
  const cli = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [ENTRY, ...args], { env: { ...place.env } })).stdout.trim();
  for (const [email, role] of Object.entries(people)) await cli('user', 'add', '--email', email, '--role', role);
  const key = await cli('key', 'create', '--name', 'assistant', '--role', people[asker] ?? '', '--owner', asker);
  const server: HttpServer = await startHttpServer(place, { AGENTOS_AUTH: 'required' });
  const client = await connectHttp(server.url, '2026 era', key);
  const link = async (email: string): Promise<string> => {
    const printed = /https?:\S+\/sign-in#\S+/.exec(await cli('sign-in-link', '--email', email))?.[0] ?? '';
    return new URL(new URL(printed).pathname + new URL(printed).hash, server.url).href;
  };
  const stop = async (): Promise<void> => {
    await client.close();
    await server.stop();
    await place.remove();
    await post.stop();
  };
  return {
    ...{ place, url: server.url, mails: post.mails, client, link, cli, stop, log: server.raw.log },
    signIn: async (browser, email, options) => signIn(browser, await link(email), options),
    makeAgent: (name, rule) => makeAgent(client, name, rule),
  };
}

async function signIn(browser: Browser, link: string, options?: BrowserContextOptions): Promise<Signed> {
  const window = await openWindow(browser, options);
  await window.page.goto(link);
  await window.page.getByRole('button', { name: 'Sign in' }).click();
  await window.page.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
  return window;
}

const WRITES: AskFirst = { condition: 'action.type == "file.write"', grants: ['file.*'] };

async function makeAgent(session: Session, name: string, { condition, grants }: AskFirst = WRITES): Promise<string> {
  const rule = {
    ...{ name: 'ask-first', condition, action: 'require_approval', severity: 'high' },
    message: 'Every file is looked at by a person first.',
  };
  const made = await session.call('create_policy', {
    description: `Ask first, ${name}`,
    category: 'custom',
    rules: [rule],
  });
  const policy = made.structured['policy'] as { id: string } | undefined;
  if (policy === undefined) throw new Error(made.text);
  const description = 'Read inbox/a.csv and write the result to out/b.csv';
  const answer = await session.call('create_agent', { name, description, policies: [policy.id], grants });
  const agent = answer.structured['agent'] as { id: string } | undefined;
  if (agent === undefined) throw new Error(answer.text);
  return agent.id;
}

/** Takes every mail and keeps it. */
async function startPostOffice(): Promise<{ readonly url: string; readonly mails: string[]; stop(): Promise<void> }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let mail = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (mail += chunk));
      stream.on('end', () => (mails.push(mail), done()));
    },
  });
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const stop = async (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { url: `smtp://127.0.0.1:${port}`, mails, stop };
}

/** Looks again until it is so; a deadline instead of a sleep. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
