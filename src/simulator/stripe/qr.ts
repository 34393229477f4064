import { crc32, deflateSync } from 'node:zlib';
import type { World } from '../world.ts';
import { type Intent, makeId } from './intent.ts';
import type { KindName } from './kinds.ts';
import { formatMajor } from './money.ts';

type Encoder = typeof import('bwip-js/generic');
let encoder: Promise<Encoder> | null = null;

/** Two megabytes of code that only QR codes need: loaded on the first one. */
function loadEncoder(): Promise<Encoder> {
  encoder ??= import('bwip-js/generic').then((module) => module.default);
  return encoder;
}

const QUIET = 4;
const MODULE_PX = 6;

/** Rows of modules with their quiet zone, true for dark. */
async function drawModules(text: string): Promise<boolean[][]> {
  const [symbol] = (await loadEncoder()).raw('qrcode', text, { eclevel: 'M' } as object);
  if (!symbol || !('pixs' in symbol)) throw new Error('expected squares from the QR encoder');
  const { pixs, pixx, pixy } = symbol;
  return Array.from({ length: pixy + 2 * QUIET }, (_, y) =>
    Array.from({ length: pixx + 2 * QUIET }, (_, x) => {
      const isInside = x >= QUIET && x < pixx + QUIET && y >= QUIET && y < pixy + QUIET;
      return isInside && pixs[(y - QUIET) * pixx + (x - QUIET)] === 1;
    }),
  );
}

export async function drawSvg(text: string): Promise<string> {
  const rows = await drawModules(text);
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  const box = `0 0 ${rows.length} ${rows.length}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="240" height="240" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${rows.length}v${rows.length}h-${rows.length}z"/><path d="${path}"/></svg>`;
}

/** A chunk of a PNG file (PNG specification, section 5.3). */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Eight grey bits a pixel; a leading zero in every line means that it is not filtered. */
export async function drawPng(text: string): Promise<Buffer> {
  const rows = await drawModules(text);
  const size = rows.length * MODULE_PX;
  const lines = rows.flatMap((row) => {
    const line = Buffer.from([0, ...row.flatMap((isDark) => Array<number>(MODULE_PX).fill(isDark ? 0 : 255))]);
    return Array<Buffer>(MODULE_PX).fill(line);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A field of a merchant-presented QR code (EMV QRCPS, section 3): number, length, value. */
const field = (id: string, value: string): string => `${id}${String(value.length).padStart(2, '0')}${value}`;

/** CRC-16/CCITT-FALSE over everything before it, its own head included (EMV QRCPS, section 4.7.3). */
function sealEmv(text: string): string {
  const open = `${text}6304`;
  let sum = 0xffff;
  for (const byte of Buffer.from(open, 'latin1')) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 0x8000) === 0 ? sum << 1 : (sum << 1) ^ 0x1021;
    sum &= 0xffff;
  }
  return open + sum.toString(16).toUpperCase().padStart(4, '0');
}

interface Scheme {
  readonly account: string;
  /** Of the currency, by ISO 4217. */
  readonly number: string;
  readonly country: string;
  readonly city: string;
}

/** Companies with made-up numbers. */
const schemes: Readonly<Record<string, Scheme>> = {
  paynow: {
    account: field('26', field('00', 'SG.PAYNOW') + field('01', '2') + field('02', '200000000X') + field('03', '0')),
    number: '702',
    country: 'SG',
    city: 'SINGAPORE',
  },
  promptpay: {
    account: field('29', field('00', 'A000000677010111') + field('02', '0000000000000')),
    number: '764',
    country: 'TH',
    city: 'BANGKOK',
  },
};

/** What the QR code of that method says; null for methods without one. */
export function qrText(world: World, type: KindName, { amount, currency }: Intent): string | null {
  const scheme = schemes[type];
  if (!scheme && type !== 'wechat_pay') return null;
  const reference = makeId(world, '', 20);
  if (!scheme) return `weixin://wxpay/bizpayurl?pr=${reference.slice(0, 11)}`;
  return sealEmv(
    [
      field('00', '01'),
      field('01', '12'),
      scheme.account,
      field('52', '0000'),
      field('53', scheme.number),
      field('54', formatMajor(amount, currency)),
      field('58', scheme.country),
      field('59', 'STRIPE SIMULATOR'),
      field('60', scheme.city),
      field('62', field('01', reference)),
    ].join(''),
  );
}
