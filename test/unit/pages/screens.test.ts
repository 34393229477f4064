import { describe, expect, test } from 'bun:test';
import { type PageModel, renderReturned } from '../../../src/pages/checkout/index.ts';
import { ATM, BARCODE, BARE_ATM, CHANGE, CVS, ELEMENT, LONG_QR, PAGE_URL, QR, SCREENS } from './example.ts';
import { count, listTextsOf, readAttributes, readJson, render, withoutHash } from './html.ts';
import { expectWordsWithoutScripts } from './noscript.ts';

/** Screens of ways to pay that are not a number for a counter or a bank. */

describe('a QR code for a wallet', () => {
  test('is the only symbol on the page, drawn large, with nothing to copy by hand', async () => {
    const html = await render(SCREENS.qr);
    expect(await count(html, '[data-pay-qr] svg')).toBe(1);
    expect(await count(html, 'svg[role="img"]')).toBe(1);
    expect(await count(html, '[data-qr] svg')).toBe(1);
    expect(await count(html, '[data-copy]')).toBe(0);
    const [svg] = await readAttributes(html, '[data-pay-qr] svg');
    expect(Number(svg?.width)).toBeGreaterThanOrEqual(240);
    expect(svg?.['aria-label']).toBe('PayNow 掃碼付款的 QR Code');
  });

  test('is in whole CSS pixels a module and fits a small phone, however long the text is', async () => {
    for (const data of ['x', QR.data, LONG_QR.data, 'x'.repeat(2000)]) {
      const [svg] = await readAttributes(await render({ instructions: { ...QR, data } }), '[data-pay-qr] svg');
      const modules = Number(svg?.viewbox?.split(' ')[2]);
      expect(Number(svg?.width) % modules).toBe(0);
      expect(Number(svg?.width)).toBeLessThanOrEqual(320);
    }
  });

  test('names the app that reads it', async () => {
    const steps = (method: string) => render({ instructions: QR, method });
    expect(await steps('paynow')).toContain('打開新加坡的銀行 App的掃碼功能');
    expect(await steps('promptpay')).toContain('打開泰國的銀行 App的掃碼功能');
    expect(await steps('wechat-pay')).toContain('打開微信的掃碼功能');
    expect(await steps('toString')).toContain('打開錢包 App的掃碼功能');
  });

  test('on the phone that pays: a screenshot for banks, another screen and the page address for WeChat', async () => {
    const bank = await render({ instructions: QR, method: 'paynow' });
    expect(bank).toContain('先截圖');
    const wechat = await render({ instructions: QR, method: 'wechat-pay' });
    expect(wechat).not.toContain('先截圖');
    expect((await readAttributes(wechat, '[data-copy]')).map((button) => button['data-copy'])).toEqual([PAGE_URL]);
  });

  test('can be replaced by a press that leaves this page for no gateway, and never by itself', async () => {
    const html = await render(SCREENS.qr);
    expect(await readAttributes(html, 'form')).toMatchObject([{ method: 'post', 'data-go': 'again' }]);
    expect((await readAttributes(html, 'form button'))[0]?.['data-busy']).toBe('正在取得新的 QR Code…');
    expect(await render({ ...SCREENS.qr, startAction: null })).not.toContain('<form');
  });

  test('that cannot be drawn takes nothing down: the page says so and offers another', async () => {
    const html = await render({ ...SCREENS.qr, instructions: { ...QR, data: 'x'.repeat(5000) } });
    expect(html).toContain('無法顯示');
    expect(await count(html, '[data-pay-qr] svg, [data-qr]')).toBe(0);
    expect((await readAttributes(html, 'form button'))[0]?.class).toBe('button');
  });

  test('is asked for on the go screen, without a word about leaving', async () => {
    for (const changes of [{}, { instructions: null }]) {
      const html = await render({ ...SCREENS['go for a new code'], ...changes });
      expect(html).toContain('取得新的 QR Code');
      expect(html).not.toContain('前往');
    }
  });
});

