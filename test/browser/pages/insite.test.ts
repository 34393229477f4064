import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { makeModel, SCREENS } from '../../unit/pages/example.ts';
import { formOf } from '../support/form.ts';
import { answerPayment, html, own, PHONE, useStage } from '../support/stage.ts';
import { answerForm, serveVendor } from '../support/vendor.ts';

/** The in-site screen against a pretended gateway script and a pretended server, whose answers each test chooses. */

setDefaultTimeout(60_000);

type Reply = () => Response | Promise<Response>;

let model: PageModel;
let asked: string[] = [];
let form: Reply;
let create: Reply;
let vendor: Reply;

const inSite = (changes: Partial<PageModel> = {}) => makeModel({ ...SCREENS.insite, ...changes });
const refuse = (status: number, code: string, more: object = {}) =>
  Response.json({ success: false, message: code, error: { error_code: code, ...more } }, { status });

const stage = useStage(async (request, { pathname, search }) => {
  if (pathname === '/vendor.js') return vendor();
  if (pathname === '/bank') return html('<!doctype html><title>bank</title><p>bank</p>');
  if (pathname !== '/form' && pathname !== '/create') return answerPayment(model, pathname);
  asked.push(`${pathname}${search} ${await request.text()}`);
  return pathname === '/form' ? form() : create();
});

beforeEach(() => {
  asked = [];
  model = inSite();
  form = () => answerForm();
  create = () => refuse(500, 'INTERNAL_ERROR');
  vendor = serveVendor;
});

const open = async () => {
  const visited = await stage.visit({ viewport: PHONE });
  await visited.page.goto(stage.at('/pay'));
  return visited;
};
/** With a clock that a test moves on. */
const openWithClock = async () => {
  const visited = await stage.visit();
  await visited.page.clock.install();
  await visited.page.goto(stage.at('/pay'));
  await ready(visited.page);
  return visited;
};
const { pay, ready, failed, status, says, press, retry, expectSecondTry, expectNewDocument } = formOf('insite');
const creates = () => asked.filter((line) => line.startsWith('/create'));
const forms = () => asked.filter((line) => line.startsWith('/form'));

describe('drawing the form', () => {
  test('a gateway that refuses is told apart from one that is not there, and there is a way back', async () => {
    form = () => refuse(422, 'ECPAY_CREDENTIAL_INVALID');
    const { page, close } = await open();
    await failed(page);
    expect(await status(page)).toContain('目前無法使用綠界的這個付款方式');
    expect(await page.locator('main [data-home]:visible').count()).toBe(1);
    form = () => refuse(502, 'PAYMENT_GATEWAY_ERROR');
    await page.click(retry);
    await says(page, ':text-matches("沒有載入成功")');
    await close();
  });

  test('the button waits for it, and the script is called as documented', async () => {
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    form = async () => {
      await gate;
      return answerForm();
    };
    const { page, troubles, close } = await open();
    expect(await page.locator(pay).isDisabled()).toBe(true);
    expect(await status(page)).toBe('正在載入付款表單…');
    release();
    await ready(page);
    expect(await page.evaluate('vendor.calls')).toEqual([
      ['initialize', 'Stage', 1],
      ['createPayment', expect.stringMatching(/^token-/), 'zh-TW', 'V2'],
    ]);
    expect(
      await page.evaluate(
        "[...document.scripts].map((s) => s.getAttribute('src').replace(/\\.[0-9a-f]{16}(?=\\.)/, ''))",
      ),
    ).toEqual([
      '/assets/checkout.js',
      '/assets/insite.js',
      '/assets/vendor/jquery.js',
      '/assets/vendor/forge.js',
      '/vendor.js',
    ]);
    expect(await status(page)).toBe('');
    expect(asked).toEqual(['/form?token=t {}']);
    expect(troubles).toEqual([]);
    await close();
  });

  for (const [what, breaks] of [
    ['a token that is not given', () => (form = () => refuse(502, 'PAYMENT_GATEWAY_ERROR'))],
    ['a script that does not come', () => (vendor = () => new Response('', { status: 503 }))],
  ] as const) {
    test(`${what}: said, and tried again by hand`, async () => {
      breaks();
      const { page, troubles, close } = await open();
      await expectSecondTry(page, () => {
        form = () => answerForm();
        vendor = serveVendor;
      });
      expect(own(troubles)).toEqual([]);
      await close();
    });
  }

  test('nothing to pay any more: the page is looked at once, never in a circle', async () => {
    form = () => refuse(409, 'PAYMENT_NOT_PAYABLE');
    const { page, close } = await open();
    await failed(page);
    await page.waitForTimeout(2500);
    expect(forms()).toHaveLength(2);
    model = makeModel({ ...SCREENS.waiting, startAction: null, revision: 'r2' });
    await page.click(retry);
    await page.waitForSelector('main[data-screen="waiting"]', { timeout: 10_000 });
    await close();
  });

  test('a page that begins with another screen gets the policy of this one', async () => {
    model = makeModel({ ...SCREENS.waiting, startAction: null, revision: 'r0' });
    await expectNewDocument(await open(), () => {
      model = inSite();
    });
  });
});

