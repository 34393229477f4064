const FIRST_LEAD = 0xa1;
const LAST_LEAD = 0xfe;
const UNKNOWN = 0x3f;

const trails = [
  ...Array.from({ length: 0x7e - 0x40 + 1 }, (_, i) => 0x40 + i),
  ...Array.from({ length: 0xfe - 0xa1 + 1 }, (_, i) => 0xa1 + i),
];

type Table = ReadonlyMap<string, readonly [number, number]>;

/**
 * The runtime only decodes Big5, so its table is turned round. Of a character that stands there twice the later code
 * counts (WHATWG Encoding Standard, Big5 encoder).
 */
function buildTable(): Table {
  const decoder = new TextDecoder('big5');
  const table = new Map<string, readonly [number, number]>();
  for (let lead = FIRST_LEAD; lead <= LAST_LEAD; lead += 1) {
    for (const trail of trails) {
      const char = decoder.decode(new Uint8Array([lead, trail]));
      const isOne = Array.from(char).length === 1 && char !== '\ufffd';
      if (isOne) table.set(char, [lead, trail]);
    }
  }
  return table;
}

let built: Table | null = null;

/** Text as Big5; what Big5 does not have becomes `?`, as on SmilePay's Windows servers. */
export function encodeBig5(text: string): Uint8Array {
  built ??= buildTable();
  const table = built;
  const bytes = Array.from(text).flatMap((char) =>
    char.charCodeAt(0) < 0x80 ? [char.charCodeAt(0)] : [...(table.get(char) ?? [UNKNOWN])],
  );
  return new Uint8Array(bytes);
}
