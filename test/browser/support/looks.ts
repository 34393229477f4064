import { LOCALES } from '../../../src/core/locale.ts';

/**
 * Languages and colours that every page is looked at in. What axe looks for (roles, names, contrast) is the same in every
 * language, so it looks twice; whether the words fit the phone is looked at in each.
 */
export const LOOKS = LOCALES.flatMap((locale) => {
  const isRead = locale === 'zh-tw' || locale === 'en';
  const light = { locale, colorScheme: 'light', isRead } as const;
  return isRead ? [light, { locale, colorScheme: 'dark', isRead } as const] : [light];
});