describe('paying', () => {
  test('one press, one payment, however often the button is pressed; then the page shows what it is', async () => {
    create = async () => {
      await Bun.sleep(300);
      model = makeModel({ ...SCREENS.paid, successUrl: null, revision: 'r2' });
      return Response.json({ success: true, data: { status: 'paid' } });
    };
    const { page, troubles, close } = await open();
    await ready(page);
    await page.evaluate("const b = document.querySelector('[data-insite-pay]'); b.click(); b.click()");
    await page.evaluate("document.querySelector('[data-insite-pay]').click()");
    await page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });
    expect(creates()).toEqual(['/create?token=t {"PayToken":"pay-token-3"}']);
    expect(troubles).toEqual([]);
    await close();
  });

  test('what the form itself refuses is said as it says it, and nothing is sent', async () => {
    const { page, close } = await open();
    await ready(page);
    await page.evaluate("vendor.refusal = '請填寫卡號'");
    await press(page);
    await says(page, ':text-is("請填寫卡號")');
    expect(await page.locator(pay).isEnabled()).toBe(true);
    expect(creates()).toEqual([]);
    await close();
  });

  test('a refusal is told in words, with a new form on a new token', async () => {
    create = () => refuse(422, 'ECPAY_PAYMENT_FAILED', { gateway: { code: '10200058', message: '授權失敗 $&' } });
    const { page, close } = await open();
    await ready(page);
    await press(page);
    await says(page, ':text-matches("也沒有扣款[^]*綠界的回覆：授權失敗 \\\\$&")');
    await ready(page);
    expect(forms()).toHaveLength(2);
    expect(await page.locator('#ECPayPayment label').count()).toBe(1);
    await close();
  });

  test('the bank: straight there, and coming back by hand says that it did not work', async () => {
    create = () => Response.json({ success: true, data: { redirect_url: stage.at('/bank'), status: 'pending' } });
    const { page, close } = await open();
    await ready(page);
    await press(page);
    await page.waitForURL('**/bank');
    await page.goBack();
    await ready(page);
    expect(await status(page)).toContain('剛才沒有付款成功');
    await page.reload();
    await ready(page);
    expect(await status(page)).toBe('');
    expect(creates()).toHaveLength(1);
    await close();
  });

  test('an address that is none is not gone to', async () => {
    create = () => Response.json({ success: true, data: { redirect_url: 'javascript:document.title=1' } });
    const { page, close } = await open();
    await ready(page);
    await press(page);
    await page.waitForTimeout(1000);
    expect(await page.title()).not.toBe('1');
    await close();
  });

  for (const [what, reply] of [
    ['no answer in time', () => refuse(504, 'PAYMENT_GATEWAY_TIMEOUT')],
    ['an answer of a proxy', () => new Response('<h1>502</h1>', { status: 502 })],
  ] as const) {
    test(`${what}: the page asks, nothing is sent again, and a new form comes only when it is known to be unpaid`, async () => {
      create = () => {
        model = makeModel({ ...SCREENS.waiting, method: 'ecpg', startAction: null });
        return reply();
      };
      const { page, troubles, close } = await open();
      await ready(page);
      await press(page);
      // The revision is the same: only insite.js knows that there is something else to see.
      await page.waitForSelector('main[data-screen="waiting"]', { timeout: 10_000 });
      await page.waitForTimeout(2000);
      expect(creates()).toHaveLength(1);
      model = inSite({ revision: 'r3' });
      await ready(page);
      expect(await status(page)).toContain('剛才沒有付款成功');
      expect(creates()).toHaveLength(1);
      expect(own(troubles)).toEqual([]);
      await close();
    });
  }

  test('a line that breaks during the call: the same', async () => {
    const { page, close } = await open();
    await ready(page);
    await page.route('**/create?*', (route) => {
      model = makeModel({ ...SCREENS.waiting, method: 'ecpg', startAction: null });
      return route.abort('connectionreset');
    });
    await press(page);
    await page.waitForSelector('main[data-screen="waiting"]', { timeout: 10_000 });
    await close();
  });

  test('paid elsewhere during the call: the receipt is seen at once and stays', async () => {
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    create = async () => {
      await gate;
      return Response.json({ success: true, data: { redirect_url: stage.at('/bank') } });
    };
    const { page, close } = await open();
    await ready(page);
    await press(page);
    model = makeModel({ ...SCREENS.paid, successUrl: null, revision: 'r2' });
    await page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });
    release();
    await page.waitForTimeout(1000);
    expect(new URL(page.url()).pathname).toBe('/pay');
    await close();
  });
});

