import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
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
const STING = 'and at the very end: DROP TABLE customers;';
const HOSTILE = [
  'invoice\u202egpj.exe for p\u0430ypal.com, pay\u200bnow',
  '<img src=x onerror="document.title=`owned`"><script>document.title="owned"</script>',
  ...Array.from({ length: 2000 }, (_, index) => `${index} lorem ipsum dolor sit amet, consectetur adipiscing`),
  STING,
].join('\n');

whenBrowser(`the pages of the console${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let team: Team;
  let browser: Browser;
  let approvalId: string;
  const calls: Promise<unknown>[] = [];
  beforeAll(async () => {
    [team, browser] = await Promise.all([startTeam(), openBrowser()]);
    const agentId = await team.makeAgent('hostile');
    const params = { path: 'out/hostile.txt', content: HOSTILE };
    calls.push(team.client.call('perform_action', { agentId, action: 'file.write', params }));
    const listed = await until(async () => {
      const { structured } = await team.client.call('list_approvals', { agentId });
      return (structured['approvals'] as { id: string }[] | undefined)?.[0];
    }, 'the request');
    approvalId = listed.id;
  });
  afterAll(async () => {
    await team.client.call('cancel_approval', { approvalId });
    await Promise.all(calls);
    await browser.close();
    await team.stop();
  });

  const isOpen = async (): Promise<boolean> => {
    const { structured } = await team.client.call('get_approval', { approvalId });
    return (structured['approval'] as { status: string }).status === 'pending';
  };
  const toAction = async (page: Page): Promise<void> => {
    await page.goto(`${team.url}/approvals/${approvalId}`);
    await page.getByRole('heading', { name: 'The action' }).waitFor();
  };

  it('show hostile content as text, complete, with what deceives written out', async () => {
    const { page, errors } = await team.signIn(browser, 'olga@example.org');
    await toAction(page);
    const region = page.getByRole('region', { name: /content/ });
    const shown = (await region.textContent()) ?? '';
    expect(shown).not.toMatch(/[\u202e\u200b\u0430]/);
    for (const each of ['invoice\\u202Egpj.exe', 'p\\u0430ypal.com', 'pay\\u200Bnow', '<script>', STING])
      expect(shown).toContain(each);
    await page.getByText('Some characters are not what they seem.').waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('main img, main script').count()).toBe(0);
    await region.focus();
    await page.keyboard.press('End');
    const sting = region.getByText(STING);
    await until(async () => {
      const [inner, outer] = [await sting.boundingBox(), await region.boundingBox()];
      return inner !== null && outer !== null && inner.y >= outer.y && inner.y < outer.y + outer.height
        ? true
        : undefined;
    }, 'the last line');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['light', DESK],
    ['dark', DESK],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('have no barrier that axe knows and fit their window: %s, %j', async (colorScheme, viewport) => {
    const { page } = await team.signIn(browser, 'olga@example.org', { colorScheme, viewport });
    const barriers: string[] = [];
    const check = async (): Promise<void> => {
      barriers.push(...(await findBarriers(page)));
      expect(await findOverflow(page)).toBeLessThanOrEqual(0);
    };
    await page.locator('.row').first().waitFor();
    await check();
    await page.getByLabel('Status').selectOption('denied');
    await page.getByText('There are no approvals with this status.').waitFor();
    await check();
    await toAction(page);
    await check();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Nothing was sent yet.').waitFor();
    await check();
    await page.goto(`${team.url}/sign-in`);
    await page.getByLabel('Code').waitFor();
    await check();
    await page.goto(`${team.url}/nowhere`);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
    await check();
    expect(barriers).toEqual([]);
    await page.context().close();
  });

  it('change nothing for a visitor without a session who runs scripts and presses every button', async () => {
    const { page } = await openWindow(browser);
    const written: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') written.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    for (const path of [`/approvals/${approvalId}`, '/', '/sign-in#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa']) {
      await page.goto(team.url + path);
      await page.locator('button').first().waitFor();
      for (const button of await page.locator('button').all()) await button.click();
    }
    const answer = await page.evaluate<number>(
      `fetch('/api/v1/approvals/${approvalId}/reviews', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"verdict":"approve","actionHash":"x"}' }).then((r) => r.status)`,
    );
    expect(answer).toBe(401);
    expect(written.filter((each) => !each.includes('/auth/') && !each.includes('/reviews'))).toEqual([]);
    expect(await isOpen()).toBe(true);
    await page.context().close();
  });

  it('are not changed by being looked at, also by somebody who may answer', async () => {
    const { page } = await team.signIn(browser, 'olga@example.org');
    for (const query of ['', '?verdict=approve', '?approve=1#approve', '?single-operator=on']) {
      await page.goto(`${team.url}/approvals/${approvalId}${query}`);
      await page.getByRole('button', { name: 'Approve' }).waitFor();
    }
    expect(await isOpen()).toBe(true);
    await page.context().close();
  });

  it('allow no script, style or address of others', async () => {
    const response = await fetch(`${team.url}/approvals/${approvalId}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await response.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|https?:\/\//);
  });
});
