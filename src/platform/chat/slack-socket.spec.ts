import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SlackStandIn } from '../../../test/support/slack-stand-in.ts';
import { Log } from '../telemetry/log.ts';
import { SlackSocket } from './slack-socket.ts';

let slack: SlackStandIn;
let taken: unknown[];
const sockets: SlackSocket[] = [];

beforeEach(async () => {
  slack = await SlackStandIn.start();
  taken = [];
});
afterEach(async () => {
  await Promise.all(sockets.splice(0).map(async (socket) => socket.close()));
  await slack.close();
});

function open(
  take: (payload: unknown) => Promise<void> = (payload) => Promise.resolve(void taken.push(payload)),
  change: { readonly slackBotToken?: string; readonly slackAppToken?: string } = {},
): SlackSocket {
  const tokens = { slackBotToken: 'xoxb-test', slackAppToken: 'xapp-test', ...change };
  const socket = new SlackSocket({ ...tokens, slackApiUrl: slack.url }, new Log('error'));
  sockets.push(socket);
  socket.open(take);
  return socket;
}

async function until(look: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!look()) {
    if (performance.now() > end) throw new Error(`not within 15 s: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const connected = (count = 1): Promise<void> =>
  until(() => slack.sockets.length >= count && slack.sockets.at(-1)?.isOpen === true);
const opened = () => slack.calls.filter(({ method }) => method === 'apps.connections.open');
const ackedOf = (envelopeId: string) => slack.acknowledged.get(envelopeId) ?? 0;

describe('the connection to Slack', () => {
  it('is opened with the app token, and what comes over it is acknowledged when it is kept', async () => {
    let keep: (() => void) | undefined;
    open(
      (payload) =>
        new Promise<void>((resolve) => {
          taken.push(payload);
          keep = resolve;
        }),
    );
    await connected();
    expect(opened().map(({ token }) => token)).toEqual(['xapp-test']);
    slack.deliver({ type: 'block_actions', user: { id: 'U0ADA' } }, 'e1');
    await until(() => keep !== undefined);
    slack.sockets.at(-1)?.send({ type: 'unknown' });
    expect(ackedOf('e1')).toBe(0);
    keep?.();
    await until(() => ackedOf('e1') === 1);
    expect(taken).toEqual([{ type: 'block_actions', user: { id: 'U0ADA' } }]);
  });

  it('does not acknowledge what could not be kept, and lives on', async () => {
    open((payload) => {
      taken.push(payload);
      return taken.length === 1 ? Promise.reject(new Error('no database')) : Promise.resolve();
    });
    await connected();
    for (const press of [1, 2]) slack.deliver({ press }, `e${press}`);
    await until(() => ackedOf('e2') === 1);
    expect([taken, ackedOf('e1')]).toEqual([[{ press: 1 }, { press: 2 }], 0]);
  });

  it.each([
    ['is cut', (socket: SlackStandIn['sockets'][number]) => socket.drop()],
    ['is taken back by Slack', (socket: SlackStandIn['sockets'][number]) => socket.send({ type: 'disconnect' })],
  ])('is opened anew when it %s', async (_, end) => {
    open();
    await connected();
    end(slack.sockets[0]!);
    await connected(2);
    slack.deliver({ press: 1 }, 'e1');
    await until(() => ackedOf('e1') === 1);
    expect(taken).toEqual([{ press: 1 }]);
  });

  it.each([
    ['errors', { kind: 'status', status: 500 }],
    ['an end of every connection', { kind: 'lost_reply' }],
    ['silence', { kind: 'hang' }],
    ['a refusal', { kind: 'error', error: 'invalid_auth' }],
  ] as const)(
    'outlives an outage with %s',
    async (_, fault) => {
      slack.faults.set('apps.connections.open', fault);
      open();
      await until(() => opened().length >= 2);
      slack.faults.clear();
      await connected();
    },
    30_000,
  );

  it('asks again only after the time that Slack names', async () => {
    slack.faults.set('apps.connections.open', { kind: 'limited', retryAfterSeconds: 3 });
    const startedAt = performance.now();
    open();
    await until(() => opened().length === 1);
    slack.faults.clear();
    await connected();
    expect(performance.now() - startedAt).toBeGreaterThan(2_900);
    expect(opened()).toHaveLength(2);
  });

  it('ends also while something cannot be kept', async () => {
    const socket = open((payload) => {
      taken.push(payload);
      return new Promise<void>(() => undefined);
    });
    await connected();
    slack.deliver({ press: 1 }, 'e1');
    await until(() => taken.length === 1);
    const startedAt = performance.now();
    await socket.close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(ackedOf('e1')).toBe(0);
  });

  it.each([
    ['is open', (): void => undefined, true],
    ['does not answer the goodbye', () => void (slack.sockets[0]!.isPolite = false), true],
    ['is not there yet', () => slack.faults.set('apps.connections.open', { kind: 'hang' }), false],
  ])('ends within a second or two when it %s', async (_, prepare, isUp) => {
    if (!isUp) prepare();
    const socket = open();
    if (isUp) {
      await connected();
      prepare();
    } else await until(() => opened().length === 1);
    const startedAt = performance.now();
    await socket.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const count = opened().length;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(opened()).toHaveLength(count);
    expect(slack.sockets.filter(({ isOpen }) => isOpen && isUp)).toHaveLength(0);
  });

  it.each([
    ['SLACK_APP_TOKEN', { slackAppToken: undefined }],
    ['SLACK_BOT_TOKEN', { slackBotToken: undefined }],
  ])('is not opened without %s', async (_, change) => {
    const socket = open(undefined, change as never);
    await socket.close();
    expect(slack.calls).toEqual([]);
  });
});
