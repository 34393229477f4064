import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Locale } from '../../../src/core/locale.ts';
import { makeModel } from '../../unit/pages/example.ts';
import { bringAxe } from './axe.ts';
import type { Screen, Texts } from './screens.ts';
import { html, launch, leaveBrowser, PHONE, serve, visit } from './stage.ts';
import { startStripe } from './stripe.ts';
import { answerForm, serveVendor } from './vendor.ts';

/** Shows any screen in a browser, under the real content policy and with what gateways bring pretended. */
export interface Studio {
  /** Where the stand-in for Stripe's script is. */
  readonly origin: string;
  /** `axe`: has it in every document, which costs each of them half as much again. */
  open(options?: BrowserContextOptions & { readonly axe?: boolean }): Promise<Tab>;
  close(): Promise<void>;
}

export interface Tab {
  readonly page: Page;
  show(screen: Screen, locale: Locale, texts: Texts): Promise<void>;
  /** Console errors, page errors and content policy violations since the last time. */
  takeTroubles(): string[];
  close(): Promise<void>;
}

export const SIZES = { phone: PHONE, desktop: { width: 1280, height: 800 } } as const;
export const THEMES = ['light', 'dark'] as const;

/**
 * Nothing happens by itself while somebody looks closely: the mark of an earlier visit keeps a page from going to the
 * gateway, and one that is not in front stays where it is.
 */
const STILL = `
  sessionStorage.setItem('paycore:${makeModel().paymentNo}:went', '1');
  Object.defineProperty(document, 'hidden', { get: () => true });
`;

export async function openStudio(): Promise<Studio> {
  let current = '';
  const stripe = startStripe();
  const server = serve((_request, { pathname }) => {
    if (pathname === '/pay') return html(current, { vendor: stripe.origins });
    if (pathname === '/form') return answerForm();
    if (pathname === '/vendor.js') return serveVendor();
    return pathname === '/status' ? Response.json({ status: 'pending', revision: 'r1' }) : undefined;
  });
  const browser: Browser = await launch();
  return {
    origin: stripe.origin,
    async open({ axe = true, ...options } = {}) {
      const { page, troubles, close } = await visit(browser, { reducedMotion: 'reduce', ...options });
      await page.addInitScript(STILL);
      if (axe) await bringAxe(page);
      return {
        page,
        async show(screen, locale, texts) {
          current = await screen.draw(locale, texts);
          await page.goto(`http://127.0.0.1:${server.port}/pay`);
          if (screen.isForm) await page.waitForSelector('[data-state="ready"]');
        },
        takeTroubles: () => troubles.splice(0),
        close,
      };
    },
    async close() {
      await leaveBrowser(browser);
      server.stop(true);
      stripe.stop();
    },
  };
}
