import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { findBarriers, hasBrowser, NO_BROWSER, openBrowser } from './support/browser.ts';
import { startTeam, type Team } from './support/team.ts';

const whenBrowser = hasBrowser ? describe : describe.skip;
const OLGA = 'olga@example.org';

whenBrowser(`a person who is alone in their workspace${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let team: Team;
  let browser: Browser;
  beforeAll(async () => {
    [team, browser] = await Promise.all([startTeam({ [OLGA]: 'owner' }, OLGA), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await team.stop();
  });

  it('answers their own request only after switching single-operator mode on, which every page then says', async () => {
    const { page } = await team.signIn(browser, OLGA);
    const agentId = await team.makeAgent('alone');
    const params = { path: 'out/alone.txt', content: 'by myself' };
    const write = () => team.client.call('perform_action', { agentId, action: 'file.write', params });
    // Nobody could answer now, so the call does not wait; it says what may be done.
    const held = await write();
    expect(held.text).toContain('single-operator');
    await page.locator('.row', { hasText: 'out/alone.txt' }).getByRole('link').click();
    const offer = page.getByRole('button', { name: 'Switch on single-operator mode' });
    await offer.waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await offer.click();
    await page.getByRole('button', { name: 'Keep it off' }).click();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await offer.click();
    await page.getByRole('button', { name: 'Yes, switch it on' }).click();
    await page.getByText('Single-operator mode is on.').first().waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    await page.getByText('It was carried out.').waitFor();
    expect(await write()).toMatchObject({ isError: false, structured: { outcome: 'succeeded' } });
    expect(readFileSync(join(team.place.files, 'out/alone.txt'), 'utf8')).toBe('by myself');
    await page.getByText('alone in single-operator mode').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.goto(team.url);
    await page.getByRole('complementary', { name: 'Single-operator mode' }).waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('complementary', { name: 'Single-operator mode' }).waitFor({ state: 'detached' });
    await page.context().close();
  });
});
