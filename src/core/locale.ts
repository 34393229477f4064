/** The languages a payer page is written in; the first is what an unknown locale falls back to unless configured. */
export const LOCALES = ['zh-tw', 'zh-cn', 'en', 'ja', 'ko', 'th', 'ms'] as const;
export type Locale = (typeof LOCALES)[number];

/** Those of the merchant's side: the desk, exports and alerts. */
export const DESK_LOCALES = ['zh-tw', 'en'] as const satisfies readonly Locale[];
export type DeskLocale = (typeof DESK_LOCALES)[number];

export function isLocale(text: string): text is Locale {
  return (LOCALES as readonly string[]).includes(text);
}

export function isDeskLocale(text: string): text is DeskLocale {
  return (DESK_LOCALES as readonly string[]).includes(text);
}

/** What the desk speaks to somebody whose payers read this. */
export function deskLocaleOf(locale: Locale): DeskLocale {
  return locale.startsWith('zh') ? 'zh-tw' : 'en';
}

/** BCP 47 tag of a locale, for `lang` attributes and `Intl`. */
export const LANGUAGE_TAGS: Readonly<Record<Locale, string>> = {
  'zh-tw': 'zh-Hant-TW',
  'zh-cn': 'zh-Hans-CN',
  en: 'en',
  ja: 'ja',
  ko: 'ko',
  th: 'th',
  ms: 'ms',
};
