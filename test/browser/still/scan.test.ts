import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { BARCODE, LONG, LONG_QR, makeModel, PAGE_URL, SCREENS as PAGES, QR } from '../../unit/pages/example.ts';
import {
  countPages,
  MODES,
  measureBars,
  nameOf,
  optionsOf,
  randomCodes,
  readBarcodes,
  readPdf,
  SCALES,
  type Setting,
  THEMES,
  WIDTHS,
} from '../support/codes.ts';
import { scanPicture as scan } from '../support/scan.ts';
import { answerPayment, PHONE, useStage } from '../support/stage.ts';

setDefaultTimeout(60_000);

let model: PageModel;

const stage = useStage((_request, { pathname }) => answerPayment(model, pathname));

async function open(options: Parameters<typeof stage.visit>[0]) {
  const visit = await stage.visit(options);
  await visit.page.goto(stage.at('/pay'));
  return visit;
}

/** Each width with each scale, and each two of the others at least once; `npm run scan` has all there are. */
const SETTINGS: readonly Setting[] = WIDTHS.flatMap((width, i) =>
  SCALES.map((scale, j) => ({
    width,
    scale,
    theme: THEMES[(i + j) % 3] ?? 'light',
    mode: MODES[(2 * i + j) % 3] ?? 'list',
    // The longest one has more modules than the smallest screen has pixels: there it needs the script.
    scripts: width === 280 || (i + (j >> 1)) % 2 === 0,
    shaped: ((i >> 1) + j) % 2 === 0 ? ('SmilePay' as const) : ('ECPay' as const),
  })),
);

