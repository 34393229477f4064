import { crc32, deflateSync } from 'node:zlib';
import { encodeQr, QR_QUIET } from './shapes.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Pixels: what galleries of phones show whole, and wallets find a code in. */
const SIDE = 1000;
const MIN_MODULE = 4;

/** A QR code as a PNG file, black on white with its quiet zone: what a wallet is shown out of a phone's gallery. */
export async function drawQrPicture(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const rows = await encodeQr(text);
  const modules = rows.length + 2 * QR_QUIET;
  const scale = Math.max(MIN_MODULE, Math.floor(SIDE / modules));
  const white = packRow('0'.repeat(modules), scale);
  const lines = rows.map((row) => packRow(`${'0'.repeat(QR_QUIET)}${row}${'0'.repeat(QR_QUIET)}`, scale));
  const quiet = Array<Uint8Array>(QR_QUIET).fill(white);
  const pixels = [...quiet, ...lines, ...quiet].flatMap((line) => Array<Uint8Array>(scale).fill(line));
  return joinPng(modules * scale, deflateSync(Buffer.concat(pixels)));
}

/** One line of pixels, a bit each, `1` for white; before it the filter, which is none. */
function packRow(row: string, scale: number): Uint8Array {
  const line = new Uint8Array(1 + Math.ceil((row.length * scale) / 8));
  for (let x = 0; x < row.length * scale; x++) {
    if (row[Math.floor(x / scale)] === '0') line[1 + (x >> 3)] = (line[1 + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
  }
  return line;
}

/** PNG specification, 11.2: a grey picture of one bit, not interlaced. */
function joinPng(side: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  return new Uint8Array(
    Buffer.concat([Buffer.from(SIGNATURE), chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]),
  );
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
