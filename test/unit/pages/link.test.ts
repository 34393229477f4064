import { describe, expect, test } from 'bun:test';
import type { AmountProblem } from '../../../src/core/link.ts';
import { LOCALES } from '../../../src/core/locale.ts';
import { type LinkPageModel, renderLinkPage } from '../../../src/pages/checkout/index.ts';
import { speak } from '../../../src/pages/text.ts';
import { NOW } from './example.ts';
import { count, readAttributes } from './html.ts';
import { LINK_SCREENS, makeLinkModel } from './link-example.ts';

const render = (changes: Partial<LinkPageModel> = {}) => renderLinkPage(makeLinkModel(changes));
const inputs = async (html: string) => {
  const found = await readAttributes(html, 'input');
  return Object.fromEntries(found.map((input) => [input.name, input]));
};

describe('a link with an amount', () => {
  test('shows shop, title and amount, and a button that posts', async () => {
    const html = render(LINK_SCREENS.fixed);
    for (const text of ['山行戶外用品', '手沖課程報名費', '七月十二日下午班', '980', '前往付款']) {
      expect(html).toContain(text);
    }
    expect(await readAttributes(html, 'form')).toMatchObject([
      { method: 'post', action: '/zh-tw/link/LNKq3Wz8RfT1kVb6YxN0sHc4m' },
    ]);
    expect(Object.keys(await inputs(html))).toEqual(['form_key', 'buyer_name', 'buyer_email']);
    expect((await inputs(html)).form_key?.value).toBe('form_0123456789ABCDEFabcdef');
  });

  test('works without its script, which is one file, and has nothing inline', async () => {
    for (const changes of Object.values(LINK_SCREENS)) {
      const html = render(changes);
      expect(await count(html, 'script:not([src]), [style], style')).toBe(0);
      expect(await count(html, 'script')).toBe(/open|begun/.test(makeLinkModel(changes).state) ? 1 : 0);
      expect(await count(html, '.scripted')).toBe(0);
      expect(html).not.toMatch(/\son\w+=/);
    }
  });

  test('says its title once when the item is called the same', () => {
    const html = render({ itemName: '手沖課程報名費' });
    expect(html.slice(html.indexOf('<main')).split('手沖課程報名費')).toHaveLength(2);
  });

  test('says until when it can be used', () => {
    expect(render(LINK_SCREENS.fixed)).toContain('期限 6月28日');
    expect(render()).not.toContain('期限');
  });

  test('of a test key is marked like a test payment', async () => {
    expect(await count(render({ livemode: false }), '.band')).toBe(1);
    expect(await count(render(), '.band')).toBe(0);
  });

  test('carries the shop’s own colour, picture and contact', async () => {
    const html = render({
      brand: { accent: '#aa3300', logoUrl: 'https://shop.example/l.png', contact: 'a@shop.example' },
    });
    expect(await count(html, 'link[href^="/assets/checkout.aa3300."]')).toBe(1);
    expect(await count(html, 'img[src="https://shop.example/l.png"]')).toBe(1);
    expect(html).toContain('mailto:a@shop.example');
  });
});

describe('a link without an amount', () => {
  test('has a labelled box for it that brings up digits', async () => {
    const html = render(LINK_SCREENS.entered);
    const { amount } = await inputs(html);
    expect(amount).toMatchObject({ inputmode: 'decimal', type: 'text', 'aria-describedby': 'amount-hint' });
    expect(await count(html, 'label[for="amount"]')).toBe(1);
    expect(html).toContain('金額範圍 NT$100–50,000');
  });

  test('says what the shop has set and nothing else', () => {
    const bounds = { amount: null, min: 10_000, max: 5_000_000 };
    expect(render({ ...bounds, hasMin: true })).toContain('最低 NT$100');
    expect(render({ ...bounds, hasMax: true })).toContain('最高 NT$50,000');
    expect(render(bounds)).not.toContain('amount-hint');
  });

  test('keeps what was entered, marks what is wrong, and leads to the first of it', async () => {
    const html = render(LINK_SCREENS.refused);
    const { amount, buyer_name: name, buyer_email: email } = await inputs(html);
    expect(amount).toMatchObject({
      value: '12.5',
      'aria-invalid': 'true',
      'aria-describedby': 'amount-problem amount-hint',
    });
    expect(amount).toHaveProperty('autofocus');
    expect([name, email].map((input) => [input?.['aria-invalid'], input?.autofocus])).toEqual([
      ['true', undefined],
      ['true', undefined],
    ]);
    expect((await readAttributes(html, '[data-problem]')).map((one) => one['data-problem'])).toEqual([
      'amount',
      'buyer_name',
      'buyer_email',
    ]);
    const fine = await inputs(render(LINK_SCREENS.entered));
    expect(fine.amount).not.toHaveProperty('aria-invalid');
    expect(fine.amount).not.toHaveProperty('autofocus');
  });

  const SAID: readonly (readonly [AmountProblem, string, string])[] = [
    ['empty', '請輸入金額', 'Please enter an amount'],
    ['format', '請用數字', 'in digits'],
    ['decimals', '請輸入整數', 'whole amount'],
    ['min', '至少要 NT$100', 'at least NT$100'],
    ['max', '最多 NT$50,000', 'at most NT$50,000'],
  ];
  test.each(SAID)('says what to do about %s in the language of the page', (problem, chinese, english) => {
    const changes = { ...LINK_SCREENS.entered, problems: { amount: problem } };
    expect(render(changes)).toContain(chinese);
    expect(render({ ...changes, locale: 'en' })).toContain(english);
  });

  test('says how many decimals a currency has where it has some', () => {
    const changes = { amount: null, problems: { amount: 'decimals' }, locale: 'en' } as const;
    expect(render({ ...changes, currency: 'USD' })).toContain('at most 2 decimals');
    expect(render({ ...changes, currency: 'KWD' })).toContain('at most 3 decimals');
  });
});

