import { describe, expect, test } from 'bun:test';
import { resolveAsset } from '../../../src/assets.ts';
import { LANGUAGE_TAGS, LOCALES } from '../../../src/core/locale.ts';
import { renderFormPost, renderNotFound, renderProblem } from '../../../src/pages/checkout/index.ts';
import { splitMoney } from '../../../src/pages/format.ts';
import {
  ATM,
  BARCODE,
  BARCODES,
  BARE_ATM,
  CVS,
  FORM_POST,
  LONG_QR,
  makeModel,
  NOW,
  PAGE_URL,
  QR,
  SCREENS,
} from './example.ts';
import { count, listTextsOf, readAttributes, readJson, render, withoutHash } from './html.ts';
import { expectWordsWithoutScripts } from './noscript.ts';

describe('every payment screen', () => {
  for (const [name, changes] of Object.entries(SCREENS)) {
    test(`${name}: carries the stable hooks and nothing inline`, async () => {
      const html = await render(changes);
      const [main] = await readAttributes(html, 'main');
      const model = makeModel(changes);
      expect(main).toMatchObject({
        'data-payment-no': model.paymentNo,
        'data-status': model.status,
        'data-method': model.method,
        'data-revision': model.revision,
      });
      expect(html).toStartWith('<!doctype html><html lang="zh-Hant-TW">');
      expect(html).toContain('<meta name="robots" content="noindex"');
      expect(html).not.toMatch(/ style=| on\w+="|<style/);
      expect(await count(html, 'script:not([src])')).toBe(0);
      const { sign, digits } = splitMoney(model.amount, model.currency);
      expect(html).toContain(`${sign}</span>${digits}`);
      expect(html).not.toMatch(/undefined|null|NaN|\[object/);
    });
  }

  test('a test payment carries its band, a real one does not', async () => {
    expect(await render({ livemode: false })).toContain('測試付款');
    expect(await render()).not.toContain('測試付款');
  });

  test('the lock is shown only when the page came over https', async () => {
    expect(await render()).toContain('加密連線');
    expect(await render({ pageUrl: 'http://localhost:8080/zh-tw/pay/x' })).not.toContain('加密連線');
  });

  test('every language is in the menu by its own name, marked as such for who reads it aloud, and the present one as present', async () => {
    const html = await render({ locale: 'ja' });
    expect(await readAttributes(html, 'html')).toMatchObject([{ lang: 'ja' }]);
    expect(/<summary>.*?<span>(.*?)<\/span>/.exec(html)?.[1]).toBe('日本語');
    const names = ['繁體中文', '简体中文', 'English', '日本語', '한국어', 'ไทย', 'Bahasa Melayu'];
    expect(Array.from(html.matchAll(/hreflang="[^>]*>([^<]*)<\/a>/g), ([, name]) => name)).toEqual(names);
    const links = await readAttributes(html, 'nav li a');
    expect(links.map(({ href }) => href)).toEqual(
      LOCALES.map((locale) => `/${locale}/pay/PAY202606260001QWERTYUI?token=t`),
    );
    for (const [at, link] of links.entries()) {
      const tag = LANGUAGE_TAGS[LOCALES[at] ?? 'zh-tw'];
      expect([link.lang, link.hreflang]).toEqual([tag, tag]);
    }
    expect(links.flatMap((link, at) => ('aria-current' in link ? [LOCALES[at]] : []))).toEqual(['ja']);
  });

  test('the menu of languages stays away where there is nothing to choose, and takes no address of another site', async () => {
    const [first] = makeModel().languages;
    expect(await render({ languages: first ? [first] : [] })).not.toContain('<nav');
    const languages = [...makeModel().languages.slice(0, 2), { locale: 'ko', href: 'https://evil.tw/' }] as const;
    expect(await render({ languages })).not.toContain('evil');
  });
});

describe('instructions', () => {
  test('ATM: bank, account in fours, and the bare account to copy', async () => {
    const html = await render({ instructions: ATM });
    expect(html).toContain('中國信託銀行');
    expect(html).toContain('<span>9103</span><span>5222</span><span>6481</span><span>5307</span>');
    expect((await readAttributes(html, 'button.button[data-copy]')).map((a) => a['data-copy'])).toEqual([
      '9103522264815307',
    ]);
    expect(await count(html, '[data-qr] svg')).toBe(1);
  });

  test('barcode: three symbols, the page address to copy and to scan, never the segments to copy', async () => {
    const html = await render({ instructions: BARCODE });
    for (const number of [1, 2, 3]) expect(await count(html, `[data-barcode="${number}"] svg`)).toBe(1);
    for (const text of BARCODES) expect(html).toContain(`>${text}</figcaption>`);
    expect((await readAttributes(html, '[data-copy]')).map((a) => a['data-copy'])).toEqual([PAGE_URL]);
    expect(await count(html, '[data-qr] svg')).toBe(1);
  });

  test('barcode: each symbol leads to itself alone, and from there to the next, back and out', async () => {
    const html = await render({ instructions: BARCODE });
    const links = (await readAttributes(html, 'figure a')).map((a) => `${a.rel ?? ''}${a.href}`);
    expect(links).toEqual([
      '#code-1',
      '#codes',
      'next#code-2',
      '#code-2',
      '#codes',
      'prev#code-1',
      'next#code-3',
      '#code-3',
      '#codes',
      'prev#code-2',
      '#codes',
    ]);
    for (const text of ['下一段 1/3', '下一段 2/3', '完成 3/3', '告訴店員要繳費', '列印繳費單'])
      expect(html).toContain(text);
  });

  test('barcode: a text Code 39 cannot show does not take the page down', async () => {
    const html = await render({ instructions: { ...BARCODE, barcodes: ['<b>小', BARCODES[1], BARCODES[2]] } });
    expect(html).toContain('無法顯示');
    expect(await count(html, '[data-barcode] svg')).toBe(2);
    // The way on goes past it.
    expect(html).not.toContain('#code-1');
    expect(html).toContain('下一段 1/2');
  });

  test('a past deadline shows no time left', async () => {
    expect(await render({ deadline: NOW - 1 })).not.toContain('>還剩');
  });

  test('a payment code page and the guide are links when they are http(s)', async () => {
    const html = await render({ instructions: { ...CVS, paymentCodeUrl: 'https://pay.ecpay.com.tw/x' } });
    const links = (await readAttributes(html, 'main a[target]')).map((a) => a.href);
    expect(links).toEqual(['https://pay.ecpay.com.tw/x', 'https://www.ecpay.com.tw/introcvs']);
  });
});

describe('the other screens', () => {
  test('go: one form that posts to this site', async () => {
    const forms = await readAttributes(await render(SCREENS.go), 'form');
    expect(forms).toHaveLength(1);
    expect(forms[0]).toMatchObject({ method: 'post', action: makeModel(SCREENS.go).startAction, 'data-go': 'first' });
  });

  test('insite: an empty place for the form of the gateway, a button that waits for it, and its own script', async () => {
    const html = await render(SCREENS.insite);
    expect(await readAttributes(html, '#ECPayPayment')).toEqual([{ id: 'ECPayPayment' }]);
    expect((await readAttributes(html, '[data-insite-pay]'))[0]).toHaveProperty('disabled');
    expect((await readAttributes(html, '[data-insite-failed]'))[0]).toHaveProperty('hidden');
    expect(await readAttributes(html, '[data-insite]')).toMatchObject([
      { 'data-form-url': '/form?token=t', 'data-pay-url': '/create?token=t' },
    ]);
    const scripts = (await readAttributes(html, 'script')).map((script) => withoutHash(script.src));
    expect(scripts).toEqual(['/assets/checkout.js', '/assets/insite.js']);
    expect(await count(html, 'form')).toBe(0);
    expect(await render()).not.toContain('insite');
  });

  test('insite: a browser without scripts is told, and led back to the shop', async () => {
    expectWordsWithoutScripts(await render({ ...SCREENS.insite, locale: 'en' }));
  });

  test('insite: every sentence of the script is there, in the language of the page', async () => {
    const [box] = await readAttributes(await render({ ...SCREENS.insite, locale: 'en' }), '[data-insite]');
    const texts = readJson(box?.['data-texts']);
    expect(Object.keys(texts).sort()).toEqual(await listTextsOf('insite.js'));
    expect(texts.reason).toBe('ECPay says: {reason}');
  });

  test('waiting: the way to try again is there but never taken by itself', async () => {
    const [form] = await readAttributes(await render(SCREENS.waiting), 'form');
    expect(form?.['data-go']).toBe('again');
    expect(await render({ ...SCREENS.waiting, startAction: null })).not.toContain('<form');
  });

  test('expired and failed: paying again is offered where it is possible, and never done by itself', async () => {
    for (const changes of [SCREENS.expired, SCREENS.failed]) {
      expect(await render(changes)).not.toContain('<form');
      const [form] = await readAttributes(await render({ ...changes, startAction: '/zh-tw/pay/x/go?token=t' }), 'form');
      expect(form).toMatchObject({ action: '/zh-tw/pay/x/go?token=t', 'data-go': 'again' });
    }
  });

  test('paid: the shop, the time, and that this is no invoice', async () => {
    const html = await render(SCREENS.paid);
    expect(html).toContain('2026年6月26日（週五）14:04');
    expect(html).toContain('不是統一發票');
    expect((await readAttributes(html, '[data-continue]'))[0]?.href).toContain('status=paid');
    expect(await render(SCREENS['paid, nowhere to go on'])).toContain('可以關閉');
    expect(await render({ ...SCREENS.paid, flags: ['duplicate'] })).toContain('不只一筆');
  });

  test('expired: says that money already paid still counts', async () => {
    const html = await render(SCREENS.expired);
    expect(await count(html, '[data-late-note]')).toBe(1);
    expect(await count(html, '[data-copy]')).toBe(0);
    expect(html).not.toContain('9103');
  });

  test('a page that cannot be found says nothing about payments', () => {
    expect(renderNotFound('zh-tw')).not.toContain('PAY');
    expect(renderNotFound('en')).toContain('does not exist');
  });

  test('problems lead back only to addresses a browser may be sent to', () => {
    expect(renderProblem('en', 'too_many_tries', '/en/pay/x?token=t')).toContain('href="/en/pay/x?token=t"');
    expect(renderProblem('en', 'unreachable', 'javascript:alert(1)')).not.toContain('javascript');
    expect(renderProblem('en', 'unavailable')).not.toContain('class="button"');
  });
});

describe('the form that goes to the gateway', () => {
  test('carries every field as it is, also empty ones and odd names', async () => {
    const fields = { 'a"b': '<i>&amp;"\'', Empty: '', 商品: 'x\u202ey' };
    const html = renderFormPost({ ...FORM_POST, fields });
    const inputs = await readAttributes(html, 'input[type=hidden]');
    expect(inputs).toHaveLength(3);
    expect(html).toContain('accept-charset="utf-8"');
    expect(html).toContain('value="&lt;i>&amp;amp;&quot;\'"');
    expect(html).not.toContain('<i>');
  });

  test('goes nowhere but to http(s)', () => {
    expect(() => renderFormPost({ ...FORM_POST, action: 'javascript:alert(1)' })).toThrow();
  });
});

describe('hostile text', () => {
  const EVIL = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    '\u202eevil\u2066',
    '😈'.repeat(100),
    'W'.repeat(200),
    '{shop} {amount}',
    '</title><script>alert(1)</script>',
  ];

  for (const evil of EVIL) {
    test(`${JSON.stringify(evil.slice(0, 24))} stays text on every screen`, async () => {
      for (const changes of Object.values(SCREENS)) {
        const html = await render({
          ...changes,
          paymentNo: evil,
          merchantOrderNo: evil,
          shopName: evil,
          itemName: evil,
          method: evil,
          revision: evil,
          gateway: evil,
          startAction: `/go?${evil}`,
          inSite: { formUrl: `/form?${evil}`, payUrl: `/create?${evil}` },
          ...(changes.element ? { element: { gateway: evil, scriptUrl: evil, settings: { clientSecret: evil } } } : {}),
          statusUrl: `/status?${evil}`,
          languages: [{ locale: 'en', href: `/en?${evil}` }],
        });
        expect(await count(html, 'script')).toBe(/insite|element/.test(changes.screen ?? '') ? 2 : 1);
        expect(await count(html, 'img')).toBe(0);
        expect(await count(html, '[onload], [onerror]')).toBe(0);
        expect(/>[^<]*[\u202a-\u202e\u2066-\u2069]/.test(html)).toBe(false);
      }
    });

    test(`${JSON.stringify(evil.slice(0, 24))} stays text in the numbers to pay with`, async () => {
      for (const instructions of [
        { ...ATM, bankCode: evil, virtualAccount: evil },
        { ...CVS, paymentCode: evil, paymentCodeUrl: evil },
        { ...BARE_ATM, virtualAccount: evil, payUrl: `https://x.example/${evil}` },
        { ...BARCODE, barcodes: [evil, evil, evil] as const },
        { ...QR, data: evil },
      ]) {
        const html = await render({ instructions });
        expect(await count(html, 'script')).toBe(1);
        expect(await count(html, 'img')).toBe(0);
      }
    });
  }

  test('addresses that are none never become links or actions', async () => {
    const evil = 'javascript:alert(1)';
    for (const changes of Object.values(SCREENS)) {
      const html = await render({
        ...changes,
        successUrl: evil,
        homeUrl: evil,
        guideUrl: evil,
        pageUrl: evil,
        startAction: evil,
        inSite: { formUrl: evil, payUrl: '//evil.example/create' },
        statusUrl: evil,
        ...(changes.element ? { element: { ...changes.element, scriptUrl: evil } } : {}),
        instructions:
          changes.instructions?.type === 'cvs' ? { ...CVS, paymentCodeUrl: evil } : { ...ATM, payUrl: evil },
        languages: [{ locale: 'en', href: evil }],
      });
      expect(html).not.toContain('javascript:');
      expect(html).not.toContain('evil.example');
    }
  });
});

describe('what a phone has to load', () => {
  test('a style sheet and scripts of a few kB, compressed', async () => {
    const size = async (file: string) => Bun.gzipSync(await Bun.file(resolveAsset(`assets/${file}`)).bytes()).length;
    expect(await size('checkout.css')).toBeLessThan(6_500);
    expect(await size('checkout.js')).toBeLessThan(7_200);
    for (const script of ['insite.js', 'stripe.js']) expect(await size(script)).toBeLessThan(2_600);
    expect((await render({ instructions: BARCODE })).length).toBeLessThan(20_000);
    expect((await render({ instructions: LONG_QR })).length).toBeLessThan(45_000);
    expect((await render()).length).toBeLessThan(16_000);
  });
});
