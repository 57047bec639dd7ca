import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { SlackStandIn, TEAM } from '../../support/slack-stand-in.ts';
import { DESK, findBarriers, findOverflow, hasBrowser, NO_BROWSER, openBrowser, PHONE } from './support/browser.ts';
import { startTeam, type Team, until } from './support/team.ts';

const whenBrowser = hasBrowser ? describe : describe.skip;

whenBrowser(`a person links their Slack account in the console${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let slack: SlackStandIn;
  let team: Team;
  let browser: Browser;
  beforeAll(async () => {
    slack = await SlackStandIn.start();
    const env = { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.url };
    [team, browser] = await Promise.all([startTeam(undefined, undefined, env), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await team.stop();
    await slack.close();
  });

  const open = async (page: Page): Promise<void> => {
    await page.getByRole('link', { name: 'arno@example.org' }).click();
    await page.getByRole('heading', { name: 'Slack' }).waitFor();
    await page.getByText('No Slack account is linked').waitFor();
  };
  const codeIn = async (userId: string): Promise<string> =>
    until(
      () => /Your AgentOS code: (\d{6})/.exec(slack.in(`D${userId.slice(1)}`).at(-1)?.text ?? '')?.[1],
      'the direct message',
    );

  it('with the code that the account was sent, after a wrong one; by keyboard', async () => {
    slack.addUser('U0ARNO');
    slack.addUser('U0GUEST', { is_restricted: true });
    const { page, errors } = await team.signIn(browser, 'arno@example.org');
    await open(page);
    expect(await page.getByLabel('Slack team').inputValue()).toBe(TEAM);
    await page.getByLabel('Slack member ID').fill('u0guest');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'it is a guest' }).waitFor();
    await page.getByLabel('Slack member ID').fill('U0ARNO');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'A code is on its way' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('code');
    const code = await codeIn('U0ARNO');
    await page.keyboard.type(code === '000000' ? '000001' : '000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'The code is wrong' }).waitFor();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Link this account' }).click();
    await page.getByText('Linked: user').waitFor();
    expect(await page.locator('main').innerText()).toContain('U0ARNO');
    await page.reload();
    await page.getByText('Linked: user').waitFor();
    expect(errors).toEqual([]);
    expect(team.log()).not.toContain(code);
    await page.context().close();
  });

  it.each([
    ['light', DESK],
    ['dark', PHONE],
  ] as const)(
    'on a page without barriers that axe knows, which fits its window: %s, %j',
    async (colorScheme, viewport) => {
      const { page } = await team.signIn(browser, 'olga@example.org', { colorScheme, viewport });
      await page.goto(`${team.url}/me`);
      await page.getByText('No Slack account is linked').waitFor();
      const barriers = await findBarriers(page);
      await page.getByLabel('Slack member ID').fill('U0NOBODY');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'Slack does not know it' }).waitFor();
      expect([...barriers, ...(await findBarriers(page))]).toEqual([]);
      expect(await findOverflow(page)).toBeLessThanOrEqual(0);
      await page.context().close();
    },
  );
});
