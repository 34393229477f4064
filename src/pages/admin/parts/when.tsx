import { formatInstant } from '../../../core/time.ts';
import type { Frame } from '../frame.ts';
import { formatIn } from './moment.tsx';

type Shown = Pick<Frame, 'timezone' | 'locale' | 'now'>;

/** A moment as lists have room for it: the year stands there when it is not this one. */
export function formatWhen({ timezone, locale, now }: Shown, at: number): string {
  const whole = formatIn(timezone, locale, at);
  const year = formatIn(timezone, locale, now).slice(0, 5);
  return whole.startsWith(year) ? whole.slice(year.length) : whole;
}

export function When({ frame, at }: { readonly frame: Shown; readonly at: number }) {
  return <time dateTime={formatInstant(at)}>{formatWhen(frame, at)}</time>;
}