describe('a form of the gateway that pays without us', () => {
  const readBox = async (changes: Partial<PageModel> = {}): Promise<Record<string, string>> => {
    const [box] = await readAttributes(await render({ ...SCREENS.element, ...changes }), '[data-pay-element]');
    return box ?? {};
  };

  test('has an empty place, a button that waits, its own script, and no form of ours', async () => {
    const html = await render(SCREENS.element);
    expect(await readAttributes(html, '[data-element]')).toHaveLength(1);
    expect((await readAttributes(html, '[data-element-pay]'))[0]).toHaveProperty('disabled');
    expect((await readAttributes(html, '[data-element-failed]'))[0]).toHaveProperty('hidden');
    expect((await readAttributes(html, 'script')).map((script) => withoutHash(script.src))).toEqual([
      '/assets/checkout.js',
      '/assets/stripe.js',
    ]);
    expect((await readAttributes(html, 'main'))[0]).toMatchObject({
      'data-script': 'stripe',
      'data-screen': 'element',
    });
    expect(await count(html, 'form')).toBe(0);
  });

  test('gives the script what the driver said, and nothing else of the payment', async () => {
    const { 'data-script-url': url, 'data-settings': settings } = await readBox();
    expect(url).toBe('https://js.stripe.com/dahlia/stripe.js');
    expect(readJson(settings)).toEqual({ ...SCREENS.element?.element?.settings });
  });

  test('gives the script every sentence it says, in the language of the page', async () => {
    const texts = readJson((await readBox({ locale: 'en' }))['data-texts']);
    expect(Object.keys(texts).sort()).toEqual(await listTextsOf('stripe.js'));
    expect(texts.loading).toBe('Loading the payment form…');
  });

  test('tells a browser without scripts, and leads it back to the shop', async () => {
    expectWordsWithoutScripts(await render({ ...SCREENS.element, locale: 'en' }));
  });

  test('that may not have been made yet is gone on to on this page, without a word about leaving', async () => {
    const unknown = { ...SCREENS.element, screen: 'go', element: undefined as never, instructions: null } as const;
    const here = await render({ ...unknown, paysHere: true });
    expect(here).toContain('繼續付款');
    expect(here).not.toContain('前往');
    expect(await render({ ...unknown, paysHere: false })).toContain('前往Stripe付款');
    const code = await render({ ...unknown, paysHere: true, method: 'paynow' });
    expect(code).toContain('>取得新的 QR Code<');
    const away = { ...ELEMENT, type: 'redirect', url: 'https://gateway.example/' } as const;
    expect(await render({ ...unknown, paysHere: true, instructions: away })).toContain('前往');
  });

  test('that is over is begun again on this page', async () => {
    const html = await render({ ...SCREENS.element, screen: 'go', element: undefined as never, instructions: ELEMENT });
    expect(html).toContain('重新付款');
    expect(html).not.toContain('前往');
    expect(await count(html, 'script')).toBe(1);
  });
});

describe('coming back from the gateway', () => {
  test('nothing starts by itself, and the page knows its own address', async () => {
    for (const name of ['go, declined', 'go, cancelled', 'go, unclear']) {
      const html = await render(SCREENS[name]);
      expect((await readAttributes(html, 'form')).map((form) => form['data-go'])).toEqual(['again']);
      const [main] = await readAttributes(html, 'main');
      expect(main?.['data-returned']).toBe('/zh-tw/pay/PAY202606260001QWERTYUI?token=t');
    }
    expect((await readAttributes(await render(SCREENS.go), 'main'))[0]).not.toHaveProperty('data-returned');
  });

  test('says what happened, once, on every screen that goes on from there', async () => {
    for (const screen of [SCREENS.go, SCREENS.qr, SCREENS.element]) {
      for (const [notice, text] of [
        ['declined', '沒有接受'],
        ['cancelled', '您已取消付款'],
        ['capture_failed', '請勿重複付款'],
      ] as const) {
        const html = await render({ ...screen, notice, returned: true });
        expect(await readAttributes(html, '[data-notice]')).toMatchObject([{ 'data-notice': notice, role: 'status' }]);
        expect(html.slice(html.indexOf('data-notice'))).toContain(text);
      }
      expect(await count(await render(screen), '[data-notice]')).toBe(0);
    }
  });

  test('after an unclear answer the way to pay is there, but does not urge', async () => {
    const lookOf = async (name: string) => (await readAttributes(await render(SCREENS[name]), 'form button'))[0]?.class;
    expect(await lookOf('go, declined')).toBe('button');
    expect(await lookOf('go, unclear')).toBe('button second');
  });

  test('without a token the page says nothing about the payment and loads no script', async () => {
    for (const locale of ['zh-tw', 'en'] as const) {
      const html = renderReturned(locale);
      expect(html).not.toContain('PAY2');
      expect(await count(html, 'script, a, form')).toBe(0);
      expect(await count(html, 'main h1')).toBe(1);
    }
    expect(renderReturned('en')).toContain('See the result on the shop');
  });
});

