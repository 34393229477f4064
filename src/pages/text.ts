import { readFileSync } from 'node:fs';
import type zhTw from '../../web/locales/zh-tw.json';
import { resolveAsset } from '../assets.ts';
import type { Locale } from '../core/locale.ts';

/** Every sentence has a key, and every locale has every key: a test sees to it. */
export type TextKey = keyof typeof zhTw;
export type Values = Readonly<Record<string, string | number>>;

/** `say('paid.title')`: one locale's sentences with their places filled in. */
export type Say = (key: TextKey, values?: Values) => string;

const loaded = new Map<Locale, Say>();

/** Read by file name rather than imported, so that a new language needs its file and its line in `core/locale.ts`. */
export function speak(locale: Locale): Say {
  const known = loaded.get(locale);
  if (known) return known;
  const texts: Record<string, string> = JSON.parse(readFileSync(resolveAsset(`web/locales/${locale}.json`), 'utf8'));
  const say: Say = (key, values = {}) => fillPlaces(texts[key] ?? key, values);
  loaded.set(locale, say);
  return say;
}

/** Fills `{name}`; one pass, so that a value holding braces is never filled again. */
export function fillPlaces(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
