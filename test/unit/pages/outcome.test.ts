import { describe, expect, test } from 'bun:test';
import {
  type PageModel,
  type Problem,
  renderFormPost,
  renderNotFound,
  renderProblem,
  renderReturned,
} from '../../../src/pages/checkout/index.ts';
import { FORM_POST, LONG, SCREENS } from './example.ts';
import { count, readAttributes, render } from './html.ts';

const HOME = 'https://shop.example.tw/cart';
const OVER = ['waiting', 'under review', 'paid', 'expired', 'failed', 'cancelled'];
const summaryOf = (html: string) => html.slice(html.indexOf('<section class="summary'), html.indexOf('</section>'));
const hrefsOf = async (html: string, selector: string) =>
  (await readAttributes(html, selector)).map(({ href }) => href);

describe('the way back to the shop', () => {
  test('is once on every screen that is not paid, and under the shop’s name', async () => {
    for (const [name, changes] of Object.entries(SCREENS)) {
      const html = await render({ ...changes, homeUrl: HOME });
      expect([name, await hrefsOf(html, '[data-shop]')]).toEqual([name, [HOME]]);
      if (changes.screen !== 'paid') expect([name, await count(html, 'main [data-home]')]).toEqual([name, 1]);
    }
  });

  test('is nowhere when there is none, and the name stands there all the same', async () => {
    for (const changes of Object.values(SCREENS)) {
      const html = await render({ ...changes, homeUrl: null });
      expect(await count(html, '[data-home]')).toBe(0);
      expect((await readAttributes(html, '[data-shop]'))[0]).not.toHaveProperty('href');
      expect(html).toContain('<bdi>山行戶外用品</bdi>');
    }
  });

  test('after paying is the page that the shop has named, else the shop itself, else the payer may close the page', async () => {
    const on = await render(SCREENS.paid);
    expect(await count(on, '[data-continue]')).toBe(1);
    expect(await count(on, '[data-home]')).toBe(0);
    const home = await render({ ...SCREENS.paid, successUrl: null, homeUrl: HOME });
    expect(await hrefsOf(home, 'main [data-home]')).toEqual([HOME]);
    // Nobody is led away from a receipt to somewhere that does not wait for him.
    expect(await count(home, '[data-continue], [data-leaving]')).toBe(0);
  });

  test('is on the page that carries the payer off, which is marked when it is a test', async () => {
    const html = renderFormPost({ ...FORM_POST, livemode: false });
    expect(await hrefsOf(html, '[data-home], [data-shop]')).toEqual([HOME, HOME]);
    expect(await count(html, '.band')).toBe(1);
    expect(html).toContain('輕量登山杖一對');
    expect(await count(renderFormPost({ ...FORM_POST, livemode: true }), '.band')).toBe(0);
  });
});

describe('the order of things', () => {
  test('while money is awaited: what to do, what for, how much, until when; the number of the order only below', async () => {
    for (const name of ['atm', 'cvs', 'barcode', 'qr', 'go', 'choose', 'element', 'insite']) {
      const top = summaryOf(await render(SCREENS[name]));
      const places = ['<h1', '輕量登山杖一對', 'class="amount"', 'data-deadline'].map((text) => top.indexOf(text));
      expect([name, places]).toEqual([name, [...places].sort((a, b) => a - b)]);
      expect([name, places.includes(-1), top.includes('A20260626-0198')]).toEqual([name, false, false]);
    }
  });

  test('when it is over: the state first, with its mark, and then the amount', async () => {
    for (const name of OVER) {
      const top = summaryOf(await render(SCREENS[name]));
      const places = ['<svg', '<h1', 'class="amount"', '輕量登山杖一對'].map((text) => top.indexOf(text));
      expect([name, places]).toEqual([name, [...places].sort((a, b) => a - b)]);
      expect([name, places.includes(-1)]).toEqual([name, false]);
    }
  });

  test('an amount that nobody owes any more is struck through, and no other', async () => {
    const struck = async (name: string) => count(await render(SCREENS[name]), '.amount s');
    expect(await Promise.all(['expired', 'cancelled'].map(struck))).toEqual([1, 1]);
    expect(await Promise.all(['atm', 'paid', 'failed', 'waiting'].map(struck))).toEqual([0, 0, 0, 0]);
  });

  test('an order without a name goes by its number; one whose number nobody knows by neither', async () => {
    const unnamed = { ...SCREENS.atm, itemName: null };
    expect(summaryOf(await render(unnamed))).toContain('訂單 A20260626-0198');
    const html = await render({ ...unnamed, merchantOrderNo: '' });
    expect(html).not.toContain('訂單');
    expect(await count(html, '.item')).toBe(0);
  });
});

