import type { TestApp } from '../../support/app.ts';
import { createBrowser, OWNER, readText } from '../../support/desk.ts';

/** Coming in by the pages, as people do. */

export type Browser = ReturnType<typeof createBrowser>;

export const NEW_PASSWORD = 'bubble tea with less ice';

export const login = (browser: Browser, password: string, email: string = OWNER.email, fields = {}) =>
  browser.post('/admin/login', { email, password, ...fields }, '/admin/login');

/** A browser in which somebody has signed in by the page. */
export async function enter(
  app: TestApp,
  password: string = OWNER.password,
  email: string = OWNER.email,
): Promise<Browser> {
  const browser = createBrowser(app);
  const answer = await login(browser, password, email);
  if (answer.status !== 303) throw new Error(`expected to be in, got ${answer.status} ${readText(answer.text)}`);
  return browser;
}

export const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/admin')).status === 200;

export const readMatch = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

/** What the audit has of an action, newest first. */
export const listLines = (app: TestApp, action: string) =>
  app.deps.store.listAudit({ personId: null, action, beforeId: null, limit: 20 });