describe('while the payer types', () => {
  test('a new revision of the same screen takes nothing away; being paid does', async () => {
    const { page, close } = await open();
    await ready(page);
    await page.fill('#ECPayPayment input', '4311');
    model = inSite({ revision: 'r2' });
    await page.waitForSelector('main[data-revision="r2"]', { timeout: 10_000, state: 'attached' });
    expect(await page.inputValue('#ECPayPayment input')).toBe('4311');
    expect(forms()).toHaveLength(1);
    model = makeModel({ ...SCREENS.paid, successUrl: null, revision: 'r3' });
    await page.waitForSelector('main[data-status="paid"]', { timeout: 10_000 });
    await close();
  });

  test('a token about to run out is renewed with a word about it', async () => {
    const { page, close } = await openWithClock();
    await page.clock.runFor(560_000);
    expect(forms()).toHaveLength(1);
    await page.clock.runFor(15_000);
    await says(page, ':text-matches("已經失效")');
    expect(forms()).toEqual(['/form?token=t {}', '/form?token=t&renew=1 {}']);
    await close();
  });

  test('a phone that wakes up late gets a new form before anything can be sent', async () => {
    const { page, close } = await openWithClock();
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
    await page.clock.runFor(3_600_000);
    expect(forms()).toHaveLength(1);
    await page.evaluate('delete document.hidden');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await says(page, ':text-matches("已經失效")');
    expect(forms()).toHaveLength(2);
    await close();
  });

  test('a token that the gateway calls expired is renewed', async () => {
    const { page, close } = await open();
    await ready(page);
    await page.evaluate("vendor.refusal = 'Token expired 驗證碼已逾時'");
    await press(page);
    await says(page, ':text-matches("已經失效")');
    await ready(page);
    expect(forms()[1]).toBe('/form?token=t&renew=1 {}');
    expect(creates()).toEqual([]);
    await close();
  });

  test('a script that never gives a token lets go of the button, and what it says too late is not heard', async () => {
    const { page, close } = await openWithClock();
    await page.evaluate('vendor.silent = true');
    await press(page);
    await page.clock.runFor(31_000);
    await ready(page);
    expect(creates()).toEqual([]);
    await close();
  });
});
