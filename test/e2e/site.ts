import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../../scripts/browser.js';
import { startStaticServer, type StaticServer, type StaticServerOptions } from '../../scripts/static-server.js';

/** Where the tests' own sounds are served, beside the site. */
const MOUNTS = { '/clips/': 'test/fixtures/clips', '/soundscapes/': 'test/soundscapes' };

/** The built site behind a plain static server: no special headers. */
export function serveSite(options: Omit<StaticServerOptions, 'port'> = {}): Promise<StaticServer> {
  return startStaticServer('site', { ...options, mounts: { ...MOUNTS, ...options.mounts } });
}

export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: ensureBrowser(), args: [...QUIET_FLAGS, ...flags] });
}

/** What a page asked for and complained about, from its first request on. */
export interface PageLog {
  readonly requests: string[];
  /** Uncaught exceptions and console errors. */
  readonly errors: string[];
}

export function logPage(page: Page): PageLog {
  const log: PageLog = { requests: [], errors: [] };
  page.on('request', (request) => log.requests.push(request.url()));
  page.on('pageerror', (error) => log.errors.push(`${error.name}: ${error.message}`));
  page.on('console', (entry) => {
    if (entry.type() === 'error') log.errors.push(entry.text());
  });
  return log;
}

/** Longer than anything takes on a busy machine, short enough that a test that fails does not hold up the others. */
const PATIENCE = 30_000;

/** A page in a profile; pages of one profile share what is kept on the device. */
export async function newPage(context: BrowserContext): Promise<{ page: Page; log: PageLog }> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  return { page, log: logPage(page) };
}

/** A profile of its own, with nothing kept in it yet. */
export function newProfile(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1280, height: 900 } });
}

/** What the tests of a suite visit. */
export interface SuiteSite {
  readonly server: StaticServer;
  readonly browser: Browser;
  /** One profile for all of them. */
  readonly profile: BrowserContext;
}

/** Serves the built site and starts a browser for the suite that calls it; there from its first test on. */
export function suiteSite(): SuiteSite {
  const site: { -readonly [K in keyof SuiteSite]?: SuiteSite[K] } = {};
  before(async () => {
    site.server = await serveSite();
    site.browser = await launchBrowser();
    site.profile = await newProfile(site.browser);
  });
  after(async () => {
    await site.browser?.close();
    await site.server?.close();
  });
  return site as SuiteSite;
}
