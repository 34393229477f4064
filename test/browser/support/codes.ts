import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { readPixels } from './png.ts';
import { scanPicture, scanPixels } from './scan.ts';

/** Barcodes as the gateways make them: so many characters each, digits and capitals. */
export const SHAPES = { ECPay: [9, 16, 15], SmilePay: [9, 16, 20] } as const;
export type Shaped = keyof typeof SHAPES;

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The same for the same seed, so that a failure can be seen again. */
export function randomCodes(shaped: Shaped, seed: number): [string, string, string] {
  const next = createRandom(seed);
  // Mostly digits, as gateways have them; every sign has its turn.
  const sign = () => (next() < 0.7 ? Math.floor(next() * 10) : Math.floor(next() * SIGNS.length));
  const make = (length: number) => Array.from({ length }, () => SIGNS[sign()] ?? '0').join('');
  const [first, second, third] = SHAPES[shaped];
  return [make(first), make(second), make(third)];
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const HEIGHTS = { 280: 653, 320: 568, 360: 640, 414: 736 } as const;
export type Width = keyof typeof HEIGHTS;
export const WIDTHS = Object.keys(HEIGHTS).map(Number) as Width[];
export const SCALES = [1, 2, 2.625, 3] as const;
export const THEMES = ['light', 'dark', 'forced'] as const;
/** All on the page, or each alone: along the phone that is held upright, or across the one that lies. */
export const MODES = ['list', 'alone', 'landscape'] as const;

export interface Setting {
  readonly width: Width;
  readonly scale: (typeof SCALES)[number];
  readonly theme: (typeof THEMES)[number];
  readonly mode: (typeof MODES)[number];
  readonly scripts: boolean;
  readonly shaped: Shaped;
}

export const nameOf = ({ width, scale, theme, mode, scripts, shaped }: Setting) =>
  `${shaped}, ${width} px at ${scale}×, ${theme}, ${mode}, ${scripts ? 'with' : 'without'} JavaScript`;

export function optionsOf({ width, scale, theme, mode, scripts }: Setting): BrowserContextOptions {
  const [short, long] = [width, HEIGHTS[width]];
  return {
    viewport: mode === 'landscape' ? { width: long, height: short } : { width: short, height: long },
    deviceScaleFactor: scale,
    colorScheme: theme === 'light' ? 'light' : 'dark',
    forcedColors: theme === 'forced' ? 'active' : 'none',
    javaScriptEnabled: scripts,
  };
}

/** What a scanner reads off the page: all at once, or one after the other as a payer turns them. */
export async function readBarcodes(page: Page, mode: Setting['mode']): Promise<string[]> {
  if (mode === 'list') return scanPicture(await page.screenshot({ fullPage: true }), 'Code39');
  const read: string[] = [];
  await page.click('[data-barcode="1"] a');
  for (let at = 1; at <= 3; at++) {
    read.push((await scanPicture(await page.screenshot(), 'Code39')).join('+'));
    if (at < 3) await page.click(`[data-barcode="${at}"] [rel="next"]`);
  }
  return read;
}

/** A picture begins at whole pixels: what is white beyond the symbol makes up for what was cut off. */
const EDGE = 2;

export interface Measured {
  /** Device pixels of every narrow and of every wide bar and space in the picture; one number each where all is well. */
  readonly narrow: readonly number[];
  readonly wide: readonly number[];
  readonly quiet: number;
  /** CSS pixels of a narrow bar. */
  readonly module: number;
}

/** Bars as they stand in the picture, counted by pixels along the middle of the symbol. */
export async function measureBars(page: Page, number: number): Promise<Measured> {
  const svg = page.locator(`[data-barcode="${number}"] svg`);
  const box = await svg.boundingBox();
  if (!box) throw new Error(`barcode ${number} is not on the page`);
  const scale = Number(await page.evaluate('devicePixelRatio'));
  const isStanding = (await svg.getAttribute('viewBox'))?.startsWith('0 0 1 ') ?? false;
  const strip = isStanding
    ? { x: Math.round(box.x + box.width / 2), y: Math.max(0, box.y - EDGE), width: 1, height: box.height + 2 * EDGE }
    : { x: Math.max(0, box.x - EDGE), y: Math.round(box.y + box.height / 2), width: box.width + 2 * EDGE, height: 1 };
  const { pixels, width, height } = readPixels(await page.screenshot({ clip: strip, fullPage: true }));
  const line = isStanding
    ? Array.from({ length: height }, (_, y) => pixels[y * width] ?? 0)
    : Array.from(pixels.subarray(0, width));
  const sorted = sortRuns(line.map((grey) => (grey < 128 ? '1' : '0')).join(''));
  return { ...sorted, module: (sorted.narrow[0] ?? 0) / scale };
}

function sortRuns(line: string): Pick<Measured, 'narrow' | 'wide' | 'quiet'> {
  const runs = (line.match(/0+|1+/g) ?? []).map((run) => run.length);
  const bars = runs.slice(1, -1);
  const narrow = Math.min(...bars);
  const unique = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b);
  return {
    narrow: unique(bars.filter((run) => run < 1.5 * narrow)),
    wide: unique(bars.filter((run) => run >= 1.5 * narrow)),
    quiet: Math.min(runs[0] ?? 0, runs[runs.length - 1] ?? 0),
  };
}

/** 288 dots an inch. */
const PRINTER = 4;

/**
 * What is read off a printed page. Chromium draws PDFs with the same library, but in a viewer that says nowhere when it
 * has drawn, and takes seconds for it.
 */
export async function readPdf(pdf: Buffer, format: 'Code39' | 'QRCode'): Promise<string[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(new Uint8Array(pdf));
  const { data, width, height } = await document.getPage(0).render({ scale: PRINTER, render: 'bitmap' });
  const read = await scanPixels({ data: new Uint8ClampedArray(data), width, height }, format);
  document.destroy();
  library.destroy();
  return read;
}

export const countPages = (pdf: Buffer): number => (pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length;
