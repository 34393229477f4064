/**
 * Every setting that a barcode page can be in, each with codes of its own, read off pictures of the page; then how wide a
 * module is on each screen. `npm test` has no time for it: `npm run scan`.
 */
import { renderPaymentPage } from '../../src/pages/checkout/index.ts';
import {
  MODES,
  measureBars,
  nameOf,
  optionsOf,
  randomCodes,
  readBarcodes,
  SCALES,
  type Setting,
  SHAPES,
  type Shaped,
  THEMES,
  WIDTHS,
} from '../browser/support/codes.ts';
import { html, launch, serve, visit } from '../browser/support/stage.ts';
import { BARCODE, makeModel } from '../unit/pages/example.ts';

/** A phone's CSS pixel: 160 to the inch. */
const MM = 25.4 / 160;

const SETTINGS: readonly Setting[] = (Object.keys(SHAPES) as Shaped[]).flatMap((shaped) =>
  WIDTHS.flatMap((width) =>
    SCALES.flatMap((scale) =>
      THEMES.flatMap((theme) => MODES.map((mode) => ({ shaped, width, scale, theme, mode, scripts: true }))),
    ),
  ),
);

let barcodes = randomCodes('ECPay', 0);
const server = serve(async () => html(await renderPaymentPage(makeModel({ instructions: { ...BARCODE, barcodes } }))));
const browser = await launch();
const wrong: string[] = [];
const table = new Map<string, string>();

for (const [seed, setting] of SETTINGS.entries()) {
  barcodes = randomCodes(setting.shaped, seed);
  const { page, close } = await visit(browser, optionsOf(setting));
  await page.goto(`http://127.0.0.1:${server.port}/pay`);
  if (setting.theme === 'light' && setting.mode === 'list') {
    const { module } = await measureBars(page, 3);
    table.set(
      `${setting.shaped} ${setting.width} px at ${setting.scale}×`,
      `${module.toFixed(2)} px, ${(module * MM).toFixed(2)} mm`,
    );
  }
  const read = await readBarcodes(page, setting.mode);
  if (read.join() !== barcodes.join()) wrong.push(`${nameOf(setting)}: ${barcodes.join()} was read as ${read.join()}`);
  await close();
}

await browser.close();
server.stop(true);
for (const [where, size] of table) console.log(`${where}: ${size}`);
for (const line of wrong) console.error(line);
console.log(`${SETTINGS.length * 3} barcodes in ${SETTINGS.length} settings, ${wrong.length} settings misread`);
process.exit(wrong.length === 0 ? 0 : 1);
