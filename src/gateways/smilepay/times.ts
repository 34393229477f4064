import { parseTaipei } from '../../core/time.ts';

const DATE = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/;
const TIME = /^(?:(上午|下午)\s*)?(\d{1,2}):(\d{1,2}):(\d{1,2})$/;

const pad = (text: string) => text.padStart(2, '0');

/**
 * Milliseconds of a time as SmilePay’s Windows servers write it, in Taipei: `2021/4/16 下午 10:07:36`,
 * `2014/7/30 15:02:7`, `2026/06/28 23:59:59`. A date alone is the end of that day. Null for anything else.
 */
export function readTaipei(text: string): number | null {
  const [, date = '', time] = /^(\S+)(?:\s+(.+))?$/.exec(text.trim()) ?? [];
  const [, year, month = '', day = ''] = DATE.exec(date) ?? [];
  if (year === undefined) return null;
  const padded = `${year}/${pad(month)}/${pad(day)}`;
  if (time === undefined) return parseTaipei(padded);
  const [, half, hour, minute = '', second = ''] = TIME.exec(time) ?? [];
  if (hour === undefined) return null;
  return parseTaipei(`${padded} ${pad(readHour(half, hour))}:${pad(minute)}:${pad(second)}`);
}

/** 上午 12 is midnight, 下午 12 is noon. */
function readHour(half: string | undefined, hour: string): string {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (half === '下午' ? 12 : 0));
}