describe('barcodes on the screen', () => {
  for (const [seed, setting] of SETTINGS.entries()) {
    test(`are read back from a picture of it: ${nameOf(setting)}`, async () => {
      const barcodes = randomCodes(setting.shaped, seed);
      model = makeModel({ instructions: { ...BARCODE, barcodes } });
      const { page, troubles, close } = await open(optionsOf(setting));
      expect(await readBarcodes(page, setting.mode)).toEqual(barcodes);
      expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(
        page.viewportSize()?.width ?? 0,
      );
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test('every bar is a whole number of device pixels, the same in all of a code, with ten modules of white', async () => {
    for (const [width, scale, theme] of [
      [360, 1, 'light'],
      [360, 2, 'dark'],
      [414, 2.625, 'forced'],
      [320, 3, 'light'],
    ] as const) {
      const setting: Setting = { width, scale, theme, mode: 'list', scripts: true, shaped: 'SmilePay' };
      model = makeModel({ instructions: { ...BARCODE, barcodes: randomCodes('SmilePay', 7) } });
      const { page, close } = await open(optionsOf(setting));
      for (const number of [1, 2, 3]) {
        const { narrow, wide, quiet } = await measureBars(page, number);
        expect([narrow.length, wide.length]).toEqual([1, 1]);
        const ratio = (wide[0] ?? 0) / (narrow[0] ?? 1);
        expect(ratio).toBeGreaterThanOrEqual(2);
        expect(ratio).toBeLessThanOrEqual(3);
        expect(quiet).toBeGreaterThanOrEqual(10 * (narrow[0] ?? 1));
      }
      await close();
    }
  });

  test('all three stand on a small phone without scrolling, also below the band of a test', async () => {
    for (const locale of ['zh-tw', 'en'] as const) {
      model = makeModel({
        ...LONG,
        locale,
        amount: 2_000_000,
        instructions: { ...BARCODE, barcodes: randomCodes('SmilePay', 3) },
      });
      const { page, close } = await open({ viewport: { width: 360, height: 640 }, deviceScaleFactor: 2 });
      expect(await scan(await page.screenshot(), 'Code39')).toHaveLength(3);
      const last = await page.locator('[data-barcode="3"]').boundingBox();
      expect((last?.y ?? 999) + (last?.height ?? 999)).toBeLessThanOrEqual(640);
      await close();
    }
  });

  test('the symbols are high enough, and no beam can hit two of them', async () => {
    model = makeModel({ instructions: BARCODE });
    const { page, close } = await open({ viewport: PHONE, deviceScaleFactor: 3 });
    const boxes = await Promise.all([1, 2, 3].map((n) => page.locator(`[data-barcode="${n}"] svg`).boundingBox()));
    for (const [i, box] of boxes.entries()) {
      expect(box?.height).toBeGreaterThanOrEqual(64);
      const above = boxes[i - 1];
      if (above && box) expect(box.y - above.y - above.height).toBeGreaterThanOrEqual(40);
    }
    await close();
  });

  test('the page can be moved to a phone from a wide screen; a phone shows no second code to scan', async () => {
    model = makeModel({ instructions: BARCODE });
    for (const [width, codes] of [
      [1280, [PAGE_URL]],
      [360, []],
    ] as const) {
      const { page, close } = await open({ viewport: { width, height: 800 } });
      expect(await scan(await page.screenshot({ fullPage: true }), 'QRCode')).toEqual([...codes]);
      await close();
    }
  });
});

describe('on paper', () => {
  test('barcodes fit one page, about a third of a millimetre a module, and are read off it', async () => {
    const barcodes = randomCodes('SmilePay', 11);
    model = makeModel({ ...LONG, amount: 2_000_000, instructions: { ...BARCODE, barcodes } });
    // Printed from a phone, while one of them is shown alone.
    const { page, close } = await open({ viewport: PHONE, deviceScaleFactor: 3, colorScheme: 'dark' });
    await page.click('[data-barcode="2"] a');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    const width = await page.locator('[data-barcode="3"] svg').getAttribute('width');
    // Twenty-two signs of six narrow bars and three wide ones of two and a half, their gaps, the quiet zones.
    expect(Number.parseFloat(width ?? '') / (22 * 13.5 + 21 + 20)).toBeCloseTo(0.3387, 3);
    expect(width).toEndWith('mm');
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    const pdf = await page.pdf({ format: 'A4' });
    expect(countPages(pdf)).toBe(1);
    expect(await readPdf(pdf, 'Code39')).toEqual(barcodes);
    expect((await measureBars(page, 2)).narrow).toHaveLength(1);
    await close();
  });

  test('the longest texts fit one page too, below them what the shop says about itself', async () => {
    const barcodes = randomCodes('SmilePay', 12);
    const { page, close } = await stage.visit({ viewport: PHONE });
    for (const locale of ['ms', 'th'] as const) {
      const brand = { contact: '客服專線 02-2771-8899，或寄信至 service@shop.example.tw', accent: null, logoUrl: null };
      model = makeModel({ ...LONG, locale, brand, instructions: { ...BARCODE, barcodes } });
      await page.goto(stage.at('/pay'));
      expect([locale, countPages(await page.pdf({ format: 'A4' }))]).toEqual([locale, 1]);
    }
    await close();
  });

  test('the receipt fits one page', async () => {
    model = makeModel({ ...LONG, ...PAGES.paid });
    const { page, close } = await open({ viewport: PHONE });
    expect(countPages(await page.pdf({ format: 'A4' }))).toBe(1);
    await close();
  });
});

describe('a code for a wallet', () => {
  const CASES = [
    { data: LONG_QR.data, width: 280, scale: 1, theme: 'light', scripts: true },
    { data: LONG_QR.data, width: 320, scale: 2, theme: 'dark', scripts: true },
    { data: LONG_QR.data, width: 360, scale: 2.625, theme: 'forced', scripts: true },
    { data: LONG_QR.data, width: 414, scale: 3, theme: 'dark', scripts: false },
    { data: QR.data, width: 280, scale: 2.625, theme: 'dark', scripts: true },
    { data: QR.data, width: 360, scale: 1, theme: 'forced', scripts: false },
    { data: '000201·山行戶外用品·ร้านภูเขา·6304A1B2', width: 360, scale: 2, theme: 'light', scripts: true },
    // Nobody's eyes have modules of one pixel to themselves: from two on a pixel.
    { data: `https://qr.example/${'aB3'.repeat(600)}`, width: 360, scale: 2, theme: 'light', scripts: true },
  ] as const;

  for (const { data, ...rest } of CASES) {
    const setting: Setting = { ...rest, mode: 'list', shaped: 'ECPay' };
    test(`of ${data.length} characters is read back, and is all that is found there: ${nameOf(setting)}`, async () => {
      model = makeModel({ ...PAGES.qr, instructions: { ...QR, data } });
      const { page, troubles, close } = await open(optionsOf(setting));
      expect(await scan(await page.screenshot({ fullPage: true }), 'QRCode')).toEqual([data]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(rest.width);
      if (rest.scripts) {
        const svg = page.locator('[data-pay-qr] svg');
        const modules = Number((await svg.getAttribute('viewBox'))?.split(' ')[2]);
        const dots = (Number((await svg.boundingBox())?.width) * rest.scale) / modules;
        expect(dots).toBeCloseTo(Math.floor((Math.min(320, rest.width) * rest.scale) / modules), 1);
      }
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test('a screenshot of what a phone shows at first is enough, also below a notice', async () => {
    for (const shown of [PAGES.qr, PAGES['qr after a declined try']]) {
      model = makeModel({ ...shown, instructions: LONG_QR });
      const { page, close } = await open({ viewport: PHONE, deviceScaleFactor: 1 });
      expect(await scan(await page.screenshot(), 'QRCode')).toEqual([LONG_QR.data]);
      await close();
    }
  });
});
