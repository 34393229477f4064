import { afterAll, beforeAll } from 'bun:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { typeOf } from '../../../src/assets.ts';
import { fileRoutes } from '../../../src/http/routes/files.ts';
import { type PageModel, renderPaymentPage } from '../../../src/pages/checkout/index.ts';
import { type PageNeeds, pageHeaders } from '../../../src/security/csp.ts';

export const PHONE = { width: 360, height: 740 };

export type Answer = (request: Request, url: URL) => Response | undefined | Promise<Response | undefined>;

/** A page under the policy that the server gives such a page. */
export function html(text: string, needs: PageNeeds = {}): Response {
  return new Response(text, { headers: pageHeaders(needs) });
}

const files = fileRoutes();

/** As the server sends them. */
function serveAsset(request: Request, path: string): Response | Promise<Response> {
  // What the gateway's script asks for is of no use to a pretended one.
  if (path.startsWith('vendor/')) return new Response('', { headers: { 'content-type': typeOf('.js') } });
  return files.handle(request);
}

/** A server of one test's pages under the real content policy. */
export function serve(answer: Answer) {
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const url = new URL(request.url);
      if (url.pathname.startsWith('/assets/')) return serveAsset(request, url.pathname.slice('/assets/'.length));
      // Asked for by pages of a pretended gateway, which name no icon.
      if (url.pathname === '/favicon.ico') return new Response(null, { status: 204 });
      return (await answer(request, url)) ?? new Response('', { status: 404 });
    },
  });
}

/** The files of a run share one, wherever their modules are kept: to start it takes seconds. */
const shared = globalThis as { paycoreBrowser?: Promise<Browser> };

/** The browser of this test process. What a file opened in it goes with `leaveBrowser`. */
export async function launch(): Promise<Browser> {
  const known = await shared.paycoreBrowser?.catch(() => null);
  if (known?.isConnected()) return known;
  shared.paycoreBrowser = start();
  return shared.paycoreBrowser;
}

/** Ends what tests have left open; the browser itself ends with the process. */
export async function leaveBrowser(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

function start(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      // There is none, and what stands in for it needs no process of its own.
      '--in-process-gpu',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP *.shop.test 127.0.0.1',
    ],
  });
}

export interface Visit {
  readonly page: Page;
  /** Console errors, page errors and content policy violations so far. */
  readonly troubles: string[];
  close(): Promise<void>;
}

/** A fresh context, so that storage and history are empty. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ locale: 'zh-TW', ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  return { page, troubles, close: () => context.close() };
}

/** A browser and a server of pages for the tests of one file. */
export function useStage(answer: Answer) {
  let browser: Browser;
  let server: ReturnType<typeof serve>;
  beforeAll(async () => {
    server = serve(answer);
    browser = await launch();
  });
  afterAll(async () => {
    await leaveBrowser(browser);
    server.stop(true);
  });
  return {
    at: (path: string) => `http://127.0.0.1:${server.port}${path}`,
    visit: (options?: BrowserContextOptions) => visit(browser, options),
  };
}

/** A payment's page at `/pay`, and what it asks at `/status`. */
export async function answerPayment(model: PageModel, path: string, needs?: PageNeeds): Promise<Response | undefined> {
  if (path === '/pay') return html(await renderPaymentPage(model), needs);
  if (path === '/status') return Response.json({ status: model.status, revision: model.revision });
  return undefined;
}

/** What the browser says about an answer that a test lets fail is no trouble of the page. */
export const own = (troubles: readonly string[]) =>
  troubles.filter((text) => !text.startsWith('Failed to load resource'));
