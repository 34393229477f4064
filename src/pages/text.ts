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
  const texts: Record<string, string> = JSON.parse(readFileSync(resolveAsset(`locales/${locale}.json`), 'utf8'));
  const sentences = new Map(Object.entries(texts).map(([key, text]) => [key, cutAtPlaces(text)]));
  const say: Say = (key, values = {}) => fillParts(sentences.get(key) ?? [key], values);
  loaded.set(locale, say);
  return say;
}

/** Fills `{name}`; one pass, so that a value holding braces is never filled again. */
export function fillPlaces(text: string, values: Values): string {
  return fillParts(cutAtPlaces(text), values);
}

/** Text and name of a place in turn, beginning and ending with text. A page fills some forty sentences: cut once each. */
function cutAtPlaces(text: string): readonly string[] {
  return text.split(/\{(\w+)\}/);
}

function fillParts(parts: readonly string[], values: Values): string {
  let filled = parts[0] ?? '';
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at] ?? '';
    filled += `${values[name] ?? `{${name}}`}${parts[at + 1] ?? ''}`;
  }
  return filled;
}
