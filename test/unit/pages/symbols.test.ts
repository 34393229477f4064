import { describe, expect, test } from 'bun:test';
import { drawCode39, drawQr, drawQrPicture, encodeCode39 } from '../../../src/pages/checkout/index.ts';
import { scanPicture } from '../../browser/support/scan.ts';
import { costOf } from '../../support/cost.ts';
import vectors from './data/code39.json';

describe('Code 39', () => {
  for (const { text, bits } of vectors) {
    test(`${text} has the published bars at three to one`, async () => {
      expect(await encodeCode39(text, 3)).toBe(bits);
    });

    test(`${text} has the same bars at two to one, only narrower`, async () => {
      expect(await encodeCode39(text, 2)).toBe(bits.replaceAll('111', '11').replaceAll('000', '00'));
    });
  }

  test('nine, sixteen and fifteen characters take 142, 233 and 220 modules', async () => {
    const widths = await Promise.all(
      ['1508086CY', '1557352207269145', '080829000000789'].map(async (text) => (await encodeCode39(text, 2)).length),
    );
    expect(widths).toEqual([142, 233, 220]);
  });

  test('is drawn in whole modules with ten of quiet on both sides', async () => {
    const svg = await drawCode39('1508086CY');
    expect(svg).toContain('viewBox="0 0 162 72"');
    expect(svg).toContain('shape-rendering="crispEdges"');
    expect(svg).toContain('d="M10 36h1m2 0h1m1 0h2');
    expect(svg).toMatch(/m1 0h1" fill="none" stroke="#000" stroke-width="72"/);
    expect(svg).not.toContain('style');
    expect(svg).not.toMatch(/\d\.\d/);
  });

  test('three of them weigh less than a kilobyte on the way', async () => {
    const svgs = await Promise.all(['1508086CY', '1557352207269145', '06286700000098012345'].map(drawCode39));
    expect(Bun.gzipSync(Buffer.from(svgs.join(''))).length).toBeLessThan(1000);
  });

  test('rejects what it has no sign for', async () => {
    expect(drawCode39('小')).rejects.toThrow();
  });
});

describe('QR', () => {
  test('is drawn in whole modules with four of quiet', async () => {
    const svg = await drawQr('https://pay.example.tw/');
    expect(svg).toContain('d="M4 4.5h7m');
    expect(svg).not.toContain('style');
  });

  test('as a picture to save is read by a scanner, and is small', async () => {
    for (const text of ['00020101021226370009SG.PAYNOW', 'a'.repeat(1500)]) {
      const picture = Buffer.from(await drawQrPicture(text));
      expect(await scanPicture(picture, 'QRCode')).toEqual([text]);
      expect(picture.length).toBeLessThan(8000);
      // Width and height: what a gallery shows whole.
      expect(picture.readUInt32BE(16)).toBe(picture.readUInt32BE(20));
      expect(picture.readUInt32BE(16)).toBeGreaterThanOrEqual(700);
    }
  });

  test('is drawn once for one text', async () => {
    const text = `https://pay.example.tw/?${Math.PI}`;
    let first = '';
    const cold = await costOf(async () => {
      first = await drawQr(text);
    });
    const warm = await costOf(async () => {
      for (let i = 0; i < 20; i++) expect(await drawQr(text)).toBe(first);
    });
    expect(warm / 20).toBeLessThan(Math.max(1, cold));
  });
});
