/** How one text may be written inside another, as patterns that do not tell capitals from small letters. */

/** As it is, in base64 (an HTTP Basic header has it in the middle), in hex. */
export function listLiterals(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const encoded = [0, 1, 2].map((offset) => spellBase64(encodeInside(bytes, offset)));
  return [literally(text), ...encoded, bytes.toString('hex')];
}

export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** What base64 has of it wherever it stands in what is encoded: the characters that nothing beside it has a part in. */
function encodeInside(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** In an address and in JSON as well. */
function spellBase64(text: string): string {
  return text.replace(/[+/]/g, (char) => (char === '+' ? '(?:[+ -]|%2b)' : '(?:\\\\*[/_]|%2f)'));
}

/** What every escape has in it. A text without one is looked through in a fraction of the time. */
export const ESCAPES = /[%\\&+\x80-\xff]/;

const NAMED: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Of an entity of HTML, which may be escaped itself. */
const AMPERSAND = '(?:&(?:amp;)*|%26)';
const SEMICOLON = '(?:;|%3b)';

/** Every letter as it is, or as addresses (also twice), JSON or HTML write it. */
export function spell(text: string): string {
  return [...text].map((char) => `(?:${spellChar(char).join('|')})`).join('');
}

function spellChar(char: string): readonly string[] {
  const bytes = [...Buffer.from(char, 'utf8')];
  const code = char.codePointAt(0) ?? 0;
  return [
    literally(char),
    bytes.map((byte) => `%(?:25){0,2}${hex(byte, 2)}`).join(''),
    char
      .split('')
      .map((unit) => `\\\\+u${hex(unit.charCodeAt(0), 4)}`)
      .join(''),
    `${AMPERSAND}#(?:0*${code}|x0*${hex(code, 1)})${SEMICOLON}`,
    ...(NAMED[char] === undefined ? [] : [`${AMPERSAND}${NAMED[char]}${SEMICOLON}`]),
    ...(char === ' ' ? ['\\+'] : []),
    ...('"\\/'.includes(char) ? [`\\\\+${literally(char)}`] : []),
    // Bytes that are looked through as they came.
    ...(bytes.length > 1 ? [bytes.map((byte) => `\\x${hex(byte, 2)}`).join('')] : []),
  ];
}

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
