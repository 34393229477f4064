import { assetPath, hashOf, nameWithHash, readAssetNow } from '../assets.ts';
import { writeAccentStyle } from './accent.ts';

/**
 * The style sheet of what payers see. A shop's colour is written into a copy of it, since the content policy takes no style
 * out of the page, and a second file would be one more to wait for.
 */
export interface Sheet {
  readonly text: string;
  readonly hash: string;
}

const NAME = 'checkout.css';
/** As many as one installation's shops have colours; any others are made anew. */
const MAX_SHEETS = 64;
const sheets = new Map<string, Sheet>();

let plain: string | null = null;

/** With this colour, `rrggbb`. */
export function writeSheet(accent: string): Sheet {
  plain ??= readAssetNow(`assets/${NAME}`);
  const text = plain + writeAccentStyle(`#${accent}`);
  return { text, hash: hashOf(text) };
}

/** One that a page was drawn with, and only those are kept: whoever asks for colours of his own puts none of them out. */
export function findSheet(accent: string): Sheet | undefined {
  return sheets.get(accent);
}

function keepSheet(accent: string): Sheet {
  const sheet = findSheet(accent) ?? writeSheet(accent);
  for (const oldest of sheets.keys()) {
    if (sheets.size < MAX_SHEETS || sheets.has(accent)) break;
    sheets.delete(oldest);
  }
  sheets.set(accent, sheet);
  return sheet;
}

/** Where a page finds it, by the colour of the project, `#rrggbb`; what is none is left out. */
export function sheetPath(colour: string | null | undefined): string {
  const accent = /^#([0-9a-f]{6})$/.exec(colour?.toLowerCase() ?? '')?.[1];
  if (!accent) return assetPath(NAME);
  return `/assets/${nameWithHash(NAME.replace('.', `.${accent}.`), keepSheet(accent).hash)}`;
}

/** The colour that the name of a file says, `rrggbb`; null: it is another file. */
export function accentOf(name: string): string | null {
  return /^checkout\.([0-9a-f]{6})\.css$/.exec(name)?.[1] ?? null;
}
