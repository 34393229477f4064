import { readFileSync } from 'node:fs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = readFileSync(new URL('../../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url));
prepareZXingModule({
  overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) },
});

type Format = 'Code39' | 'QRCode';

/** What a scanner reads off a picture, from top to bottom: it sees pixels, and nothing of the document. */
export function scanPicture(image: Buffer, format: Format): Promise<string[]> {
  return scan(new Uint8Array(image), format);
}

/** The same of pixels, four bytes each. */
export function scanPixels(image: Pick<ImageData, 'data' | 'width' | 'height'>, format: Format): Promise<string[]> {
  return scan({ ...image, colorSpace: 'srgb' } as ImageData, format);
}

async function scan(image: Uint8Array | ImageData, format: Format): Promise<string[]> {
  const found = await readBarcodes(image, { formats: [format], maxNumberOfSymbols: 8, tryHarder: true });
  return found
    .filter((symbol) => symbol.isValid)
    .sort((a, b) => a.position.topLeft.y - b.position.topLeft.y)
    .map((symbol) => symbol.text);
}
