import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import type { Answer } from '../../support/mcp-client.ts';
import { headers, parts } from '../../support/mail-sink.ts';
import {
  DESK,
  findBarriers,
  findOverflow,
  hasBrowser,
  NO_BROWSER,
  openBrowser,
  openWindow,
  PHONE,
} from './support/browser.ts';
import { startTeam, type Team, until } from './support/team.ts';

const whenBrowser = hasBrowser ? describe : describe.skip;
const SCANNERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 SafeLinks',
  'Mozilla/5.0 (compatible; Proofpoint URL Defense)',
  'Mimecast-URL-Protect/1.0',
  'Barracuda Sentinel (EE)',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 MicrosoftTeams',
  'Symantec-ClickTime-URL-Protection/2.0',
  'Trend Micro WTP, tmurl/1.0',
  'Cisco-Secure-Email-URL-Rewriter/1.0',
];
/** How they come: fetched ahead, looked at, asked about. */
const MANNERS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['GET', {}],
  ['HEAD', {}],
  ['OPTIONS', { origin: 'https://scanner.example', 'access-control-request-method': 'POST' }],
  ['GET', { purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender', 'x-moz': 'prefetch' }],
];
const LINE = 'one line, 5 < 6 & "quoted"\n';

whenBrowser(`the mail about a held action${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let team: Team;
  let browser: Browser;
  let db: pg.Client;
  let call: Promise<Answer>;
  let agentId: string;
  let mail: string;
  let link: string;
  const params = { path: 'out/mailed.txt', content: LINE, mode: 'append' };
  beforeAll(async () => {
    [team, browser] = await Promise.all([startTeam(), openBrowser()]);
    db = new pg.Client({ connectionString: team.place.env['DATABASE_URL'], options: '-c search_path=public' });
    await db.connect();
    agentId = await team.makeAgent('writer');
    call = team.client.call('perform_action', { agentId, action: 'file.write', params });
    mail = await until(() => mailTo('olga@example.org', 'Approval asked'), 'the mail');
    link = /Look at it and answer: (\S+)/.exec(parts({ raw: mail }).text)?.[1] ?? '';
    await until(
      async () => ((await rows(`SELECT FROM delivery WHERE status <> 'sent'`)).length === 0 ? true : undefined),
      'all mails',
    );
  });
  afterAll(async () => {
    await db.end();
    await browser.close();
    await team.stop();
  });

  const mailTo = (to: string, subject: string): string | undefined =>
    team.mails.find((raw) => {
      const found = headers({ to, raw });
      return found.get('to') === to && (found.get('subject') ?? '').startsWith(subject);
    });
  const rows = async (sql: string): Promise<unknown[]> => (await db.query<Record<string, unknown>>(sql)).rows;
  /** All that a visit could change or use up. */
  const snapshot = async (): Promise<unknown> => {
    const tables = [
      'approval_request',
      'approval_review',
      'approval_event',
      'session',
      'sign_in',
      'action',
      'delivery',
      'inbound_event',
      'workspace_setting',
      'person',
    ];
    const all = await Promise.all(
      tables.map((table) => rows(`SELECT row_to_json(t)::text AS row FROM ${table} t ORDER BY 1`)),
    );
    return Object.fromEntries(tables.map((table, index) => [table, all[index]]));
  };

  it('shows the real fields as text and as HTML, and holds one link without any authority', () => {
    const { text, html } = parts({ raw: mail });
    for (const each of [
      'writer',
      'file.write',
      'out/mailed.txt',
      'append',
      'ria@example.org',
      'Every file is looked at by a person first.',
    ]) {
      expect(text).toContain(each);
      expect(html.replaceAll('<wbr>', '')).toContain(each);
    }
    expect(text).toContain('one line, 5 < 6 & "quoted"');
    expect(html).toContain('one line, 5 &lt; 6 &amp; &quot;quoted&quot;');
    expect(new URL(link).pathname).toMatch(/^\/approvals\/[0-9a-f-]{36}$/);
    expect([new URL(link).search, new URL(link).hash]).toEqual(['', '']);
    expect(html.match(/href="[^"]*"/g)).toEqual([`href="${link}"`]);
  });

  it.each([
    ['light', DESK],
    ['dark', DESK],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('can be read in a window, fetches nothing and fits: %s, %j', async (colorScheme, viewport) => {
    const { page, errors } = await openWindow(browser, { colorScheme, viewport });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setContent(parts({ raw: mail }).html);
    const seen = await page.locator('body').innerText();
    for (const each of ['out/mailed.txt', LINE.trim(), 'low risk', 'Opening the link decides nothing'])
      expect(seen).toContain(each);
    expect(await findOverflow(page)).toBeLessThanOrEqual(0);
    // A mail has no landmarks: the program that shows it has.
    expect((await findBarriers(page)).filter((each) => !/^(?:region|landmark)/.test(each))).toEqual([]);
    expect([asked, errors]).toEqual([[], []]);
    await page.context().close();
  });

  it('is not answered, and nothing of it is used up, by ten kinds of scanners in four manners', async () => {
    const before = await snapshot();
    for (const agent of SCANNERS) {
      for (const [method, extra] of MANNERS) {
        const response = await fetch(link, { method, headers: { 'user-agent': agent, ...extra }, redirect: 'manual' });
        expect(response.headers.get('set-cookie')).toBeNull();
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
        if (method === 'OPTIONS') continue;
        expect([response.status, response.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
        expect(await response.text()).not.toMatch(/mailed\.txt|one line|writer/);
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  it('nor by one that runs scripts, fills every field, presses every button and sends every form', async () => {
    const before = await snapshot();
    const { page } = await openWindow(browser);
    let posted = 0;
    page.on('request', (request) => (posted += request.method() === 'POST' ? 1 : 0));
    await page.goto(link);
    await page.getByLabel('E-mail').waitFor();
    for (let round = 0; round < 3; round++) await pressEverything(page);
    expect(posted).toBeGreaterThan(0);
    const sent = await page.evaluate<number[]>(toForgedAnswers(new URL(link).pathname.split('/')[2] ?? ''));
    expect(sent.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(await snapshot()).toEqual(before);
    await page.context().close();
  });

  it('leads its reader to sign in with a mailed code and to approve: the file is written once', async () => {
    const { page, errors } = await openWindow(browser);
    const asked: { readonly url: string; readonly referrer: string | undefined }[] = [];
    page.on('request', (request) => asked.push({ url: request.url(), referrer: request.headers()['referer'] }));
    await page.setContent(parts({ raw: mail }).html);
    await page.getByRole('link', { name: 'Look at it and answer' }).click();
    await page.getByLabel('E-mail').fill('olga@example.org');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    const code = await until(() => /Your AgentOS code: (\d{6})/.exec(team.mails.at(-1) ?? '')?.[1], 'the code');
    await page.getByLabel('Code').fill(code);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The action' }).waitFor();
    expect(page.url()).toBe(link);
    const told = await page.getByRole('listitem').filter({ hasText: 'by mail' }).allInnerTexts();
    expect(told.toSorted()).toEqual(['arno@example.org, by mail: sent', 'olga@example.org, by mail: sent']);
    expect(written()).toBeUndefined();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    expect(await until(written, 'the file')).toBe(LINE);
    await page.getByText('It was carried out.').waitFor();
    const first = await call;
    const answer = first.isError
      ? await team.client.call('perform_action', { agentId, action: 'file.write', params })
      : first;
    expect(answer).toMatchObject({ isError: false, structured: { outcome: 'succeeded' } });
    expect(written()).toBe(LINE);
    expect(asked.filter(({ url, referrer }) => url.includes(code) || (referrer ?? '') !== '')).toEqual([]);
    const cookies = (await page.context().cookies()).map(({ value }) => value);
    expect(cookies.length).toBeGreaterThan(0);
    for (const secret of [code, ...cookies]) expect(team.log()).not.toContain(secret);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('and a one-time link to sign in is not sent before its button is pressed, nor ever as an address or into the log', async () => {
    const oneTime = await team.link('arno@example.org');
    const token = new URL(oneTime).hash.slice(1);
    const { page } = await openWindow(browser);
    const asked: { readonly method: string; readonly text: string }[] = [];
    page.on('request', (request) =>
      asked.push({
        method: request.method(),
        text: `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
      }),
    );
    await page.goto(oneTime);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(asked.filter(({ text }) => text.includes(token))).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
    expect(asked.filter(({ text }) => text.includes(token)).map(({ method }) => method)).toEqual(['POST']);
    expect(team.log()).not.toContain(token);
    await page.context().close();
  });

  const written = (): string | undefined => {
    const full = join(team.place.files, params.path);
    const text = existsSync(full) ? readFileSync(full, 'utf8') : '';
    // Between its creation and its text a file is empty.
    return text === '' ? undefined : text;
  };
});

/** Fills what can be filled, presses what can be pressed, sends what can be sent. */
async function pressEverything(page: Page): Promise<void> {
  for (const input of await page.locator('input:visible, textarea:visible').all()) {
    const kind = await input.getAttribute('type');
    await input.fill(kind === 'email' ? 'scanner@scanner.example' : '123456').catch(() => {});
  }
  for (const button of await page.locator('button:visible, a:visible, [role=button]:visible').all())
    await button.click({ timeout: 2_000 }).catch(() => {});
  await page.evaluate(`document.querySelectorAll('form').forEach((form) => form.requestSubmit())`).catch(() => {});
  await page.waitForLoadState('networkidle').catch(() => {});
}

/** What a script on the page may try without a session. */
function toForgedAnswers(id: string): string {
  const body = JSON.stringify({ verdict: 'approve', actionHash: 'x'.repeat(64), reason: 'x' });
  const paths = ['reviews', 'cancel', 'revoke'].map((each) => `/api/v1/approvals/${id}/${each}`);
  return `Promise.all(${JSON.stringify(paths)}.map((path) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then(({ status }) => status)))`;
}
