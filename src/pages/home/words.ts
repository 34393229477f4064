import type zhTw from '../../../web/locales/home.zh-tw.json';
import { readAssetNow } from '../../assets.ts';
import type { DeskLocale } from '../../core/locale.ts';
import { fillPlaces, type Values } from '../text.ts';

export type HomeText = keyof typeof zhTw;
export type Say = (key: HomeText, values?: Values) => string;

const loaded = new Map<DeskLocale, Say>();

/** The sentences of the home page in one language. */
export function speakHome(locale: DeskLocale): Say {
  const known = loaded.get(locale);
  if (known) return known;
  const texts: Record<string, string> = JSON.parse(readAssetNow(`locales/home.${locale}.json`));
  const say: Say = (key, values = {}) => fillPlaces(texts[key] ?? key, values);
  loaded.set(locale, say);
  return say;
}
