import { afterAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { ELEMENT, makeElement, makeModel, SCREENS } from '../../unit/pages/example.ts';
import { formOf } from '../support/form.ts';
import { answerPayment, own, PHONE, useStage } from '../support/stage.ts';
import { startStripe } from '../support/stripe.ts';

/** Stripe's form in our page, with a stand-in for Stripe.js on an origin of its own and the policy of the server. */

setDefaultTimeout(60_000);

let model: PageModel;

const stripe = startStripe();
afterAll(() => stripe.stop());

const element = (changes: Partial<PageModel> = {}) =>
  makeModel({ ...SCREENS.element, element: makeElement(stripe.origin), ...changes });
const paid = () => makeModel({ ...SCREENS.paid, successUrl: null, revision: 'paid' });

const stage = useStage((_request, { pathname }) =>
  answerPayment(model, pathname, model.element ? { vendor: stripe.origins, postsToGateway: [] } : {}),
);

beforeEach(() => {
  stripe.turn('up');
  model = element();
});

async function open(options: BrowserContextOptions = {}, before = '') {
  const visited = await stage.visit({ viewport: PHONE, ...options });
  if (before) await visited.page.addInitScript(before);
  // Loaded it is only when the script of the gateway has come or failed.
  await visited.page.goto(stage.at('/pay'), { waitUntil: 'domcontentloaded' });
  return visited;
}

const { pay, retry, ready, failed, status, press, expectSecondTry, expectNewDocument } = formOf('element');
const field = (page: Page) => page.frameLocator('[data-element] iframe').locator('input');
const callsOf = (page: Page, name: string) =>
  page.evaluate(`stripe.calls.filter(([called]) => called === '${name}').length`);

describe('drawing the form', () => {
  test('the button waits for it, and the script is called as documented', async () => {
    stripe.turn('held');
    const { page, troubles, close } = await open();
    expect(await page.locator(pay).isDisabled()).toBe(true);
    expect(await status(page)).toBe('正在載入付款表單…');
    stripe.turn('up');
    await ready(page);
    expect(await status(page)).toBe('');
    expect(await page.evaluate('stripe.calls')).toEqual([
      ['Stripe', 'pk_test_51Qd2eZvKYlo2C', { locale: 'zh-TW' }],
      ['elements', ELEMENT.clientSecret],
      ['create', 'payment'],
    ]);
    await field(page).fill('4242');
    expect(troubles).toEqual([]);
    await close();
  });

  test('the button does not move when the form comes, nor when it is pressed', async () => {
    stripe.turn('held');
    const { page, close } = await open({}, 'window.stripe = { height: 240 }');
    const top = async () => (await page.locator(pay).boundingBox())?.y;
    const before = await top();
    stripe.turn('up');
    await ready(page);
    expect(await top()).toBe(before);
    await press(page);
    expect(await top()).toBe(before);
    await close();
  });

  for (const [what, state] of [
    ['a script that does not come', 'down'],
    ['a script that is another one', 'empty'],
  ] as const) {
    test(`${what}: said, and tried again by hand`, async () => {
      stripe.turn(state);
      const { page, troubles, close } = await open();
      await expectSecondTry(page, () => stripe.turn('up'));
      expect(own(troubles)).toEqual([]);
      await close();
    });
  }

  test('a form that cannot be drawn: the same, and only one stands there after the next try', async () => {
    const { page, close } = await open({}, 'window.stripe = { broken: true }');
    await failed(page);
    await page.evaluate('stripe.broken = false');
    await page.click(retry);
    await ready(page);
    expect(await page.locator('[data-element] iframe').count()).toBe(1);
    await close();
  });

  test('a form that never comes is given up after half a minute', async () => {
    const { page, close } = await stage.visit({ viewport: PHONE });
    await page.addInitScript('window.stripe = { silent: true }');
    await page.clock.install();
    await page.goto(stage.at('/pay'));
    await page.waitForSelector('[data-element] iframe', { state: 'attached' });
    expect(await page.locator('[data-state="loading"]').count()).toBe(1);
    await page.clock.runFor(31_000);
    await failed(page);
    await close();
  });

  test('in the dark it is told our colours, and no white sheet is laid behind it', async () => {
    const { page, close } = await open({ colorScheme: 'dark' });
    await ready(page);
    expect(await page.evaluate('stripe.appearance')).toMatchObject({
      theme: 'night',
      variables: { colorBackground: '#1a1d20', colorText: '#eceae6', colorPrimary: '#5fc6b3' },
    });
    const box = await page.locator('[data-element] iframe').boundingBox();
    const clip = { x: (box?.x ?? 0) + 2, y: (box?.y ?? 0) + (box?.height ?? 0) - 4, width: 1, height: 1 };
    expect(await readPixel(await page.screenshot({ clip }))).toEqual([0x1a, 0x1d, 0x20]);
    await close();
  });
});

/** The only pixel of a picture, as the browser decodes it. */
async function readPixel(picture: Buffer): Promise<number[]> {
  const { page, close } = await stage.visit();
  const pixel = await page.evaluate(
    async (address) => {
      const image = await createImageBitmap(await (await fetch(address)).blob());
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      canvas?.drawImage(image, 0, 0);
      return [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
    },
    `data:image/png;base64,${picture.toString('base64')}`,
  );
  await close();
  return pixel;
}

describe('paying', () => {
  test('a card that is declined: said in the words of the gateway, and tried again with the same form', async () => {
    const { page, troubles, close } = await open();
    await ready(page);
    await field(page).fill('4000 0000 0000 0002');
    await page.evaluate(`stripe.answer = { error: { type: 'card_error', message: '您的卡片遭拒。' } }`);
    await press(page);
    await page.waitForSelector('[data-state="ready"] [data-element-status]:text-is("您的卡片遭拒。")');
    expect(await field(page).inputValue()).toBe('4000 0000 0000 0002');
    await page.evaluate('delete stripe.answer');
    await press(page);
    await page.waitForSelector('[data-state="paying"] [data-element-pay]:disabled');
    expect(await status(page)).toContain('請不要關閉這一頁');
    expect(await callsOf(page, 'confirmPayment')).toBe(2);
    expect(troubles).toEqual([]);
    await close();
  });

  test('one press pays once, however often the button is pressed', async () => {
    const { page, close } = await open();
    await ready(page);
    await page.evaluate("const b = document.querySelector('[data-element-pay]'); b.click(); b.click(); b.onclick()");
    expect(await callsOf(page, 'confirmPayment')).toBe(1);
    expect(await page.evaluate('stripe.calls.at(-1)[1]')).toBe(String(model.element?.settings.returnUrl));
    await close();
  });

  for (const [what, answer] of [
    [
      'an error written for programmers',
      "{ error: { type: 'invalid_request_error', message: 'No such intent: pi_1' } }",
    ],
    ['a line that broke', "{ error: { type: 'api_connection_error', message: 'fetch failed' } }"],
    ['a script that fails', "new Error('boom')"],
  ] as const) {
    test(`${what}: the payer is told that the result is not known, and not what it said`, async () => {
      const { page, troubles, close } = await open();
      await ready(page);
      await page.evaluate(`stripe.answer = ${answer}`);
      await press(page);
      await page.waitForSelector('[data-state="ready"] [data-element-status]:text-matches("請勿重複付款")');
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test('back from the bank without a reload, the form is drawn again', async () => {
    const { page, close } = await open();
    await ready(page);
    await press(page);
    await page.waitForSelector('[data-state="paying"]');
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    await ready(page);
    expect(await callsOf(page, 'create')).toBe(2);
    await close();
  });

  test('paid while the bank is asked: the receipt is seen at once', async () => {
    const { page, troubles, close } = await open();
    await ready(page);
    await press(page);
    model = paid();
    await page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });
    expect(troubles).toEqual([]);
    await close();
  });
});

describe('while the payer types', () => {
  test('a new revision of the same order takes nothing away; another order gets its own form', async () => {
    const { page, troubles, close } = await open();
    await ready(page);
    await field(page).fill('4242');
    model = element({ revision: 'r2' });
    await page.waitForSelector('main[data-revision="r2"]', { timeout: 10_000, state: 'attached' });
    expect(await field(page).inputValue()).toBe('4242');
    const settings = { ...makeElement().settings, clientSecret: 'pi_2_secret_2' };
    model = element({ revision: 'r3', element: { ...makeElement(stripe.origin), settings } });
    await page.waitForSelector('main[data-revision="r3"]', { timeout: 10_000, state: 'attached' });
    await ready(page);
    expect(await page.evaluate('stripe.calls.at(-2)')).toEqual(['elements', 'pi_2_secret_2']);
    expect(await field(page).inputValue()).toBe('');
    expect(await page.locator('iframe').count()).toBe(1);
    expect(troubles).toEqual([]);
    await close();
  });

  test('a page that begins with another screen gets the policy of this one', async () => {
    model = makeModel({ ...SCREENS.waiting, startAction: null, revision: 'r0' });
    await expectNewDocument(await open(), () => {
      model = element();
    });
  });
});

describe('the policy of the page', () => {
  const STRANGER = 'http://127.0.0.1:9';
  /** What the browser refuses when the page tries to reach an origin in every way. */
  const tryAll = (page: Page, origin: string) =>
    page.evaluate(async (at) => {
      const refused = new Set<string>();
      document.addEventListener('securitypolicyviolation', (event) => refused.add(event.effectiveDirective));
      document.head.append(Object.assign(document.createElement('script'), { src: `${at}/dahlia/stripe.js` }));
      document.body.append(Object.assign(document.createElement('iframe'), { src: `${at}/frame` }));
      await fetch(at, { mode: 'no-cors' }).catch(() => {});
      await new Promise((done) => setTimeout(done, 200));
      return [...refused].sort();
    }, origin);

  test('lets in what the driver declares, and nobody else', async () => {
    const { page, close } = await open();
    await ready(page);
    expect(await tryAll(page, stripe.origin)).toEqual([]);
    expect(await tryAll(page, STRANGER)).toEqual(['connect-src', 'frame-src', 'script-src-elem']);
    await close();
  });

  test('lets in nothing of the gateway where its form is not shown', async () => {
    model = makeModel({ ...SCREENS.waiting, startAction: null });
    const { page, close } = await open();
    expect(await tryAll(page, stripe.origin)).toEqual(['connect-src', 'frame-src', 'script-src-elem']);
    await close();
  });
});