describe('what became of it', () => {
  test('cancelled is no failure: neutral, with the word about money on its way and no other way to pay', async () => {
    for (const [name, counter] of [
      ['cancelled', true],
      ['cancelled without a number', false],
    ] as const) {
      const html = await render(SCREENS[name]);
      expect(html).toContain('付款已取消');
      expect(html).not.toMatch(/失敗|未完成|其他付款方式|換一種/);
      expect(await count(html, '[data-late-note]')).toBe(1);
      expect(html.includes('櫃台或 ATM')).toBe(counter);
      expect(await count(html, 'form, [data-copy], .pill')).toBe(0);
      // No page that nobody asks again promises to change by itself.
      expect(html).not.toContain('自動更新');
    }
  });

  test('failed says so in a bank’s words, and speaks of a counter only where a number was given out', async () => {
    const html = await render(SCREENS.failed);
    expect(html).toContain('付款未完成');
    expect(await count(html, '[data-late-note]')).toBe(0);
    const { instructions } = (SCREENS.atm ?? {}) as PageModel;
    expect(await count(await render({ ...SCREENS.failed, instructions }), '[data-late-note]')).toBe(1);
  });

  test('the time limit is one for going somewhere only where somebody had to go there', async () => {
    expect(await render(SCREENS.expired)).toContain('繳費期限已過');
    const online = await render(SCREENS['expired without a number']);
    expect(online).toContain('付款期限已過');
    expect(online).not.toContain('繳費期限');
    expect(await render(SCREENS.go)).not.toContain('繳費期限');
    for (const name of ['failed', 'cancelled', 'paid']) {
      expect(await render({ ...SCREENS[name], deadline: 1 })).not.toMatch(/[繳付][費款]期限/);
    }
  });

  test('paid is a receipt: amount, moment, numbers, shop, contact, method and the card’s last digits, never a fee', async () => {
    const brand = { accent: null, logoUrl: null, contact: 'help@shop.example.tw' };
    const html = await render({ ...SCREENS['paid by card'], brand });
    for (const text of [
      'NT$980',
      '2026年6月26日（週五）14:04',
      'A20260626-0198',
      'PAY202606260001QWERTYUI',
      '山行戶外用品',
      'help@shop.example.tw',
      '信用卡付款 · 綠界',
      '6789 · 國泰世華',
      '輕量登山杖一對',
    ]) {
      expect(html).toContain(text);
    }
    expect(html).not.toContain('手續費');
    expect(await count(html, '[data-print]')).toBe(1);
  });

  test('long names and amounts are cut where they stand first, and whole below', async () => {
    const html = await render({ ...SCREENS.expired, ...LONG });
    expect(html.split(String(LONG.itemName))).toHaveLength(3);
    expect(html).toContain(`<bdi>${LONG.itemName}</bdi></p>`);
  });
});

describe('pages that stand in the way', () => {
  const shop = {
    shopName: '山行戶外用品',
    brand: { accent: null, logoUrl: null, contact: 'help@shop.example.tw' },
    homeUrl: HOME,
    livemode: false,
  };
  const PROBLEMS: readonly (readonly [Problem, string])[] = [
    ['too_many_tries', '請等 37 秒後再試'],
    ['used_up', '再等也不會開放'],
    ['refused', '再試一次結果也會相同'],
    ['unreachable', '請過幾分鐘再試'],
    ['unclear', '暫時不要重複付款'],
    ['unavailable', '系統維護中'],
  ];

  test.each(PROBLEMS)('%s: says what to do, and carries the shop, its contact and the ways on', async (kind, text) => {
    const facts = { shop, gateway: '綠界', seconds: 37, changeUrl: '/c?choose=1' };
    const html = renderProblem('zh-tw', kind, '/p?token=t', facts);
    expect(html).toContain(text);
    expect(html).toContain('mailto:help@shop.example.tw');
    expect(await count(html, '.contact')).toBe(1);
    expect(await hrefsOf(html, 'main a.button')).toEqual(['/c?choose=1', '/p?token=t', HOME]);
    expect(await hrefsOf(html, '[data-shop]')).toEqual([HOME]);
    expect(await count(html, '.band')).toBe(1);
  });

  test('a refusal is none that passes: nobody is told to come back later', () => {
    const html = renderProblem('zh-tw', 'refused', '/p', { gateway: '綠界' });
    expect(html).toContain('綠界未接受這筆付款');
    expect(html).not.toMatch(/分鐘|暫時|連不上|無法連上/);
  });

  test('the time to wait is told in a unit that people count in, never too short', () => {
    const wait = (seconds: number) =>
      /等 ([^後]+)後/.exec(renderProblem('zh-tw', 'too_many_tries', '/', { seconds }))?.[1];
    expect([1, 119, 121, 7199, 7201, 86_400].map(wait)).toEqual([
      '1 秒',
      '119 秒',
      '3 分鐘',
      '120 分鐘',
      '3 小時',
      '24 小時',
    ]);
    expect(renderProblem('en', 'too_many_tries', '/', { seconds: 1 })).toContain('wait 1 second,');
  });

  test('tell nothing of a shop that they were not given', async () => {
    for (const html of [renderNotFound('zh-tw'), renderReturned('zh-tw'), renderProblem('zh-tw', 'too_many_tries')]) {
      expect(await count(html, 'a, header, .contact')).toBe(0);
    }
  });

  test('who comes back learns what became of it, and what to do', () => {
    const returned = (changes: Partial<Parameters<typeof renderReturned>[1] & object>) =>
      renderReturned('zh-tw', { status: 'pending', notice: null, gateway: 'PayPal', ...changes }, shop);
    expect(returned({})).toContain('請勿重複付款');
    expect(returned({ notice: 'cancelled' })).toContain('如需繼續付款');
    expect(returned({ notice: 'cancelled' })).not.toContain('正在確認');
    expect(returned({ status: 'expired' })).toContain('付款期限已過');
    expect(returned({ status: 'failed' })).toContain('付款未完成');
    expect(returned({ status: 'paid' })).toContain('icon-tick');
    expect(returned({})).toContain('mailto:help@shop.example.tw');
  });

  test('what the shop and the gateway are called is text', async () => {
    const evil = '"><script>alert(1)</script>\u202e';
    const html = renderProblem('zh-tw', 'refused', '/p', {
      gateway: evil,
      shop: { ...shop, shopName: evil, homeUrl: 'javascript:alert(1)', brand: { ...shop.brand, contact: evil } },
      changeUrl: '//evil.example',
    });
    expect(await count(html, 'script')).toBe(0);
    expect(html).not.toMatch(/javascript:|\/\/evil|\u202e/);
  });
});
