// Debian's Chromium for tests: CHROMIUM_PATH or /usr/bin/chromium, else none (said aloud; with AGENTOS_REQUIRE_BROWSER=1 a failure).
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
export const hasBrowser = existsSync(executablePath);
export const NO_BROWSER = 'SKIPPED in the browser: install chromium, or set CHROMIUM_PATH';

if (!hasBrowser) {
  if (process.env['AGENTOS_REQUIRE_BROWSER'] === '1') throw new Error(`AGENTOS_REQUIRE_BROWSER=1. ${NO_BROWSER}`);
  process.stderr.write(`\n*** ${NO_BROWSER} ***\n\n`);
}

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

export async function openBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
}

/** A window of one person: cookies of its own, and what went wrong in its pages. */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const context = await browser.newContext({ viewport: DESK, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // That nobody is signed in yet is an answer of the server, which the browser writes down as an error.
    if (message.type() === 'error' && !message.text().includes('status of 40')) errors.push(message.text());
  });
  return { page, errors };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** Barriers that axe finds; the checker comes in by the debugger, past the page's own content policy. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<readonly Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then((result) => result.violations)`,
  );
  return found.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`,
  );
}

/** By how many pixels the page is wider than its window. */
export async function findOverflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}
