import { readAssetNow } from '../assets.ts';
import type { DeskLocale } from '../core/locale.ts';
import { mapTexts } from './texts.ts';
import type { Catalogue } from './types.ts';

/** Sentence by sentence: what the routes and drivers say of themselves in English is the key. */
export type Sentences = Readonly<Record<string, string>>;

export function readSentences(): Sentences {
  return JSON.parse(readAssetNow('locales/developers/zh-tw.json')) as Sentences;
}

/** The catalogue in this language; a sentence that nobody has translated stays as it is. */
export function translateCatalogue(catalogue: Catalogue, locale: DeskLocale, sentences = readSentences()): Catalogue {
  if (locale === 'en') return catalogue;
  return mapTexts(catalogue, (text) => (Object.hasOwn(sentences, text) ? (sentences[text] ?? text) : text));
}
