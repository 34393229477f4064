import type words from '../../../web/locales/developers/words.zh-tw.json';
import { readAssetNow } from '../../assets.ts';
import type { DeskLocale } from '../../core/locale.ts';
import { fillPlaces, type Values } from '../text.ts';

/** Every word has a key, and both languages have every key: a test sees to it. */
export type Word = keyof typeof words;

/** `say('search.found', {count: 3, query})` */
export type Say = (key: Word, values?: Values) => string;

const loaded = new Map<DeskLocale, Say>();

/** What the developer centre says itself, beside the catalogue and the guides. */
export function speakDevelopers(locale: DeskLocale): Say {
  const known = loaded.get(locale);
  if (known) return known;
  const texts: Record<string, string> = JSON.parse(readAssetNow(`locales/developers/words.${locale}.json`));
  const say: Say = (key, values = {}) => fillPlaces(texts[key] ?? key, values);
  loaded.set(locale, say);
  return say;
}