describe('an account whose bank is not named', () => {
  test('has no line for the bank, and the page of the gateway as its second button', async () => {
    const html = await render({ ...SCREENS['atm without a bank'] });
    expect(html).not.toContain('<dt>銀行代碼');
    expect(html).toContain('銀行代碼請看PLUS的付款頁');
    const links = await readAttributes(html, 'main a:not([data-home])');
    expect(links).toMatchObject([{ href: BARE_ATM.payUrl, class: 'button second', rel: 'noopener noreferrer' }]);
    expect((await readAttributes(html, '[data-copy]'))[0]?.['data-copy']).toBe(BARE_ATM.virtualAccount);
  });

  test('without a page of the gateway either, names none', async () => {
    const { payUrl: _, ...bare } = BARE_ATM;
    const html = await render({ ...SCREENS['atm without a bank'], instructions: bare });
    expect(html).not.toContain('銀行代碼');
    expect(await count(html, 'main a:not([data-home])')).toBe(0);
  });

  test('a page of the gateway beside a named bank is only a link', async () => {
    const html = await render({ instructions: { ...ATM, payUrl: 'https://pay.plus.example/a' } });
    expect(await readAttributes(html, '.aside a')).toMatchObject([{ href: 'https://pay.plus.example/a' }]);
    expect(html).toContain('<strong>822</strong>');
  });

  test('a number with marks of the gateway stays as it was written', async () => {
    const html = await render({ instructions: { ...BARE_ATM, virtualAccount: '9990-12-3456' } });
    expect(html).toContain('<span>9990-12-3456</span>');
  });
});

describe('the ways to pay', () => {
  const TRIED = SCREENS['choose, with numbers taken before'];
  const ROUTES = ['ecpay/atm', 'ecpay/cvs', 'ecpay/barcode', 'stripe/credit', 'paypal/checkout'];

  test('say that one was pressed, each in the part that names it', async () => {
    const html = await render(SCREENS.choose);
    expect(await count(html, '.choice')).toBe(5);
    expect((await readAttributes(html, '.choice [data-busy]')).map((part) => part['data-busy'])).toEqual(
      Array(5).fill('請稍候…'),
    );
  });

  test('are one button each, in one form that posts to this site', async () => {
    const html = await render(SCREENS.choose);
    expect(await readAttributes(html, 'form')).toMatchObject([
      { method: 'post', action: '/zh-tw/pay/PAY202606260001QWERTYUI/choose?token=t' },
    ]);
    const buttons = await readAttributes(html, 'button[name="route"]');
    expect(buttons.map((button) => button.value)).toEqual(ROUTES);
    expect(html).not.toContain('由');
  });

  test('have a picture of ours that is not read out, a name, one line about them, and their gateway', async () => {
    const rows = await readRows(SCREENS.choose);
    expect(rows).toEqual([
      'ATM 轉帳 | 綠界 | 網路銀行或 ATM 轉帳',
      '超商代碼繳費 | 綠界 | 7-ELEVEN 全家 萊爾富 OK超商・付現',
      '超商條碼繳費 | 綠界 | 7-ELEVEN 全家 萊爾富 OK超商・付現・約 2 天入帳',
      '信用卡付款 | Stripe | 在本頁填寫卡片資料',
      // Said once.
      'PayPal 付款 | 前往PayPal付款',
    ]);
    const html = await render(SCREENS.choose);
    expect(await count(html, '.choice svg[aria-hidden="true"]')).toBe(5);
    expect(await count(html, '.choice img')).toBe(0);
    expect(await readRows({ ...SCREENS['choose from ten'], locale: 'en' })).toContain(
      'Pay by code at a store | 速買配 | 7-ELEVEN, Hi-Life · cash',
    );
  });

  test('every kind and every hint has its words, its places filled in', async () => {
    for (const locale of ['zh-tw', 'en'] as const) {
      for (const row of await readRows({ ...SCREENS['choose from ten'], locale })) expect(row).not.toMatch(/[{}]/);
    }
  });

  test('say what the payer has of them: the current one, a number that can still be paid, a try in vain', async () => {
    const rows = await readRows(TRIED);
    expect(rows.slice(0, 4)).toEqual([
      'ATM 轉帳 | 目前選擇 綠界 | 您已有帳號，仍可轉帳',
      '超商代碼繳費 | 綠界 | 您已有代碼，仍可繳',
      '超商條碼繳費 | 綠界 | 7-ELEVEN 全家 萊爾富 OK超商・付現・約 2 天入帳',
      '信用卡付款 | Stripe | 剛才未成功，可再試一次',
    ]);
    const buttons = await readAttributes(await render(TRIED), '.choice');
    expect(buttons.map((button) => button['aria-current'])).toEqual(['true', ...Array(4).fill(undefined)]);
  });

  test('when there are none, or their address is another site, the payer is told, whom to ask, and led back', async () => {
    const change = { ...CHANGE, action: '//evil.example' };
    const brand = { accent: null, logoUrl: null, contact: 'help@shop.example' };
    for (const changes of [SCREENS['choose from nothing'], { ...SCREENS.choose, change }]) {
      const html = await render({ ...changes, brand });
      expect(await count(html, 'form')).toBe(0);
      expect(html).toContain('請聯絡商店');
      const links = await readAttributes(html, '[data-block] a');
      expect(links.map(({ href }) => href)).toEqual(['mailto:help@shop.example', 'https://shop.example.tw/cart']);
    }
  });

  test('are one link away from what was chosen, where there is another one', async () => {
    const link = async (changes: Partial<PageModel> | undefined) =>
      readAttributes(await render(changes), '[data-change]');
    expect(await link(SCREENS['atm, of several ways'])).toMatchObject([
      { href: '/zh-tw/pay/PAY202606260001QWERTYUI?token=t&amp;choose=1' },
    ]);
    const [first] = CHANGE.choices;
    if (!first) throw new Error('no way');
    const alone = { ...CHANGE, choices: [{ ...first, isCurrent: true }] };
    for (const none of [SCREENS.choose, SCREENS.atm, { ...SCREENS.atm, change: alone }]) {
      expect(await link(none)).toEqual([]);
    }
  });

  test('a number that was taken before is one press away from the page of another way', async () => {
    const html = await render(SCREENS['atm, with a code taken before']);
    expect(await readAttributes(html, 'form')).toMatchObject([
      { method: 'post', action: '/zh-tw/pay/PAY202606260001QWERTYUI/choose?token=t', 'data-held': 'ecpay/cvs' },
    ]);
    expect((await readAttributes(html, 'form button'))[0]).toMatchObject({ name: 'route', value: 'ecpay/cvs' });
    expect(html).toContain('您已有代碼，仍可繳');
    expect(await count(await render(SCREENS['atm, of several ways']), 'form')).toBe(0);
  });
});

