import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type Bank, startBank } from './support/bank.ts';
import { findBarriers, hasBrowser, NO_BROWSER, openBrowser } from './support/browser.ts';
import { startTeam, type Team, until } from './support/team.ts';

const whenBrowser = hasBrowser ? describe : describe.skip;
const [OLGA, ARNO] = ['olga@example.org', 'arno@example.org'];

whenBrowser(`what is rarer in the console${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let team: Team;
  let browser: Browser;
  let bank: Bank;
  const calls: Promise<unknown>[] = [];
  beforeAll(async () => {
    bank = await startBank();
    const env = { AGENTOS_ALLOWED_HOSTS: bank.host };
    [team, browser] = await Promise.all([startTeam(undefined, undefined, env), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await team.stop();
    await bank.stop();
    await Promise.all(calls);
  });

  const act = (agentId: string, action: string, params: object) => {
    const call = team.client.call('perform_action', { agentId, action, params });
    calls.push(call.catch(() => undefined));
    return call;
  };
  const pendingOf = (agentId: string): Promise<string> =>
    until(async () => {
      const { structured } = await team.client.call('list_approvals', { agentId, status: 'pending' });
      return (structured['approvals'] as { id: string }[] | undefined)?.[0]?.id;
    }, 'the request');
  const open = async (page: Page, id: string): Promise<void> => {
    await page.goto(`${team.url}/approvals/${id}`);
    await page.getByRole('heading', { name: 'The action' }).waitFor();
  };

  it('an approval that nobody used yet is revoked, and what it was for does not happen', async () => {
    const agentId = await team.makeAgent('asks-first');
    const params = { path: 'out/leave.txt', content: 'with leave' };
    const asked = await team.client.call('request_approval', {
      ...{ agentId, action: 'file.write', params, description: 'The weekly file' },
      approvers: [OLGA, ARNO],
    });
    const { id } = asked.structured['approval'] as { id: string };
    const { page: arno } = await team.signIn(browser, ARNO);
    await open(arno, id);
    await arno.getByRole('button', { name: 'Approve' }).click();
    await arno.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    await arno.context().close();

    const { page, errors } = await team.signIn(browser, OLGA);
    await open(page, id);
    await page.getByText('Revoke this approval').click();
    await page.getByLabel('Note (optional)').fill('The week is over.');
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Revoked.' }).waitFor();
    await page.getByText('The week is over.').first().waitFor();
    expect(await page.getByText('Revoke this approval').count()).toBe(0);
    void act(agentId, 'file.write', params);
    expect(await pendingOf(agentId)).not.toBe(id);
    expect(existsSync(join(team.place.files, params.path))).toBe(false);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('an answer to something else than what is asked does not count, and the page has it read again first', async () => {
    const agentId = await team.makeAgent('changes');
    void act(agentId, 'file.write', { path: 'out/asked.txt', content: 'what is really asked' });
    const id = await pendingOf(agentId);
    const { page } = await team.signIn(browser, ARNO);
    // Between the server and this window something shows another action than the one that is asked.
    await page.route(`**/api/v1/approvals/${id}`, async (route) => {
      const response = await route.fetch();
      const shown = (await response.json()) as { params: object; actionHash: string };
      const params = { ...shown.params, content: 'something harmless' };
      await route.fulfill({ response, json: { ...shown, params, actionHash: 'f'.repeat(64) } });
    });
    await open(page, id);
    await page.getByText('something harmless').waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'What was shown is not what is asked.' }).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('alert').filter({ hasText: 'The action has changed while this page was open.' }).waitFor();
    await page.getByText('what is really asked').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(existsSync(join(team.place.files, 'out/asked.txt'))).toBe(false);
    await page.getByRole('button', { name: 'I have read it again' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    await until(() => (existsSync(join(team.place.files, 'out/asked.txt')) ? true : undefined), 'the file');
    await page.context().close();
  });

  it('people say whether something happened whose end nobody saw, and it is not done again', async () => {
    const agentId = await team.makeAgent('drops', { condition: 'action.type == "sql.execute"', grants: ['http.*'] });
    const params = { method: 'POST', url: `http://${bank.host}/drop`, json: { note: 'once' } };
    const call = act(agentId, 'http.request', params);
    const id = await pendingOf(agentId);
    const { page, errors } = await team.signIn(browser, ARNO);
    await open(page, id);
    await page.getByText('A question: did it happen?').waitFor();
    await page.getByText('Nobody saw how this ended, and it is not tried again.').waitFor();
    await page.getByText('Did it happen?').first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'Recorded: it happened.' }).waitFor();
    expect(bank.orders).toEqual(['/drop {"note":"once"}']);
    expect((await call).text).toMatch(/not known|unknown|nobody saw/i);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
