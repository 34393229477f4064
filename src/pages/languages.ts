import type { DeskLocale } from '../core/locale.ts';

/** Each in itself. */
export const LANGUAGE_NAMES: Readonly<Record<DeskLocale, string>> = { 'zh-tw': '繁體中文', en: 'English' };
