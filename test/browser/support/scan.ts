import { readFileSync } from 'node:fs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = readFileSync(new URL('../../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url));
prepareZXingModule({
  overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) },
});

/** What a scanner reads off a picture, from top to bottom: it sees pixels, and nothing of the document. */
export async function scanPicture(image: Buffer, format: 'Code39' | 'QRCode'): Promise<string[]> {
  const found = await readBarcodes(new Uint8Array(image), {
    formats: [format],
    maxNumberOfSymbols: 8,
    tryHarder: true,
  });
  return found
    .filter((symbol) => symbol.isValid)
    .sort((a, b) => a.position.topLeft.y - b.position.topLeft.y)
    .map((symbol) => symbol.text);
}
