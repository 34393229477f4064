import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { BrowserContextOptions } from 'playwright-core';
import { type PageModel, renderFormPost } from '../../../src/pages/checkout/index.ts';
import { CHANGE, FORM_POST, makeModel, NOW, SCREENS } from '../../unit/pages/example.ts';
import { answerPayment, html, serve, useStage } from '../support/stage.ts';

setDefaultTimeout(60_000);

let model: PageModel;
let posts: string[] = [];

const stage = useStage(async (request, { pathname }) => {
  if (pathname === '/go' || pathname === '/gateway') {
    posts.push(`${pathname} ${await request.text()}`);
    return html('<!doctype html><title>gateway</title><p>gateway</p>');
  }
  if (pathname === '/thanks') return html('<!doctype html><title>thanks</title><p>thanks</p>');
  return answerPayment(model, pathname);
});

beforeEach(() => {
  posts = [];
});

/** The page of a payment that waits to be paid, or is. */
async function open(shown: PageModel, options?: BrowserContextOptions) {
  model = shown;
  const visited = await stage.visit(options);
  await visited.page.goto(stage.at('/pay'));
  return visited;
}

const paidModel = (changes: Partial<PageModel> = {}) =>
  makeModel({ ...SCREENS.paid, revision: 'r2', successUrl: stage.at('/thanks'), ...changes });

describe('the deadline', () => {
  test('is quiet until the last hour, then runs by the second on the clock of the server', async () => {
    model = makeModel({ deadline: NOW + 3_602_500 });
    const { page, close } = await stage.visit();
    // A phone whose clock is a day ahead.
    await page.clock.install({ time: NOW + 86_400_000 });
    await page.goto(stage.at('/pay'));
    expect(await page.locator('.left').textContent()).toBe('還剩 1 小時');
    expect(await page.locator('.pill.soon').count()).toBe(0);
    await page.clock.runFor(4000);
    expect(await page.locator('.left').textContent()).toMatch(/^還剩 59 分 5\d 秒$/);
    expect(await page.locator('.pill.soon').count()).toBe(1);
    await close();
  });
});

describe('going to the gateway', () => {
  test('happens by itself on the first opening only: not on reload, not on coming back', async () => {
    const { page, troubles, close } = await open(makeModel({ ...SCREENS.go, startAction: '/go' }));
    await page.waitForURL('**/go', { timeout: 3000 });
    expect(posts).toHaveLength(1);
    await page.goBack();
    await page.waitForTimeout(1200);
    expect(new URL(page.url()).pathname).toBe('/pay');
    await page.reload();
    await page.waitForTimeout(1200);
    await page.goto(stage.at('/pay'));
    await page.waitForTimeout(1200);
    expect(posts).toHaveLength(1);
    await page.click('[data-go] button');
    await page.waitForURL('**/go');
    expect(posts).toHaveLength(2);
    expect(troubles).toEqual([]);
    await close();
  });

  test('a reload that is the first this tab remembers does not spend a number', async () => {
    const { page, close } = await open(makeModel({ ...SCREENS.go, startAction: '/go' }));
    await page.evaluate('sessionStorage.clear()');
    await page.reload();
    await page.waitForTimeout(1200);
    expect(posts).toHaveLength(0);
    await close();
  });

  test('pressing twice posts once', async () => {
    const { page, close } = await open(makeModel({ ...SCREENS.waiting, startAction: '/go' }));
    await page.waitForTimeout(1200);
    expect(posts).toHaveLength(0);
    await page.evaluate("const b = document.querySelector('[data-go] button'); b.click(); b.click()");
    await page.waitForURL('**/go');
    expect(posts).toHaveLength(1);
    await close();
  });

  test('the signed form posts its fields as they are, once', async () => {
    const fields = { ...FORM_POST.fields, submit: 'x' };
    const form = renderFormPost({ ...FORM_POST, action: stage.at('/gateway'), fields });
    const elsewhere = serve(
      (_request, { pathname }) =>
        new Response(pathname === '/form' ? form : 'start', { headers: { 'content-type': 'text/html' } }),
    );
    const { page, close } = await stage.visit();
    await page.goto(`http://127.0.0.1:${elsewhere.port}/start`);
    await page.goto(`http://127.0.0.1:${elsewhere.port}/form`);
    await page.waitForURL('**/gateway', { timeout: 3000 });
    expect(posts).toHaveLength(1);
    const sent = new URLSearchParams(posts[0]?.split(' ')[1]);
    expect(Object.fromEntries(sent)).toEqual(fields);
    await page.goBack();
    await page.waitForTimeout(800);
    expect(new URL(page.url()).port).toBe(String(elsewhere.port));
    expect(posts).toHaveLength(1);
    await close();
    elsewhere.stop(true);
  });
});

describe('choosing a way to pay', () => {
  const choose = () => open(makeModel({ ...SCREENS.choose, change: { ...CHANGE, action: '/go' } }));

  test('two presses, also on two of them, send the first one only', async () => {
    const { page, close } = await choose();
    await page.evaluate("const b = document.querySelectorAll('.choice'); b[1].click(); b[1].click(); b[3].click()");
    await page.waitForURL('**/go');
    expect(posts).toEqual(['/go route=ecpay%2Fcvs']);
    await close();
  });

  test('the pressed one says so until its answer is there, and coming back all can be pressed', async () => {
    const { page, troubles, close } = await choose();
    const read = () => page.locator('.choice').evaluateAll((all) => all.map((one) => one.textContent));
    const before = await read();
    const pressed = await page.evaluate(`(() => {
      const all = [...document.querySelectorAll('.choice')];
      all[1].click();
      return [...all, document.querySelector('[data-live]')].map((one) => one.textContent);
    })()`);
    const busy = before[1]?.replace('超商代碼繳費', '請稍候…') ?? '';
    expect(pressed).toEqual([...before.with(1, busy), '請稍候…']);
    await page.waitForURL('**/go');
    await page.goBack();
    expect(await read()).toEqual(before);
    expect(troubles).toEqual([]);
    await close();
  });
});

describe('going back to the shop', () => {
  test('happens about three seconds after paying was seen, and once', async () => {
    const { page, close } = await open(paidModel());
    const opened = Date.now();
    await page.waitForURL('**/thanks', { timeout: 6000 });
    expect(Date.now() - opened).toBeGreaterThan(2000);
    await page.goBack();
    await page.waitForTimeout(3600);
    expect(new URL(page.url()).pathname).toBe('/pay');
    await close();
  });

  test('is stopped by whoever wants to stay', async () => {
    const { page, close } = await open(paidModel());
    await page.click('[data-stay]');
    await page.waitForTimeout(3600);
    expect(new URL(page.url()).pathname).toBe('/pay');
    expect(await page.locator('[data-continue]').isVisible()).toBe(true);
    await close();
  });
});
