import { describe, expect, test } from 'bun:test';
import type { Store } from '../../../src/core/attempt.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { writeReminder } from '../../../src/pages/checkout/index.ts';
import { ATM, BARCODE, BARCODES, BARE_ATM, CVS, DEADLINE, makeModel, NOW, OVERDUE, QR, SCREENS } from './example.ts';
import { count, readAttributes, readJson, render } from './html.ts';

const copied = async (html: string) => (await readAttributes(html, '[data-copy]')).map((one) => one['data-copy']);

describe('an account to transfer to', () => {
  test('bank, account and amount have a button each that says what it copies', async () => {
    const html = await render({ instructions: ATM, amount: 1_234_500 });
    expect(await copied(html)).toEqual(['822', '9103522264815307', '12345']);
    for (const label of ['複製銀行代碼', '複製帳號', '複製金額']) expect(html).toContain(`>${label}</button>`);
    for (const button of await readAttributes(html, '[data-copy]')) expect(button['data-done']).toBe('已複製');
    expect(html).toContain('金額須完全相同');
  });

  test('what a button copies stands on the page too, to be selected where nothing else works', async () => {
    for (const instructions of [ATM, BARE_ATM, CVS]) {
      const html = await render({ instructions });
      const shown = (await readAttributes(html, '[data-number]')).map((one) => one['data-number']);
      expect(shown).toEqual(await copied(html));
      for (const button of await readAttributes(html, '[data-copy]'))
        expect(button['data-failed']).toContain('已為您選取');
    }
  });

  test('where the gateway names no bank, account and amount remain', async () => {
    expect(await copied(await render(SCREENS['atm without a bank']))).toEqual(['88012620612345', '980']);
  });
});

describe('the steps at the machines', () => {
  const chainsOf = async (stores: readonly Store[]) => {
    const html = await render({ instructions: { ...CVS, stores } });
    return { html, tabs: await readAttributes(html, 'input[name="store"]') };
  };

  test('are those of the chains that the code serves, one tab a chain, the first one open', async () => {
    const all = await chainsOf([]);
    expect(all.tabs.map(({ value }) => value)).toEqual(['ibon', 'famiport', 'lifeet', 'okgo']);
    expect(all.tabs.map((tab) => 'checked' in tab)).toEqual([true, false, false, false]);
    const two = await chainsOf(['lifeet', 'ibon']);
    expect(two.tabs.map(({ value }) => value)).toEqual(['ibon', 'lifeet']);
    expect(two.html).not.toContain('FamiPort');
    expect(two.html).not.toContain('網路交易');
  });

  test('every tab has its label, its first step, and the three that are the same at all', async () => {
    const { html, tabs } = await chainsOf([]);
    const labels = await readAttributes(html, '.tabs label');
    expect(labels.map((label) => label.for)).toEqual(tabs.map((tab) => tab.id));
    const items = await readAttributes(html, '.tabs li');
    expect(items.map((item) => item.class)).toEqual([
      ...tabs.map(({ value }) => `of-${value}`),
      undefined,
      undefined,
      undefined,
    ]);
    for (const words of [
      'ibon 選「代碼輸入」',
      'FamiPort 選「繳費」→「代碼繳費」',
      'Life-ET 選「繳費・代收」→「代碼輸入」',
      'OK-go 選「繳費」→「網路交易」→「代碼繳費」',
      '3 小時內',
    ])
      expect(html).toContain(words);
  });

  test('the style sheet shows the step of every chain that can be chosen', async () => {
    const sheet = await Bun.file('web/checkout/guide.css').text();
    const { tabs } = await chainsOf([]);
    for (const { value } of tabs) expect(sheet).toContain(`.tab-${value}:checked ~ ol > .of-${value}`);
  });

  test('a code for one chain names it, and there is nothing to choose', async () => {
    const { html, tabs } = await chainsOf(['famiport']);
    expect(tabs).toEqual([]);
    expect(html).toContain('<dt>繳費超商</dt><dd><div>全家</div></dd>');
    expect(html).toContain('「代碼繳費」');
    expect(html).not.toContain('ibon');
  });
});

