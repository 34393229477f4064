import { describe, expect, test } from 'bun:test';
import { drawCode39, drawQr, encodeCode39 } from '../../../src/pages/checkout/index.ts';
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
    expect(svg).toContain('d="M10 0h1');
    expect(svg).toMatch(/M151 0h1v72h-1z"/);
    expect(svg).not.toContain('style');
    expect(svg).not.toMatch(/\d\.\d/);
  });

  test('rejects what it has no sign for', async () => {
    expect(drawCode39('小')).rejects.toThrow();
  });
});

describe('QR', () => {
  test('is drawn in whole modules with four of quiet', async () => {
    const svg = await drawQr('https://pay.example.tw/');
    expect(svg).toContain('d="M4 4h7v1h-7z');
    expect(svg).not.toContain('style');
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