/** What is read of each row, part by part. */
async function readRows(changes: Partial<PageModel> | undefined): Promise<string[]> {
  const html = await render(changes);
  const rows = [...html.matchAll(/<button[^>]* class="choice"[^>]*>(.*?)<\/button>/gs)];
  return rows.map(([, row = '']) => {
    const [name = '', side = ''] = [/choice-name"[^>]*>(.*?)<\/span>/s, /choice-side"[^>]*>(.*?)<\/small>/s].map(
      (part) => part.exec(row)?.[1],
    );
    const [, line = ''] = /choice-hint[^>]*>(.*?)<\/small>/s.exec(row) ?? [];
    const gateway = side.replace(/<\/em>/g, ' ').replace(/<[^>]*>/g, '');
    return [name, gateway, line].filter((text) => text !== '').join(' | ');
  });
}

describe('the rest', () => {
  test('a code tied to some machines names these, one tied to none names all', async () => {
    const machines = async (stores: readonly ('ibon' | 'famiport' | 'lifeet' | 'okgo')[]) => {
      const html = await render({ instructions: { ...CVS, stores } });
      return ['ibon', 'FamiPort', 'Life-ET', 'OK-go'].filter((machine) => html.includes(`<dd>${machine}</dd>`));
    };
    expect(await machines(['okgo', 'famiport'])).toEqual(['FamiPort', 'OK-go']);
    expect(await machines([])).toHaveLength(4);
  });

  test('under review: the payer is asked not to pay again and given no way to', async () => {
    const html = await render(SCREENS['under review']);
    expect(html).toContain('付款審核中');
    expect(html).toContain('請勿重複付款');
    expect(await count(html, 'form')).toBe(0);
    expect(await readAttributes(html, 'main [data-home]')).toMatchObject([{ href: 'https://shop.example.tw/cart' }]);
  });

  test('each way to pay has its own title', async () => {
    const titles = { checkout: 'Pay with PayPal', alipay: 'Alipay', 'wechat-pay': 'WeChat Pay', grabpay: 'GrabPay' };
    const more = {
      paynow: 'PayNow QR',
      promptpay: 'PromptPay QR',
      fpx: 'FPX online banking',
      mystery: 'Online payment',
    };
    for (const [method, title] of Object.entries({ ...titles, ...more })) {
      expect(await render({ ...SCREENS.go, method, locale: 'en' })).toContain(`<h1 tabindex="-1">${title}</h1>`);
    }
    const atm = await render({ instructions: BARCODE, method: 'all', locale: 'en' });
    expect(atm).toContain('<h1 tabindex="-1">Pay by barcode at a store</h1>');
  });

  test('expired: counters and numbers are spoken of only where there was one', async () => {
    const offline = await render(SCREENS.expired);
    expect(offline).toContain('櫃台或 ATM');
    const online = await render({ ...SCREENS.expired, method: 'checkout', instructions: null });
    expect(online).not.toContain('ATM');
    expect(online).not.toContain('號碼繳費');
    expect(await count(online, '[data-late-note]')).toBe(1);
  });
});
