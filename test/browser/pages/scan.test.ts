import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Page } from 'playwright-core';
import type { PageModel } from '../../../src/pages/checkout/index.ts';
import { BARCODE, BARCODES, LONG_QR, makeModel, PAGE_URL, SCREENS as PAGES, QR } from '../../unit/pages/example.ts';
import { scanPicture as scan } from '../support/scan.ts';
import { answerPayment, PHONE, useStage } from '../support/stage.ts';

setDefaultTimeout(60_000);

let model: PageModel;

const stage = useStage((_request, { pathname }) => answerPayment(model, pathname));

const SCREENS = [
  { ...PHONE, scale: 1 },
  { ...PHONE, scale: 2 },
  { ...PHONE, scale: 3 },
  { width: 320, height: 568, scale: 2 },
  { width: 1280, height: 800, scale: 1 },
  { width: 1280, height: 800, scale: 2 },
];

async function open(screen: (typeof SCREENS)[number], scripts: boolean, dark = false) {
  const { page, troubles, close } = await stage.visit({
    viewport: { width: screen.width, height: screen.height },
    deviceScaleFactor: screen.scale,
    javaScriptEnabled: scripts,
    colorScheme: dark ? 'dark' : 'light',
  });
  await page.goto(stage.at('/pay'));
  return { page, troubles, close };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function measureBars(page: Page): Promise<Box[]> {
  const boxes: Box[] = [];
  for (const number of [1, 2, 3]) {
    const box = await page.locator(`[data-barcode="${number}"] svg`).boundingBox();
    if (box) boxes.push(box);
  }
  return boxes;
}

describe('the barcode page', () => {
  beforeEach(() => {
    model = makeModel({ instructions: BARCODE });
  });

  for (const screen of SCREENS) {
    for (const scripts of [true, false]) {
      const name = `${screen.width} × ${screen.height} at ${screen.scale}×, ${scripts ? 'with' : 'without'} JavaScript`;
      test(`is read back from its picture: ${name}`, async () => {
        const { page, troubles, close } = await open(screen, scripts, screen.scale === 2);
        const image = await page.screenshot({ fullPage: true });
        expect(await scan(image, 'Code39')).toEqual([...BARCODES]);
        expect(await scan(image, 'QRCode')).toEqual([PAGE_URL]);
        expect(troubles).toEqual([]);
        await close();
      });
    }
  }

  test('a module is a whole number of device pixels, the same in all three, and as wide as fits', async () => {
    for (const screen of SCREENS) {
      const { page, close } = await open(screen, true);
      const room = Math.min(screen.width, 440);
      const dots = Math.floor((room * screen.scale) / 253);
      const [first, second, third] = await measureBars(page);
      for (const [box, modules] of [
        [first, 162],
        [second, 253],
        [third, 240],
      ] as const) {
        expect(((box?.width ?? 0) * screen.scale) / modules).toBeCloseTo(dots, 1);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(screen.width);
      await close();
    }
  });

  test('the symbols are high enough, and no beam can hit two of them', async () => {
    const { page, close } = await open({ ...PHONE, scale: 3 }, true);
    const boxes = await measureBars(page);
    for (const [i, box] of boxes.entries()) {
      expect(box.height).toBeGreaterThanOrEqual(64);
      const above = boxes[i - 1];
      if (above) expect(box.y - above.y - above.height).toBeGreaterThanOrEqual(40);
    }
    await close();
  });

  test('prints about 0.3 mm a module, also after the screen had its own size', async () => {
    // 3.125 device pixels a CSS pixel are the 300 dots an inch of a plain printer.
    const { page, close } = await open({ ...PHONE, scale: 3.125 }, true);
    const onScreen = (await measureBars(page))[1]?.width ?? 0;
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print' });
    const millimetres = (((await measureBars(page))[1]?.width ?? 0) / 253 / 96) * 25.4;
    expect(millimetres).toBeGreaterThan(0.28);
    expect(millimetres).toBeLessThan(0.35);
    expect(await scan(await page.screenshot({ fullPage: true }), 'Code39')).toEqual([...BARCODES]);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    await page.emulateMedia({ media: 'screen' });
    expect((await measureBars(page))[1]?.width).toBeCloseTo(onScreen, 1);
    await close();
  });
});

describe('a code for a wallet', () => {
  /** With JavaScript and without. */
  const BOTH = [true, false];
  const SMALL = SCREENS.filter((one) => one.width === 360 && one.scale > 1);
  const CASES = [
    { what: 'one of more than 300 characters', data: LONG_QR.data, screens: SCREENS, scripts: BOTH },
    { what: 'a usual one', data: QR.data, screens: SCREENS, scripts: [true] },
    {
      what: 'a name in Chinese and Thai',
      data: '000201·山行戶外用品·ร้านภูเขา·6304A1B2',
      screens: SMALL,
      scripts: [true],
    },
    // Nobody's eyes have modules of one pixel to themselves: from two on a pixel.
    { what: 'the longest there is', data: `https://qr.example/${'aB3'.repeat(600)}`, screens: SMALL, scripts: BOTH },
  ];

  test('the long one is as long as it says', () => {
    expect(LONG_QR.data.length).toBeGreaterThan(300);
  });

  for (const { what, data, screens, scripts } of CASES) {
    for (const [screen, active] of screens.flatMap((one) => scripts.map((active) => [one, active] as const))) {
      const name = `${screen.width} × ${screen.height} at ${screen.scale}×, ${active ? 'with' : 'without'} JavaScript`;
      test(`${what} is read back from a picture of the page, and is all that is found there: ${name}`, async () => {
        model = makeModel({ ...PAGES.qr, instructions: { ...QR, data } });
        const { page, troubles, close } = await open(screen, active, screen.scale === 2);
        expect(await scan(await page.screenshot({ fullPage: true }), 'QRCode')).toEqual([data]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(screen.width);
        expect(troubles).toEqual([]);
        await close();
      });
    }
  }

  test('a screenshot of what a phone shows at first is enough, also below a notice', async () => {
    for (const page of [PAGES.qr, PAGES['qr after a declined try']]) {
      model = makeModel({ ...page, instructions: LONG_QR });
      const phone = await open({ ...PHONE, scale: 1 }, true);
      expect(await scan(await phone.page.screenshot(), 'QRCode')).toEqual([LONG_QR.data]);
      await phone.close();
    }
  });

  test('a module is a whole number of device pixels and square', async () => {
    for (const screen of SCREENS) {
      model = makeModel({ ...PAGES.qr, instructions: LONG_QR });
      const { page, close } = await open(screen, true);
      const modules = Number(
        await page.locator('[data-pay-qr] svg').evaluate((svg) => svg.getAttribute('viewBox')?.split(' ')[2]),
      );
      const box = await page.locator('[data-pay-qr] svg').boundingBox();
      const dots = ((box?.width ?? 0) * screen.scale) / modules;
      expect(dots).toBeCloseTo(Math.floor((Math.min(320, screen.width) * screen.scale) / modules), 1);
      expect(box?.height).toBeCloseTo(box?.width ?? 0, 1);
      await close();
    }
  });
});
