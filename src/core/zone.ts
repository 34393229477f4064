import { HOUR, TAIPEI_OFFSET_MS } from './time.ts';

/** Days and months of an IANA time zone, as instants. */

export function isTimeZone(zone: string): boolean {
  // Offsets such as +08:00 are taken by Intl too, but know no daylight saving.
  if (zone.length > 64 || !/^[A-Za-z]/.test(zone)) return false;
  if (zone === TAIPEI || formats.has(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** First instants of today and of this month in a zone, milliseconds since the epoch. */
export function startOfPeriods(now: number, zone: string): { readonly day: number; readonly month: number } {
  if (zone === TAIPEI && now >= TAIPEI_SINCE) return startOfTaipeiPeriods(now);
  const [year, month, day] = readDate(now, zone);
  return { day: startOfDate(year, month, day, zone), month: startOfDate(year, month, 1, zone) };
}

/** First instants of the last so many days of a zone, oldest first; the last one is today's. */
export function startOfDays(now: number, zone: string, count: number): readonly number[] {
  const starts = [startOfPeriods(now, zone).day];
  while (starts.length < count) {
    // A day has 23 to 25 hours.
    const [next = now] = starts;
    starts.unshift(startOfPeriods(next - 12 * HOUR, zone).day);
  }
  return starts;
}

/** `yyyy-mm-dd` of an instant in a zone. */
export function dateIn(ms: number, zone: string): string {
  if (zone === TAIPEI && ms >= TAIPEI_SINCE) return new Date(ms + TAIPEI_OFFSET_MS).toISOString().slice(0, 10);
  const [year, month, day] = readDate(ms, zone);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

const TAIPEI = 'Asia/Taipei';
/** Its clocks were last changed in 1979. */
const TAIPEI_SINCE = Date.UTC(1980, 0, 1);

/** What nearly every installation asks for, so that it need not load Intl: 4 MB, and 15 ms the first time. */
function startOfTaipeiPeriods(now: number): { readonly day: number; readonly month: number } {
  const wall = new Date(now + TAIPEI_OFFSET_MS);
  const [year, month] = [wall.getUTCFullYear(), wall.getUTCMonth()];
  return {
    day: Date.UTC(year, month, wall.getUTCDate()) - TAIPEI_OFFSET_MS,
    month: Date.UTC(year, month) - TAIPEI_OFFSET_MS,
  };
}

const MINUTE_MS = 60_000;

/** The instant of a time of day, in minutes after midnight, of the day of `now`. */
export function instantOnDay(now: number, zone: string, minutes: number): number {
  if (zone === TAIPEI && now >= TAIPEI_SINCE) return startOfTaipeiPeriods(now).day + minutes * MINUTE_MS;
  const [year, month, day] = readDate(now, zone);
  const wall = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS;
  // Twice, as below. A time that clocks skip comes right after it.
  const first = wall - offsetAt(wall, zone);
  return wall - offsetAt(first, zone);
}

/** `yyyy-mm-dd HH:MM` of a zone's clocks. */
export function formatWall(ms: number, zone: string): string {
  return formatInZone(ms, zone).slice(0, 16);
}

/** `2026-06-28` in a zone, as its first instant and that of the day after; null: no calendar has it. */
export function readDay(text: string, zone: string): { readonly from: number; readonly to: number } | null {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // Days before 1970 lie before every payment, and what Intl makes of them depends on the machine.
  if (year === '' || Number(year) < 1970 || date.toISOString().slice(0, 10) !== text) return null;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  return { from: startOfDate(y, m, d, zone), to: startOfDate(y, m, d + 1, zone) };
}

/** Wall time in a zone: `2026-06-28 23:59:59`. */
export function formatInZone(ms: number, zone: string): string {
  const wall = new Date(ms + offsetWithin(ms, zone)).toISOString();
  return `${wall.slice(0, 10)} ${wall.slice(11, 19)}`;
}

/** `2026-06-28` */
export function dayInZone(ms: number, zone: string): string {
  return formatInZone(ms, zone).slice(0, 10);
}

/** Clocks are changed at whole quarters of an hour: within one of them the offset is asked for once. */
const QUARTER = 900_000;
const offsets = new Map<string, number>();
const MAX_OFFSETS = 50_000;

function offsetWithin(ms: number, zone: string): number {
  if (zone === TAIPEI && ms >= TAIPEI_SINCE) return TAIPEI_OFFSET_MS;
  const key = `${zone} ${Math.floor(ms / QUARTER)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MAX_OFFSETS) offsets.clear();
  const offset = offsetAt(ms, zone);
  offsets.set(key, offset);
  return offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATS = 500;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  if (formats.size >= MAX_FORMATS) formats.clear();
  // hourCycle h23: with hour12 false, midnight would be written 24:00.
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

function readParts(ms: number, zone: string): Record<string, number> {
  const parts = formatOf(zone).formatToParts(ms);
  return Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
}

function readDate(ms: number, zone: string): [number, number, number] {
  const parts = readParts(ms, zone);
  return [parts.year ?? 0, parts.month ?? 1, parts.day ?? 1];
}

/**
 * The offset at the guess may differ from the one at the result (a clock change that night), hence twice. Where clocks
 * skip midnight itself the second guess lies in the day before, and the first is the instant of the change.
 */
function startOfDate(year: number, month: number, day: number, zone: string): number {
  const wall = Date.UTC(year, month - 1, day);
  const first = wall - offsetAt(wall, zone);
  const second = wall - offsetAt(first, zone);
  return second + offsetAt(second, zone) < wall ? first : second;
}

function offsetAt(ms: number, zone: string): number {
  const p = readParts(ms, zone);
  const wall = Date.UTC(p.year ?? 0, (p.month ?? 1) - 1, p.day ?? 1, p.hour ?? 0, p.minute ?? 0, p.second ?? 0);
  return wall - Math.floor(ms / 1000) * 1000;
}
