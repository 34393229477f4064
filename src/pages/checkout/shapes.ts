import type { PageModel } from './model.ts';

type Encoder = typeof import('bwip-js/generic');

let encoder: Promise<Encoder> | null = null;

/** Two megabytes of code that commands at the terminal do without: loaded on the first code, or by `warmEncoder`. */
function loadEncoder(): Promise<Encoder> {
  encoder ??= import('bwip-js/generic').then((module) => module.default);
  return encoder;
}

/** Bars or squares in whole modules: one SVG path of strokes, each as long as a run of dark modules. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly path: string;
  /** How thick the strokes are: as high as a bar, or as a row of squares. */
  readonly stroke: number;
}

const KEPT = 500;
const shapes = new Map<string, Shape>();

/** Encoding blocks for milliseconds and a waiting page is asked for often, so the last few hundred shapes are kept. */
async function keepShape(key: string, make: () => Promise<Shape>): Promise<Shape> {
  const shape = shapes.get(key) ?? (await make());
  shapes.delete(key);
  shapes.set(key, shape);
  const oldest = shapes.keys().next();
  if (shapes.size > KEPT && !oldest.done) shapes.delete(oldest.value);
  return shape;
}

/**
 * Code 39 with its start and stop sign as modules, `1` for a bar. The encoder always answers wide elements as 3 and a
 * trailing gap, whatever ratio it is asked for, so the ratio is applied here.
 */
export async function encodeCode39(text: string, ratio: 2 | 3): Promise<string> {
  const [symbol] = (await loadEncoder()).raw('code39', text);
  if (!symbol || !('sbs' in symbol)) throw new Error('expected bars from the Code 39 encoder');
  const elements = symbol.sbs.slice(0, symbol.sbs.length % 2 === 0 ? -1 : undefined);
  return elements.map((width, i) => (i % 2 === 0 ? '1' : '0').repeat(width === 1 ? 1 : ratio)).join('');
}

/** More than this, and small modules are harder to read than a little dirt. */
const MEDIUM_MAX = 200;

/** Rows of QR modules, `1` for dark, no quiet zone. A long text gets the lowest error correction. */
export async function encodeQr(text: string): Promise<string[]> {
  const eclevel = text.length > MEDIUM_MAX ? 'L' : 'M';
  const [symbol] = (await loadEncoder()).raw('qrcode', text, { eclevel } as object);
  if (!symbol || !('pixs' in symbol)) throw new Error('expected squares from the QR encoder');
  const { pixs, pixx, pixy } = symbol;
  return Array.from({ length: pixy }, (_, y) => pixs.slice(y * pixx, (y + 1) * pixx).join(''));
}

/** A server that has drawn one of each does not let its first payer wait for the encoder. */
export async function warmEncoder(): Promise<void> {
  await Promise.all([encodeQr('https://pay.example/'), encodeCode39('0', 2)]);
}

/** A stroke for each run of `1`, along the middle of its row. */
function traceRow(row: string, left: number, middle: number): string {
  const [first, ...rest] = [...row.matchAll(/(0*)(1+)/g)].map(([, light = '', dark = '']) => [light, dark] as const);
  if (!first) return '';
  const start = `M${left + first[0].length} ${middle}h${first[1].length}`;
  return start + rest.map(([light, dark]) => `m${light.length} 0h${dark.length}`).join('');
}

/** The standard asks for ten modules of white on both sides; scanners do not find the start without them. */
export const CODE39_QUIET = 10;
export const CODE39_HEIGHT = 72;

/**
 * Wide elements are twice the narrow ones: at three times, sixteen characters do not fit a small phone. Where there is room
 * for more, `web/checkout/bars.js` makes them wider.
 */
export function shapeCode39(text: string): Promise<Shape> {
  return keepShape(`code39 ${text}`, async () => {
    const bits = await encodeCode39(text, 2);
    const path = traceRow(bits, CODE39_QUIET, CODE39_HEIGHT / 2);
    return { width: bits.length + 2 * CODE39_QUIET, height: CODE39_HEIGHT, path, stroke: CODE39_HEIGHT };
  });
}

export const QR_QUIET = 4;

export function shapeQr(text: string): Promise<Shape> {
  return keepShape(`qr ${text}`, () => shapeSecretQr(text));
}

/** The same for what must not be kept. */
export async function shapeSecretQr(text: string): Promise<Shape> {
  const rows = await encodeQr(text);
  const size = rows.length + 2 * QR_QUIET;
  const path = rows.map((row, y) => traceRow(row, QR_QUIET, QR_QUIET + y + 0.5)).join('');
  return { width: size, height: size, path, stroke: 1 };
}

/** The codes that a page shows, encoded. */
export interface Symbols {
  /** One for each barcode; null where Code 39 has no sign for a character. */
  readonly barcodes: readonly (Shape | null)[];
  /** What the payer's wallet reads. */
  readonly wallet: Shape | null;
  /** The page's address, where no wallet could read it in place of its own code. */
  readonly page: Shape | null;
}

const NONE: Symbols = { barcodes: [], wallet: null, page: null };

async function shapeOrNull(make: Promise<Shape>): Promise<Shape | null> {
  try {
    return await make;
  } catch {
    return null;
  }
}

/** Apart from the model: to encode takes milliseconds and a large library, and the model is plain data. */
export async function encodeSymbols({ screen, instructions, pageUrl }: PageModel): Promise<Symbols> {
  if (screen !== 'instructions' || !instructions) return NONE;
  if (instructions.type === 'qr') return { ...NONE, wallet: await shapeOrNull(shapeQr(instructions.data)) };
  const texts = instructions.type === 'barcode' ? instructions.barcodes : [];
  return {
    ...NONE,
    barcodes: await Promise.all(texts.map((text) => shapeOrNull(shapeCode39(text)))),
    page: pageUrl ? await shapeOrNull(shapeQr(pageUrl)) : null,
  };
}
