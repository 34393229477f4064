import { describe, expect, test } from 'bun:test';
import { DESK_LOCALES } from '../../../src/core/locale.ts';
import type { FiguresModel } from '../../../src/pages/home/figures.tsx';
import { type HomeModel, renderHome } from '../../../src/pages/home/home.tsx';

const FIGURES: FiguresModel = {
  timezone: 'Asia/Taipei',
  now: Date.UTC(2026, 5, 23),
  sums: [
    { currency: 'TWD', today: { amount: 1_280_000, count: 1 }, month: { amount: 35_642_000, count: 241 } },
    { currency: 'USD', today: { amount: 0, count: 0 }, month: { amount: 109_950, count: 3 } },
  ],
  counts: { paid: 1204, pending: 6, expired: 41, failed: 3 },
  recent: [
    {
      orderNo: 'OR*************01',
      gateway: '<b>綠界</b> ECPay',
      method: 'atm',
      status: 'paid',
      amount: 98_000,
      currency: 'TWD',
      createdAt: Date.UTC(2026, 5, 22, 7, 30),
    },
    {
      orderNo: '*********',
      gateway: null,
      method: 'checkout',
      status: 'pending',
      amount: 1099,
      currency: 'USD',
      createdAt: Date.UTC(2026, 5, 22, 7, 31),
    },
  ],
};

const GUIDES = [{ id: 'quick-start', title: 'Quick <start>' }];
const draw = (change: Partial<HomeModel> = {}) =>
  renderHome({ locale: 'en', isNamed: false, guides: GUIDES, figures: null, ...change });
const linksOf = (html: string) => [...html.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);

describe('the home page', () => {
  test('leads to the developer centre, its guides, Swagger UI, the desk and the other language', () => {
    const links = ['/zh-tw', '/developers', '/swagger', '/admin', '/developers/quick-start'];
    expect(linksOf(draw())).toEqual(links);
  });

  test('keeps to the language that its address names', () => {
    expect(linksOf(draw({ isNamed: true }))).toContain('/en/developers/quick-start');
    expect(linksOf(draw({ isNamed: true, locale: 'zh-tw' }))).toEqual(
      expect.arrayContaining(['/en', '/zh-tw/developers', '/swagger', '/admin']),
    );
  });

  test('has nothing inline and no script, and lets nobody write into it', () => {
    const html = draw({ figures: FIGURES });
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
    expect(html).toContain('Quick &lt;start>');
    expect(html).not.toContain('<b>綠界');
  });

  test('shows each currency by itself, amounts as people write them, and what was chosen', () => {
    const text = draw({ figures: FIGURES })
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    for (const said of ['NT$ 12,800 1 payment', 'NT$ 356,420 241 payments', 'US$ 1,099.50 3 payments', 'US$ 10.99']) {
      expect(text).toContain(said);
    }
    expect(text).toContain('Paid 1204 Pending 6 Expired 41 Failed 3');
    expect(text).toContain('ECPay · ATM transfer Paid');
    expect(text).toContain('Not chosen yet Pending');
  });

  test('without figures says nothing of there being any', () => {
    for (const locale of DESK_LOCALES) {
      expect(draw({ locale })).not.toMatch(/figures|amount|TWD|NT\$|收款概況|今天|payments so far|recent/i);
    }
  });
});

describe('its sentences', () => {
  const read = (locale: string): Promise<Record<string, string>> => Bun.file(`web/locales/home.${locale}.json`).json();

  test('are there in both languages, in one order, with the same places to fill in', async () => {
    const places = (text: string) => text.match(/\{\w+\}/g) ?? [];
    const [base, other] = [await read('zh-tw'), await read('en')];
    expect(Object.keys(other)).toEqual(Object.keys(base));
    for (const [key, text] of Object.entries(base)) {
      expect(text.trim()).not.toBe('');
      for (const place of places(other[key] ?? '')) expect(places(text)).toContain(place);
    }
  });

  test('are all said', async () => {
    const files = ['home.tsx', 'figures.tsx'].map((name) => Bun.file(`src/pages/home/${name}`).text());
    const source = (await Promise.all(files)).join('\n');
    for (const key of Object.keys(await read('zh-tw'))) expect(source).toContain(`'${key}'`);
  });
});
