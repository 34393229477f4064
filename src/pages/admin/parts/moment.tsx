import { type DeskLocale, LANGUAGE_TAGS } from '../../../core/locale.ts';
import { formatInstant } from '../../../core/time.ts';
import type { Frame } from '../frame.ts';

/** Making a format takes a hundred times as long as using it; there is one for each language, zone and kind. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

const KINDS: Readonly<Record<'minute' | 'day', Intl.DateTimeFormatOptions>> = {
  minute: { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { year: 'numeric', month: '2-digit', day: '2-digit' },
};

export function formatIn(zone: string, locale: DeskLocale, ms: number, kind: 'minute' | 'day' = 'minute'): string {
  const key = `${zone} ${locale} ${kind}`;
  const fixed: Intl.DateTimeFormatOptions = { timeZone: zone, calendar: 'gregory', numberingSystem: 'latn' };
  const format =
    FORMATS.get(key) ??
    new Intl.DateTimeFormat(locale === 'en' ? 'en-CA' : LANGUAGE_TAGS[locale], { ...fixed, ...KINDS[kind] });
  FORMATS.set(key, format);
  return format.format(ms).replace(',', '');
}

/** An instant in the merchant's zone. */
export function Moment({ frame, at }: { readonly frame: Pick<Frame, 'timezone' | 'locale'>; readonly at: number }) {
  return <time dateTime={formatInstant(at)}>{formatIn(frame.timezone, frame.locale, at)}</time>;
}
