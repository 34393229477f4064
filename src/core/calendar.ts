/** One moment to be kept in a calendar, as a file (RFC 5545). */
export interface Reminder {
  /** The same one again takes the place of what a calendar has kept under it. */
  readonly uid: string;
  /** When it was written, and what has to be done by when; milliseconds since the epoch. */
  readonly now: number;
  readonly at: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** What is opened from the calendar. */
  readonly url: string | null;
  /** How long before it is reminded of. */
  readonly leadMs: number;
}

const MAX_OCTETS = 75;

export function writeCalendar({ uid, now, at, title, lines, url, leadMs }: Reminder): string {
  const alarm = put('VALARM', [
    'ACTION:DISPLAY',
    `TRIGGER:-PT${Math.round(leadMs / 60_000)}M`,
    `DESCRIPTION:${escapeText(title)}`,
  ]);
  const event = put('VEVENT', [
    `UID:${escapeText(uid)}`,
    `DTSTAMP:${formatUtc(now)}`,
    `DTSTART:${formatUtc(at)}`,
    `SUMMARY:${escapeText(title)}`,
    `DESCRIPTION:${escapeText(lines.join('\n'))}`,
    // An address is not text: nothing in it is escaped.
    ...(url === null ? [] : [`URL:${url}`]),
    // It takes no time: whoever looks is not shown as busy.
    'TRANSP:TRANSPARENT',
    ...alarm,
  ]);
  const head = ['VERSION:2.0', 'PRODID:-//PayCore//Payment deadline//EN', 'CALSCALE:GREGORIAN'];
  return put('VCALENDAR', [...head, ...event])
    .map((line) => `${fold(line)}\r\n`)
    .join('');
}

function put(part: string, lines: readonly string[]): readonly string[] {
  return [`BEGIN:${part}`, ...lines, `END:${part}`];
}

/** `20260628T155959Z` */
function formatUtc(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n');
}

/** No line has more than 75 octets; what goes on begins with a blank. No character is cut in two. */
function fold(line: string): string {
  let folded = '';
  let room = MAX_OCTETS;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (size > room) {
      folded += '\r\n ';
      room = MAX_OCTETS - 1;
    }
    folded += character;
    room -= size;
  }
  return folded;
}