describe('a link that is of no use any more', () => {
  test.each(['used', 'closed', 'expired'] as const)(
    'because it is %s says so and what to do, without a form',
    async (state) => {
      for (const locale of LOCALES) {
        const html = render({ ...LINK_SCREENS[state], locale });
        expect(await readAttributes(html, 'main')).toMatchObject([{ 'data-state': state }]);
        expect(await count(html, 'form, input, button')).toBe(0);
        expect(await count(html, 'h1')).toBe(1);
        expect(html).toContain(speak(locale)(`link.${state}.title`));
        expect(html).toContain('手沖課程報名費');
      }
    },
  );

  test('tells when its time was over', () => {
    expect(render(LINK_SCREENS.expired)).toContain('6月26日（週五）13:05');
  });

  test('but has a payment under way leads on to it, with nothing to fill in', async () => {
    const html = render({ ...LINK_SCREENS.begun, expiresAt: NOW - 1 });
    expect(Object.keys(await inputs(html))).toEqual(['form_key']);
    expect(html).toContain('繼續付款');
    expect(html).not.toContain('期限');
  });
});

describe('on every face of a link', () => {
  test('there is a way back to the shop, where one is known', async () => {
    for (const changes of Object.values(LINK_SCREENS)) {
      expect(await count(render(changes), '[data-home][href="https://shop.example.tw/"]')).toBe(1);
      expect(await count(render({ ...changes, homeUrl: null }), '[data-home]')).toBe(0);
      expect(await count(render({ ...changes, homeUrl: 'javascript:alert(1)' }), '[data-home]')).toBe(0);
    }
  });

  test('the shop can be reached with one press, and stands there once', async () => {
    const brand = { accent: null, logoUrl: null, contact: '02-2345-6789' };
    for (const changes of Object.values(LINK_SCREENS)) {
      const html = render({ ...changes, brand });
      expect((await readAttributes(html, '.contact a')).map(({ href }) => href)).toEqual(['tel:0223456789']);
    }
  });

  test('who is asked for his name is told why, and a button that was pressed says so', async () => {
    const html = render(LINK_SCREENS.fixed);
    expect(html).toContain('方便商店核對這筆付款');
    expect((await readAttributes(html, 'form button'))[0]?.['data-busy']).toBe('請稍候…');
    expect(render(LINK_SCREENS.begun)).not.toContain('方便商店核對');
  });

  test('who finds a payment under way learns what to do when it is not what he meant to pay', () => {
    expect(render(LINK_SCREENS.begun)).toContain('金額有誤時，請聯絡商店');
  });
});

describe('what others have written', () => {
  const EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>';

  test('stands there as text, wherever it is shown', async () => {
    for (const changes of [LINK_SCREENS.fixed, LINK_SCREENS.refused, LINK_SCREENS.closed]) {
      const form = { amount: EVIL, buyer_name: EVIL, buyer_email: EVIL };
      const html = render({ ...changes, title: EVIL, itemName: `${EVIL}2`, shopName: EVIL, form });
      expect(await count(html, 'script:not([src]), img')).toBe(0);
      expect(html).not.toContain('<script>');
      expect(html).not.toContain('<img');
    }
  });

  test('cannot turn the amount beside it around', () => {
    const html = render({ title: 'a\u202eb\u2066c', itemName: 'd\u202ee' });
    expect(html).not.toMatch(/[\u202e\u2066]/);
  });

  test('does not become an address of the form', async () => {
    for (const action of ['//evil.example/', 'https://evil.example/', 'javascript:alert(1)']) {
      expect((await readAttributes(render({ action }), 'form'))[0]?.action).toBe('');
    }
  });
});
