import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import {
  connectHttp,
  ENTRY,
  type HttpServer,
  makePlace,
  type Place,
  startHttpServer,
} from '../../support/mcp-client.ts';
import { SlackStandIn, TEAM } from '../../support/slack-stand-in.ts';

let slack: SlackStandIn;
let place: Place;
let server: HttpServer;

beforeAll(async () => {
  slack = await SlackStandIn.start();
  place = await makePlace({ env: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.url } });
  server = await startHttpServer(place);
  await agentos('user', 'add', '--email', 'ada@example.com', '--role', 'approver');
  await agentos('user', 'add', '--email', 'gone@example.com', '--role', 'approver');
  await agentos('user', 'deactivate', '--email', 'gone@example.com');
}, 60_000);

afterAll(async () => {
  await server.stop();
  await place.remove();
  await slack.close();
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function agentos(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [ENTRY, ...args], { env: { ...place.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (said[name] += chunk));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...said };
}

const link = async (user: string, { team = TEAM, email = 'ada@example.com' } = {}): Promise<Ran> =>
  agentos('user', 'link-slack', '--email', email, '--team', team, '--user', user);

async function record(): Promise<readonly { readonly kind: string; readonly actor: string }[]> {
  const client = await connectHttp(server.url);
  const { structured } = await client.call('audit_log', { agentId: undefined, actionFilter: 'slack.linked' });
  await client.close();
  return structured['entries'] as { kind: string; actor: string }[];
}

describe('agentos user link-slack, beside a running server', () => {
  it.each([
    ['a guest', { is_restricted: true }, 'it is a guest'],
    ['a guest of one room', { is_ultra_restricted: true }, 'it is a guest'],
    ['a bot', { is_bot: true }, 'it is a bot'],
    ['deactivated', { deleted: true }, 'it is deactivated'],
    ['from outside', { is_stranger: true }, 'it is from outside'],
    ['of another team', { team_id: 'T0OTHER' }, 'it belongs to another team'],
  ])('refuses an account that is %s, and says why', async (_, change, why) => {
    slack.addUser('U0ODD', change);
    const { status, stdout, stderr } = await link('U0ODD');
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining(why)]);
  });

  it.each([
    ['an account that Slack does not know', 'U0NOBODY', {}, 'Slack does not know it'],
    ['a foreign team', 'U0ADA', { team: 'T0OTHER' }, 'it belongs to another team'],
    ['what is no id', '@ada', {}, 'looks like `T0123456789`'],
    ['a person who is not there', 'U0ADA', { email: 'nobody@example.com' }, 'nobody@example.com'],
    ['a person who has left', 'U0ADA', { email: 'gone@example.com' }, 'gone@example.com'],
  ])('refuses %s', async (_, user, change, why) => {
    slack.addUser('U0ADA');
    const { status, stderr } = await link(user, change);
    expect([status, stderr]).toEqual([1, expect.stringContaining(why)]);
    expect(await record()).toEqual([]);
  });

  it('says so when Slack is away', async () => {
    slack.addUser('U0ADA');
    slack.faults.set('*', { kind: 'status', status: 500 });
    const { status, stderr } = await link('U0ADA');
    slack.faults.clear();
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^Slack did not do it \(`http 500`\)\. Nothing was linked/),
    ]);
  });

  it("links, and the record names it the operator's act", async () => {
    slack.addUser('U0ADA');
    const { status, stdout } = await link('U0ADA');
    expect([status, stdout]).toEqual([
      0,
      `The Slack account U0ADA of ${TEAM} answers for ada@example.com from now on.\n`,
    ]);
    expect(await record()).toMatchObject([{ kind: 'slack.linked', actor: 'operator' }]);
  });
});
