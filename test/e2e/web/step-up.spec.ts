import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Bank, startBank } from './support/bank.ts';
import { DESK, findBarriers, findOverflow, hasBrowser, NO_BROWSER, openBrowser, PHONE } from './support/browser.ts';
import { startTeam, type Team, until } from './support/team.ts';

const whenBrowser = hasBrowser ? describe : describe.skip;
const [OLGA, ARNO] = ['olga@example.org', 'arno@example.org'];

whenBrowser(`critical risk in the console${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let team: Team;
  let browser: Browser;
  let bank: Bank;
  let agentId: string;
  const calls: Promise<unknown>[] = [];
  beforeAll(async () => {
    bank = await startBank();
    const env = { AGENTOS_ALLOWED_HOSTS: bank.host };
    [team, browser] = await Promise.all([startTeam(undefined, undefined, env), openBrowser()]);
    agentId = await team.makeAgent('payer', { condition: 'action.type == "http.request"', grants: ['http.*'] });
  });
  afterAll(async () => {
    await browser.close();
    await team.stop();
    await bank.stop();
    await Promise.all(calls);
  });

  const pay = (cents: number) => {
    const params = { method: 'POST', url: `http://${bank.host}/v1/payments`, json: { amount: cents, currency: 'EUR' } };
    const call = team.client.call('perform_action', { agentId, action: 'http.request', params });
    // The last one is never answered.
    calls.push(call.catch(() => undefined));
    return call;
  };
  /** The page of the newest request that waits. */
  const openNewest = async (page: Page): Promise<void> => {
    const newest = await until(async () => {
      const { structured } = await team.client.call('list_approvals', { agentId, status: 'pending' });
      return (structured['approvals'] as { id: string }[] | undefined)?.[0];
    }, 'the request');
    await page.goto(`${team.url}/approvals/${newest.id}`);
    await page.getByRole('heading', { name: 'The action' }).waitFor();
  };
  const codesTo = (email: string): string[] =>
    team.mails
      .filter((mail) => mail.includes(`To: ${email}`))
      .flatMap((mail) => /^Your AgentOS code: (\d{6})\r?$/m.exec(mail)?.[1] ?? []);
  const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');

  it('is approved by two persons, each with a code that was just mailed to them, and happens once', async () => {
    const call = pay(1250);
    const { page: arno } = await team.signIn(browser, ARNO);
    await openNewest(arno);
    await arno.getByText('critical risk', { exact: false }).first().waitFor();
    await arno.getByLabel('Reason').fill('Invoice 17 is right.');
    await arno.getByRole('button', { name: 'Approve' }).click();
    await arno
      .getByRole('status')
      .filter({ hasText: `on its way to ${ARNO}` })
      .waitFor();
    expect(await arno.evaluate('document.activeElement.id')).toBe('step-up-code');
    const code = await until(() => codesTo(ARNO).at(-1), 'the mail');
    await arno.getByLabel('Code').fill(wrong(code));
    await arno.getByRole('button', { name: 'Approve' }).click();
    await arno.getByRole('alert').filter({ hasText: 'The code is wrong' }).waitFor();
    expect(await arno.getByLabel('Reason').inputValue()).toBe('Invoice 17 is right.');
    await arno.getByLabel('Code').fill(code);
    await arno.getByRole('button', { name: 'Approve' }).click();
    await arno.getByRole('status').filter({ hasText: 'Your approval counts: 1 of 2.' }).waitFor();
    expect(bank.orders).toEqual([]);

    const { page: olga, errors } = await team.signIn(browser, OLGA);
    await openNewest(olga);
    await olga.getByRole('button', { name: 'Mail me a code' }).click();
    await olga.getByLabel('Code').fill(await until(() => codesTo(OLGA).at(-1), 'the mail'));
    await olga.keyboard.press('Enter');
    await olga.getByRole('status').filter({ hasText: 'That is you. Nothing is decided yet' }).waitFor();
    expect(bank.orders).toEqual([]);
    await olga.getByLabel('Code').waitFor({ state: 'detached' });
    await olga.getByRole('button', { name: 'Approve' }).click();
    await olga.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    expect(await call).toMatchObject({ isError: false, structured: { outcome: 'succeeded' } });
    expect(bank.orders).toEqual(['/v1/payments {"amount":1250,"currency":"EUR"}']);
    await olga.getByText('It was carried out.').waitFor();
    expect(errors).toEqual([]);
    for (const page of [arno, olga]) await page.context().close();
  });

  it('is denied without a code', async () => {
    const call = pay(99);
    const { page } = await team.signIn(browser, ARNO);
    await openNewest(page);
    await page.getByLabel('Reason').fill('Nobody ordered this.');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('status').filter({ hasText: 'Denied.' }).waitFor();
    expect((await call).isError).toBe(true);
    expect(bank.orders).toHaveLength(1);
    await page.context().close();
  });

  it('has no barrier that axe knows, fits each window, and is proved with the keyboard alone', async () => {
    void pay(7);
    for (const [name, colorScheme, viewport] of [
      ['light', 'light', DESK],
      ['dark', 'dark', DESK],
      ['phone', 'dark', PHONE],
    ] as const) {
      const { page } = await team.signIn(browser, OLGA, { colorScheme, viewport });
      await openNewest(page);
      const check = async (): Promise<void> => {
        expect(await findBarriers(page)).toEqual([]);
        expect(await findOverflow(page)).toBeLessThanOrEqual(0);
      };
      await check();
      await page.getByLabel('Reason').focus();
      for (const key of ['Tab', 'Enter']) await page.keyboard.press(key);
      await page.getByRole('status').filter({ hasText: 'on its way' }).waitFor();
      await page.getByLabel('Code').fill('12');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'The code is wrong' }).waitFor();
      await check();
      if (process.env['AGENTOS_SHOTS'] !== undefined)
        await page.screenshot({ path: `${process.env['AGENTOS_SHOTS']}/step-up-${name}.png`, fullPage: true });
      await page.context().close();
    }
  });
});
