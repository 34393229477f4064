/**
 * Gateways' dates are wall-clock times in Taipei, which has been UTC+8 without daylight saving since 1980. They are
 * computed here from the instant alone, so the host's time zone never matters.
 */
export const TAIPEI_OFFSET_MS = 8 * 3_600_000;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Clock {
  /** Milliseconds since the epoch; somebody may set it, forward or back. */
  now(): number;
  /** Milliseconds since some instant, which nobody can set: for how long something takes or is kept within one process. */
  elapsed(): number;
}

/** Goes by another clock than the machine’s: as that one does, and so much off it. */
export interface MovableClock extends Clock {
  moveBy(ms: number): void;
}

export function createMovableClock({ now, elapsed }: Clock): MovableClock {
  let by = 0;
  return {
    now: () => now() + by,
    elapsed,
    moveBy(ms) {
      by += ms;
    },
  };
}

interface WallTime {
  readonly date: string;
  readonly time: string;
}

function taipeiWall(ms: number): WallTime {
  const iso = new Date(ms + TAIPEI_OFFSET_MS).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 19) };
}

/** `yyyy-mm-dd HH:MM:SS`, the form of `expire_at` in the API. */
export function formatTaipei(ms: number): string {
  const { date, time } = taipeiWall(ms);
  return `${date} ${time}`;
}

/** `yyyy/MM/dd HH:mm:ss`, the form ECPay takes and gives. */
export function formatTaipeiSlashed(ms: number): string {
  return formatTaipei(ms).replaceAll('-', '/');
}

/** `yyyymmdd` of the Taipei day. */
export function taipeiDay(ms: number): string {
  return taipeiWall(ms).date.replaceAll('-', '');
}

/** ISO 8601 with offset: `2026-06-28T23:59:59+08:00`. */
export function formatInstant(ms: number): string {
  const { date, time } = taipeiWall(ms);
  return `${date}T${time}+08:00`;
}

const WALL = /^(\d{4})[/-](\d{2})[/-](\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?$/;

/**
 * Milliseconds of a Taipei wall-clock time (`yyyy/MM/dd` or `yyyy/MM/dd HH:mm:ss`). A date alone means the end of that
 * day, since a number that is valid "until" a day can be paid until midnight. Returns null for anything else, also for
 * days no calendar has.
 */
export function parseTaipei(text: string): number | null {
  const match = WALL.exec(text.trim());
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] =
    match[4] === undefined ? [23, 59, 59] : [Number(match[4]), Number(match[5]), Number(match[6])];
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  const real = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  return real && hour < 24 && minute < 60 && second < 60 ? utc - TAIPEI_OFFSET_MS : null;
}
