import { isTaipeiTime } from '../clock.ts';
import type { PayMethod } from './methods.ts';
import type { Params } from './params.ts';

const DATE = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/;
const TIME = /^\d{2}:\d{2}:\d{2}$/;
const END_OF_DAY = '23:59:59';

/** Milliseconds of `yyyy/m/d` and `HH:mm:ss` in Taipei; null for what is no time. */
function parseTaipei(date: string, time: string): number | null {
  const [, year = '', month = '', day = ''] = DATE.exec(date) ?? [];
  const padded = [year, month.padStart(2, '0'), day.padStart(2, '0')];
  if (!TIME.test(time) || !isTaipeiTime(`${padded.join('/')} ${time}`)) return null;
  return Date.parse(`${padded.join('-')}T${time}+08:00`);
}

/** Until when the number is to be good, null inside for ever; null itself when the wish cannot be granted. */
export function readDeadline(params: Params, method: PayMethod, now: number): { readonly ms: number | null } | null {
  const date = params.get('Deadline_date');
  const time = params.get('Deadline_time');
  if (date === '') return time === '' ? { ms: method.standard(now) } : null;
  const ms = parseTaipei(date, time || END_OF_DAY);
  return ms !== null && ms > now && ms <= method.latest(now) ? { ms } : null;
}
