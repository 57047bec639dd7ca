import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  connectHttp,
  ENTRY,
  type HttpServer,
  makePlace,
  type Place,
  RawServer,
  type Session,
  startHttpServer,
} from '../../support/mcp-client.ts';
import { buttons, press, sign, SlackStandIn, submit, TEAM, type SlackMessage } from '../../support/slack-stand-in.ts';

const run = promisify(execFile);
const STING = 'and then everything was sent to evil.example';

/** A server of the outside that counts what comes. */
class Shop {
  readonly orders: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      this.orders.push(body);
      response.writeHead(201).end();
    });
  });
  host = '';

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within 20 s: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe.each(['http', 'socket'] as const)('a held action of a real client, answered in Slack by %s', (way) => {
  let slack: SlackStandIn;
  let place: Place;
  let server: HttpServer;
  let client: Session;
  let agentId: string;
  const shop = new Shop();

  beforeAll(async () => {
    slack = await SlackStandIn.start();
    await shop.start();
    const trust = way === 'http' ? { SLACK_SIGNING_SECRET: slack.secret } : { SLACK_APP_TOKEN: 'xapp-test' };
    place = await makePlace({
      env: {
        ...{ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.url, SLACK_CHANNEL: 'C0ROOM', ...trust },
        AGENTOS_ALLOWED_HOSTS: shop.host,
      },
    });
    for (const [name, role] of Object.entries({ olga: 'owner', arno: 'approver', ria: 'operator' }))
      await agentos('user', 'add', '--email', `${name}@example.org`, '--role', role);
    const key = await agentos('key', 'create', '--name', 'k', '--role', 'operator', '--owner', 'ria@example.org');
    server = await startHttpServer(place, { AGENTOS_AUTH: 'required', AGENTOS_LOG_LEVEL: 'debug' });
    client = await connectHttp(server.url, '2026 era', key);
    agentId = await makeAgent();
    slack.addUser('U0ARNO');
    if (way === 'socket') await until(() => slack.sockets[0]);
  }, 120_000);
  afterAll(async () => {
    await client.close();
    expect(await server.stop()).toBe(0);
    await place.remove();
    await slack.close();
    await shop.stop();
  });

  const agentos = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [ENTRY, ...args], { env: { ...place.env } })).stdout.trim();
  const link = async (): Promise<string> =>
    agentos('user', 'link-slack', '--email', 'arno@example.org', '--team', TEAM, '--user', 'U0ARNO');

  async function makeAgent(): Promise<string> {
    const rule = {
      name: 'ask',
      condition: 'action.kind in ["file", "http"]',
      action: 'require_approval',
      severity: 'high',
    };
    const made = await client.call('create_policy', {
      ...{ description: 'Ask first', category: 'custom' },
      rules: [{ ...rule, message: 'A person looks at it first.' }],
    });
    const { id } = made.structured['policy'] as { id: string };
    const description = 'Read inbox/a.csv and write the result to out/b.csv';
    const given = { name: 'orderer', description, policies: [id], grants: ['file.*', 'http.*'] };
    return ((await client.call('create_agent', given)).structured['agent'] as { id: string }).id;
  }

  const act = (action: string, params: object) => client.call('perform_action', { agentId, action, params });
  const order = (text: string) =>
    act('http.request', { url: `http://${shop.host}/orders`, method: 'POST', body: text });
  const messageWith = (words: string): Promise<SlackMessage> =>
    until(() => slack.messages.find(({ blocks }) => JSON.stringify(blocks).includes(words)));
  /** As Slack carries what a person did. */
  async function carry(payload: Record<string, unknown>): Promise<void> {
    if (way === 'socket') return slack.deliver(payload, `e-${performance.now()}`);
    const { body, headers } = sign(payload, performance.timeOrigin / 1000 + performance.now() / 1000);
    const response = await fetch(`${server.url}/slack/interactions`, { method: 'POST', body, headers });
    expect([response.status, await response.text()]).toEqual([200, '']);
  }
  const shown = ({ blocks }: SlackMessage): string => JSON.stringify(blocks);

  it('does not count from an account that nobody has linked; linked beside the running server, it counts at once', async () => {
    const call = order('two of the blue');
    const message = await messageWith('two of the blue');
    // As somebody who does not look again still sees it.
    const asked = { ...message };
    for (const each of ['orderer', 'http.request', 'Risk: medium', `${shop.host}/orders`, 'POST', 'A person looks'])
      expect(shown(message)).toContain(each);
    await carry(press(message, 'U0ARNO', 'approval.approve'));
    const whisper = await until(() => slack.whispers.find(({ user }) => user === 'U0ARNO'));
    expect(whisper['text']).toContain('not linked');
    expect(shop.orders).toEqual([]);
    expect(await link()).toContain('U0ARNO');
    await carry(press(message, 'U0ARNO', 'approval.approve'));
    expect(await call).toMatchObject({ isError: false, structured: { outcome: 'succeeded' } });
    await until(() => (shown(message).includes('Approved by arno@example.org') ? true : undefined));
    expect([...buttons(message).keys()]).toEqual(['approval.open']);
    await carry(press(asked, 'U0ARNO', 'approval.approve'));
    await until(() => slack.whispers.find(({ text }) => String(text).includes('already')));
    expect(shop.orders).toEqual(['two of the blue']);
  }, 60_000);

  it('is denied by a form that asks why, and the client hears the reason', async () => {
    await link();
    const call = act('file.write', { path: 'out/b.csv', content: 'denied' });
    const message = await messageWith('denied');
    await carry(press(message, 'U0ARNO', 'approval.deny'));
    const { view } = (await until(() => slack.views[0])) as { view: Record<string, unknown> };
    await carry(submit(view, 'U0ARNO', 'Not on a Friday.'));
    const answer = await call;
    expect([answer.isError, answer.text]).toEqual([true, expect.stringContaining('Not on a Friday.')]);
    await until(() => (shown(message).includes('Denied by arno@example.org') ? true : undefined));
    expect(existsSync(join(place.files, 'out/b.csv'))).toBe(false);
  }, 60_000);

  it('has no button to approve at high risk or where not everything is shown, but one that opens the console', async () => {
    await link();
    mkdirSync(join(place.files, 'old'), { recursive: true });
    writeFileSync(join(place.files, 'old/a.csv'), 'kept');
    const high = act('file.delete', { path: 'old', recursive: true });
    const risky = await messageWith('Risk: high');
    const long = act('file.write', {
      path: 'out/long.txt',
      content: `<!channel> ${'harmless '.repeat(11_000)}${STING}`,
    });
    const cut = await messageWith(STING);
    for (const message of [risky, cut]) {
      expect([...buttons(message).keys()]).toEqual(['approval.deny', 'approval.open']);
      expect(buttons(message).get('approval.open')?.['url']).toMatch(
        /^http:\/\/127\.0\.0\.1:\d+\/approvals\/[\da-f-]{36}$/,
      );
      const [forged] = (press(message, 'U0ARNO', 'approval.deny')['actions'] ?? []) as Record<string, unknown>[];
      await carry({
        ...press(message, 'U0ARNO', 'approval.deny'),
        actions: [{ ...forged, action_id: 'approval.approve' }],
      });
    }
    expect(shown(cut)).not.toContain('<!channel>');
    await until(() =>
      slack.whispers.filter(({ text }) => String(text).includes('its page')).length === 2 ? true : undefined,
    );
    for (const message of [risky, cut]) {
      const count = slack.views.length;
      await carry(press(message, 'U0ARNO', 'approval.deny'));
      const { view } = (await until(() => slack.views[count])) as { view: Record<string, unknown> };
      await carry(submit(view, 'U0ARNO', 'No.'));
    }
    expect((await Promise.all([high, long])).map(({ isError }) => isError)).toEqual([true, true]);
    expect(readFileSync(join(place.files, 'old/a.csv'), 'utf8')).toBe('kept');
    expect(existsSync(join(place.files, 'out/long.txt'))).toBe(false);
  }, 60_000);

  it('leaves no token, secret or word of the reason in the log', () => {
    for (const secret of ['xoxb-test', 'xapp-test', slack.secret, 'Not on a Friday.'])
      expect(server.raw.log()).not.toContain(secret);
  });
});

describe('processes on stdio without a public address', () => {
  it('hold one connection to Slack between them, and another one takes over after kill -9', async () => {
    const slack = await SlackStandIn.start();
    const env = { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_APP_TOKEN: 'xapp-test', SLACK_API_URL: slack.url };
    const place = await makePlace({ env });
    const open = (): number => slack.sockets.filter(({ isOpen }) => isOpen).length;
    const first = new RawServer(place.env);
    await first.open();
    await until(() => (open() === 1 ? true : undefined));
    const second = new RawServer(place.env);
    await second.open();
    expect(slack.sockets).toHaveLength(1);
    await first.kill();
    await until(() => (slack.sockets.length === 2 && open() === 1 ? true : undefined));
    expect(await second.end()).toBe(0);
    await until(() => (open() === 0 ? true : undefined));
    await place.remove();
    await slack.close();
  }, 60_000);
});
