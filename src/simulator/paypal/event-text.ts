/** JSON as it is to stand in the text: `JSON.stringify` would make `1` of `1.0`. */
export class Verbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** Slashes and every second character beyond ASCII are escaped; both are allowed and neither is needed. */
function writeString(text: string): string {
  return JSON.stringify(text)
    .replaceAll('/', '\\/')
    .replace(/[^\p{ASCII}]/gu, (character) =>
      (character.codePointAt(0) ?? 0) % 2 === 0 ? escapeUnits(character) : character,
    );
}

function writeMember([name, value]: readonly [string, unknown], at: number): string {
  return `${writeString(name)}${at % 3 === 0 ? ' : ' : ':'}${writeEventText(value)}`;
}

/**
 * JSON that no library writes again byte for byte. A shop that parses an event and serialises it anew before it has it
 * verified gets FAILURE here, as it now and then does from PayPal.
 */
export function writeEventText(value: unknown): string {
  if (value instanceof Verbatim) return value.text;
  if (typeof value === 'string') return writeString(value);
  if (Array.isArray(value)) return `[${value.map(writeEventText).join(' ,')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return members.length === 0 ? '{}' : `{${members.map(writeMember).join(', ')} }`;
}
