/** Taiwan has had no daylight saving time since 1979, so Taipei is UTC+8 all year. */
const TAIPEI_OFFSET_MS = 8 * 3600 * 1000;
export const DAY_MS = 24 * 3600 * 1000;
export const MINUTE_MS = 60 * 1000;

/** `yyyy/MM/dd HH:mm:ss` in Taipei, as ECPay writes every time. */
export const formatTaipei = (ms: number): string =>
  new Date(ms + TAIPEI_OFFSET_MS).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');

export const formatTaipeiDay = (ms: number): string => formatTaipei(ms).slice(0, 10);

/** `yyMMdd` in Taipei with the year of the Republic, as slips of barcodes begin. */
export function formatRocDay(ms: number): string {
  const [year = '', month = '', day = ''] = formatTaipeiDay(ms).split('/');
  return String((Number(year) - 1911) % 100).padStart(2, '0') + month + day;
}

/** The last second of the Taipei day that `ms` lies in. */
export function endOfTaipeiDay(ms: number): number {
  const local = ms + TAIPEI_OFFSET_MS;
  return local - (local % DAY_MS) + DAY_MS - 1000 - TAIPEI_OFFSET_MS;
}

/** The first instant after `ms` at which clocks in Taipei show so many minutes after midnight. */
export function nextTaipeiTime(ms: number, minutes: number): number {
  const wanted = endOfTaipeiDay(ms) + 1000 - DAY_MS + minutes * MINUTE_MS;
  return wanted > ms ? wanted : wanted + DAY_MS;
}

/** Day of the year in Taipei, 1 to 366. */
export function dayOfTaipeiYear(ms: number): number {
  const local = new Date(ms + TAIPEI_OFFSET_MS);
  return Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

/** True for a time that exists, written exactly `yyyy/MM/dd HH:mm:ss`. */
export function isTaipeiTime(text: string): boolean {
  const parts = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  const ms = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return formatTaipei(ms - TAIPEI_OFFSET_MS) === text;
}
