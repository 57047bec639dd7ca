import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { hasBrowser, NO_BROWSER, openBrowser, openWindow } from './support/browser.ts';
import { startTeam, type Team, until } from './support/team.ts';

const whenBrowser = hasBrowser ? describe : describe.skip;

whenBrowser(`people answer in the console${hasBrowser ? '' : ` (${NO_BROWSER})`}`, () => {
  let team: Team;
  let browser: Browser;
  let agentId: string;
  beforeAll(async () => {
    [team, browser] = await Promise.all([startTeam(), openBrowser()]);
    agentId = await team.makeAgent('writer');
  });
  afterAll(async () => {
    await browser.close();
    await team.stop();
  });

  /** Asks as an assistant does: the call waits while people answer. */
  const write = (path: string, content: string) =>
    team.client.call('perform_action', { agentId, action: 'file.write', params: { path, content } });
  const written = (path: string): string | undefined => {
    const full = join(team.place.files, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  };
  const open = async (page: Page, path: string): Promise<void> => {
    await page.locator('.row', { hasText: path }).getByRole('link').click();
    await page.getByRole('heading', { name: 'The action' }).waitFor();
  };

  it('signs a person in by a mailed code and leads back to the page they wanted', async () => {
    const { page, errors } = await openWindow(browser);
    await page.goto(`${team.url}/?status=denied`);
    await page.getByLabel('E-mail').fill('olga@example.org');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('is on its way').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('code');
    const code = await until(() => /Your AgentOS code: (\d{6})/.exec(team.mails.at(-1) ?? '')?.[1], 'the mail');
    await page.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
    await page.getByLabel('Code').fill(code);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
    expect(page.url()).toBe(`${team.url}/?status=denied`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('E-mail').waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('takes the token of a link out of the address bar and uses it only when the button is pressed', async () => {
    const link = await team.link('olga@example.org');
    const visits = await Promise.all([1, 2].map(async () => openWindow(browser)));
    for (const { page } of visits) {
      await page.goto(link);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(page.url()).toBe(`${team.url}/sign-in`);
    }
    const [first, second] = visits.map(({ page }) => page);
    await first!.getByRole('button', { name: 'Sign in' }).click();
    await first!.getByRole('heading', { name: 'Waiting for you' }).waitFor();
    await second!.getByRole('button', { name: 'Sign in' }).click();
    await second!.getByRole('alert').filter({ hasText: /./ }).waitFor();
    for (const { page } of visits) await page.context().close();
  });

  it('shows a held action of a real client as it comes in; approved, it is carried out exactly once', async () => {
    const { page, errors } = await team.signIn(browser, 'olga@example.org');
    await page.getByText('Nothing waits for your answer.').waitFor();
    const call = write('out/approved.txt', 'first line\nsecond line\n');
    await page.getByRole('status').filter({ hasText: 'New approval' }).waitFor({ state: 'attached' });
    await open(page, 'out/approved.txt');
    expect(written('out/approved.txt')).toBeUndefined();
    const text = await page.locator('main').innerText();
    for (const each of [
      'writer',
      'ria@example.org',
      'second line',
      'Every file is looked at by a person first.',
      'left',
    ])
      expect(text).toContain(each);
    await page.getByLabel('Reason').fill('Looks right.');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('status');
    const answer = await call;
    expect(answer).toMatchObject({ isError: false, structured: { outcome: 'succeeded' } });
    expect(written('out/approved.txt')).toBe('first line\nsecond line\n');
    const { mtimeMs } = statSync(join(team.place.files, 'out/approved.txt'));
    await page.getByText('It was carried out.').waitFor();
    await page.getByText('Looks right.').first().waitFor();
    await page.reload();
    await page.getByText('It was carried out.').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(statSync(join(team.place.files, 'out/approved.txt')).mtimeMs).toBe(mtimeMs);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('denies only with a reason, and the file is not written', async () => {
    const { page } = await team.signIn(browser, 'arno@example.org');
    const call = write('out/denied.txt', 'no');
    await open(page, 'out/denied.txt');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Nothing was sent yet.').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('reason');
    await page.getByLabel('Reason').fill('Wrong folder.');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('status').filter({ hasText: 'Denied.' }).waitFor();
    const answer = await call;
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('Wrong folder.');
    expect(written('out/denied.txt')).toBeUndefined();
    await page.context().close();
  });

  it('tells a person without rights why they may not answer, and shows no buttons', async () => {
    const { page } = await team.signIn(browser, 'ria@example.org');
    const call = write('out/own.txt', 'mine');
    await open(page, 'out/own.txt');
    await page.getByText('somebody else has to').first().waitFor();
    expect(await page.getByRole('button', { name: /^(Approve|Deny)$/ }).count()).toBe(0);
    await page.getByText('Cancel this request').click();
    await page.getByRole('button', { name: 'Cancel request' }).click();
    await page.getByRole('status').filter({ hasText: 'Cancelled.' }).waitFor();
    expect((await call).isError).toBe(true);
    expect(written('out/own.txt')).toBeUndefined();
    await page.context().close();
  });

  it('says who was first when two answer at once', async () => {
    const people = await Promise.all(
      ['olga@example.org', 'arno@example.org'].map((each) => team.signIn(browser, each)),
    );
    const call = write('out/twice.txt', 'once');
    for (const { page } of people) await open(page, 'out/twice.txt');
    await Promise.all(people.map(({ page }) => page.getByRole('button', { name: 'Approve' }).click()));
    expect((await call).isError).toBe(false);
    const results = await Promise.all(people.map(async ({ page }) => page.locator('.result').innerText()));
    expect(results.filter((text) => text.startsWith('Approved.'))).toHaveLength(1);
    expect(results.filter((text) => text.includes('already'))).toHaveLength(1);
    for (const { page } of people) await page.context().close();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await team.signIn(browser, 'arno@example.org');
    const call = write('out/keys.txt', 'by keyboard');
    await page.locator('.row', { hasText: 'out/keys.txt' }).waitFor();
    await page.reload();
    await page.locator('.row', { hasText: 'out/keys.txt' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    const reach = async (name: string): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        if (await page.evaluate<boolean>(`document.activeElement.innerText.includes(${JSON.stringify(name)})`)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`no way to ${name} by keyboard`);
    };
    await reach('out/keys.txt');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The action' }).waitFor();
    await reach('Approve');
    await page.keyboard.press('Space');
    await page.getByRole('status').filter({ hasText: 'Approved.' }).waitFor();
    expect((await call).isError).toBe(false);
    expect(written('out/keys.txt')).toBe('by keyboard');
    await page.context().close();
  });
});