describe('the deadline', () => {
  const pillOf = async (changes: Parameters<typeof render>[0]) => {
    const html = await render(changes);
    const [pill] = await readAttributes(html, '.pill');
    return { html, pill };
  };

  test('of a number for bank or counter is always there, as 繳費期限', async () => {
    for (const instructions of [ATM, CVS, BARCODE]) {
      const { html, pill } = await pillOf({ instructions });
      expect(pill).toMatchObject({ class: 'pill', 'data-deadline': String(DEADLINE) });
      expect(pill).not.toHaveProperty('hidden');
      expect(html).toContain('繳費期限 6月28日');
    }
  });

  test('of a card or a wallet is 付款期限, and is not shown before the last hour', async () => {
    for (const screen of [SCREENS.go, SCREENS.element, { instructions: QR, method: 'paynow' }, SCREENS.choose]) {
      const early = await pillOf(screen);
      expect(early.pill).toMatchObject({ hidden: '', 'data-late': '' });
      expect(early.html).toContain('付款期限 6月28日');
      const late = await pillOf({ ...screen, deadline: NOW + HOUR - 1 });
      expect(late.pill).not.toHaveProperty('hidden');
      expect(late.pill?.class).toBe('pill soon');
    }
  });

  test('is told by the merchant’s clocks, and the words of the countdown are there for the script', async () => {
    const html = await render({ timezone: 'Asia/Tokyo', deadline: NOW + 21 * MINUTE + 37_000 });
    expect(html).toContain('繳費期限 6月26日（週五）15:26（日本時間）');
    expect(html).toContain('>還剩 21 分 37 秒</span>');
    const [left] = await readAttributes(html, '[data-left]');
    expect(readJson(left?.['data-left'])).toHaveLength(5);
  });
});

describe('a number past its deadline', () => {
  const kinds = { atm: ATM, cvs: CVS, barcode: BARCODE };

  for (const [kind, instructions] of Object.entries(kinds)) {
    test(`${kind}: that nothing must be paid comes first, and nothing helps to pay`, async () => {
      const html = await render({ ...OVERDUE, instructions });
      expect(html.indexOf('已過期限，請勿再繳；已繳款仍有效')).toBeLessThan(html.indexOf('<h1'));
      expect(html).toContain('已過期限，請勿再繳；已繳款仍有效');
      for (const none of [
        '[data-copy]',
        '[data-barcode]',
        '[data-qr]',
        '[data-bars]',
        '.steps',
        '.keep',
        '[data-deadline]',
      ])
        expect(await count(html, none)).toBe(0);
      expect(html).not.toContain('還剩');
    });
  }

  test('is still there to be compared', async () => {
    expect(await render({ ...OVERDUE, instructions: ATM })).toContain('<span>9103</span><span>5222</span>');
    expect(await render({ ...OVERDUE, instructions: CVS })).toContain('<span>7414</span>');
    const bars = await render({ ...OVERDUE, instructions: BARCODE });
    for (const text of BARCODES) expect(bars).toContain(`<p>${text}</p>`);
  });
});

describe('for later', () => {
  test('a number can be shared where the browser can, and its deadline taken along', async () => {
    const html = await render({ instructions: CVS });
    expect(await readAttributes(html, '[data-share]')).toMatchObject([
      { 'data-share': makeModel().pageUrl, hidden: '' },
    ]);
    expect((await readAttributes(html, '.keep a')).map(({ href }) => href)).toEqual([makeModel().calendarUrl ?? '']);
    expect(await count(await render({ calendarUrl: null }), '.keep')).toBe(0);
    expect(await count(await render({ calendarUrl: '//evil.example' }), '.keep')).toBe(0);
  });

  test('the calendar has shop, amount, number and page; the alarm comes early enough', () => {
    const tell = (changes: Parameters<typeof makeModel>[0], deadline = DEADLINE) =>
      writeReminder(makeModel(changes), deadline).replaceAll('\r\n ', '');
    const file = tell({ instructions: ATM, shopName: '山行,戶外' });
    expect(file).toContain('SUMMARY:繳費期限：山行\\,戶外 NT$980\r\n');
    expect(file).toContain('UID:PAY202606260001QWERTYUI@pay.example.tw\r\n');
    expect(file).toContain('ATM 轉帳，請在 6月28日（週日）23:59 前完成。\\n商品 輕量登山杖一對\\n');
    expect(file).toContain('銀行代碼 822\\n轉入帳號 9103522264815307\\nhttps://pay.example.tw/');
    expect(file).toContain('TRIGGER:-PT180M');
    expect(tell({ instructions: CVS })).toContain('繳費代碼 LLL26213917414');
    expect(tell({ instructions: CVS }, NOW + 3 * HOUR)).toContain('TRIGGER:-PT30M');
    expect(tell({ shopName: 'x\r\nBEGIN:VEVENT' })).not.toContain('\nBEGIN:VEVENT\r\nBEGIN');
    expect(tell({ shopName: 'x\r\nBEGIN:VEVENT' }).match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
  });
});
