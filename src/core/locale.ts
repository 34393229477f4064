/** The languages a payer page is written in; the first is what an unknown locale falls back to unless configured. */
export const LOCALES = ['zh-tw', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

export function isLocale(text: string): text is Locale {
  return (LOCALES as readonly string[]).includes(text);
}

/** BCP 47 tag of a locale, for `lang` attributes and `Intl`. */
export const LANGUAGE_TAGS: Readonly<Record<Locale, string>> = { 'zh-tw': 'zh-Hant-TW', en: 'en' };
