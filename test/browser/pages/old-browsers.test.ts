import { beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { CHANGE, makeModel, NOW, SCREENS } from '../../unit/pages/example.ts';
import { answerPayment, html, PHONE, useStage } from '../support/stage.ts';

/** The pages on a browser without what Safari 14.0 and Android WebView 80 lack: taken away before anything runs. */

setDefaultTimeout(60_000);

let model: PageModel;
let posts: string[] = [];

const stage = useStage(async (request, { pathname }) => {
  if (pathname !== '/go') return answerPayment(model, pathname);
  posts.push(await request.text());
  return html('<!doctype html><title>gateway</title><p>gateway</p>');
});

beforeEach(() => {
  posts = [];
});

const TAKEN = `
  for (const [owner, ...names] of [
    [AbortSignal, 'timeout', 'any'],
    [HTMLFormElement.prototype, 'requestSubmit'],
    [SubmitEvent.prototype, 'submitter'],
    [Element.prototype, 'replaceChildren', 'checkVisibility'],
    [Document.prototype, 'replaceChildren'],
    [HTMLDialogElement.prototype, 'showModal'],
    [Array.prototype, 'at', 'findLast', 'findLastIndex', 'toSorted', 'toSpliced', 'with'],
    [String.prototype, 'at', 'replaceAll', 'isWellFormed', 'toWellFormed'],
    [Object, 'hasOwn', 'groupBy'],
    [Promise, 'any', 'withResolvers'],
    [Navigator.prototype, 'clipboard', 'share', 'canShare'],
    [window, 'structuredClone', 'BroadcastChannel', 'requestIdleCallback', 'WeakRef'],
  ]) for (const name of names) delete owner[name];
  const { NumberFormat } = Intl;
  Intl.NumberFormat = function (locale, options = {}) {
    if (options.style === 'unit') throw new RangeError('Value unit out of range for style');
    return new NumberFormat(locale, options);
  };
  performance.getEntriesByType = () => [];
`;

async function open(shown: PageModel) {
  model = shown;
  const visited = await stage.visit({ viewport: PHONE });
  await visited.page.addInitScript(TAKEN);
  await visited.page.goto(stage.at('/pay'));
  return visited;
}

test('a number is copied, its time runs, and the receipt comes when it is paid', async () => {
  const { page, troubles, close } = await open(makeModel({ deadline: NOW + 1_800_000, successUrl: null }));
  const read = () => page.locator('.left').textContent();
  const before = await read();
  await page.click('[data-copy]');
  await page.waitForSelector('[data-copy]:text-is("已複製")');
  await page.waitForFunction((text) => document.querySelector('.left')?.textContent !== text, before);
  model = makeModel({ ...SCREENS.paid, successUrl: null, revision: 'r2' });
  await page.waitForSelector('main[data-status="paid"]', { timeout: 5000 });
  expect(troubles).toEqual([]);
  await close();
});

test('days that are left are said', async () => {
  const { page, troubles, close } = await open(makeModel());
  expect(await page.locator('.left').textContent()).toMatch(/\d/);
  expect(troubles).toEqual([]);
  await close();
});

test('of the ways to pay the pressed one is sent, says so, and is sent once', async () => {
  const { page, close } = await open(makeModel({ ...SCREENS.choose, change: { ...CHANGE, action: '/go' } }));
  const pressed = await page.evaluate(`(() => {
    const all = [...document.querySelectorAll('.choice')];
    all[1].click();
    all[2].click();
    return document.querySelector('[data-live]').textContent;
  })()`);
  expect(pressed).toBe('請稍候…');
  await page.waitForURL('**/go');
  expect(posts).toEqual(['route=ecpay%2Fcvs']);
  await close();
});

test('the way to the gateway begins by itself, once', async () => {
  const { page, close } = await open(makeModel({ ...SCREENS.go, startAction: '/go' }));
  await page.waitForURL('**/go', { timeout: 5000 });
  await page.goBack();
  await page.waitForTimeout(1200);
  expect(new URL(page.url()).pathname).toBe('/pay');
  expect(posts).toHaveLength(1);
  await close();
});
