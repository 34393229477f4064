/**
 * How something is found in the developer centre, by the page that answers a search and by the script that answers while
 * one types: the bundle for browsers takes this very file, so nothing in it is newer than ES2021.
 */

export const KINDS = ['gateway', 'group', 'endpoint', 'guide', 'section', 'error', 'field', 'note'] as const;
export type Kind = (typeof KINDS)[number];

export interface Entry {
  readonly kind: Kind;
  readonly title: string;
  /** Where it stands: the endpoint, the gateway. */
  readonly place: string;
  /** In how many places more it is the same. */
  readonly more?: number;
  /** From the first page of the developer centre: `ecpay#createEcpayAtm`. */
  readonly address: string;
  /** What it is called by programs; whoever types one of them means this. */
  readonly names: readonly string[];
  /** Its title in the other language. */
  readonly also: string;
  /** What is said of it, in plain words. */
  readonly text: string;
  /** Words that find it and are not shown. */
  readonly words?: string;
}

export type Index = readonly Entry[];

const EXACT = 100;
const PREFIX = 70;
const WORD = 50;
const TITLE = 35;
const TEXT = 10;

/** An entry as words are looked up in it. */
interface Ready {
  readonly entry: Entry;
  readonly names: readonly string[];
  /** ` create ecpay barcode `: a word begins where a space is. */
  readonly title: string;
  readonly text: string;
  readonly weight: number;
}

export type Finder = (query: string, most: number) => readonly Entry[];

/** Makes the index ready once, so that a press of a key costs little. */
export function createFinder(index: Index): Finder {
  const ready = index.map(prepare);
  return (query, most) => find(ready, query, most);
}

function prepare(entry: Entry): Ready {
  // A note is found by what it says; its title is that of the endpoint, which stands there itself.
  const titles = entry.kind === 'note' ? [] : [entry.title, entry.also];
  const names = [...entry.names.flatMap(listNames), ...titles.map(spread)].filter((name) => name !== '');
  return {
    entry,
    names: [...new Set(names)],
    title: ` ${[...titles, ...entry.names].map(spread).join(' ')} `,
    text: ` ${spread([entry.text, entry.words ?? '', entry.place].join(' '))} `,
    weight: (KINDS.length - KINDS.indexOf(entry.kind)) / KINDS.length,
  };
}

/** `data.card.last4` is called that, and `last4`; a path by its last part too. */
function listNames(name: string): readonly string[] {
  const whole = spread(name);
  const last = spread(name.split(/[./]/).pop() ?? '');
  return last === '' || last === whole ? [whole] : [whole, last];
}

/** Small letters of full width as of half, and words parted by single spaces, also those of `createEcpayAtm`. */
function spread(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Nobody needs more words to name a thing. */
const MOST_TERMS = 8;

function find(ready: readonly Ready[], query: string, most: number): readonly Entry[] {
  // A name that is written as one stands for itself, whatever signs are in it.
  const terms = query
    .split(/\s+/)
    .map(spread)
    .filter((term) => term !== '')
    .slice(0, MOST_TERMS);
  const whole = terms.join(' ');
  if (whole === '') return [];
  return ready
    .map((one, order) => ({ one, order, score: rankAll(one, terms, whole) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, most)
    .map(({ one }) => one.entry);
}

/** Every word has to be there; 0: one is not. */
function rankAll(one: Ready, terms: readonly string[], whole: string): number {
  const ranks = terms.map((term) => rank(one, term));
  if (ranks.some((found) => found === 0)) return 0;
  const together = terms.length === 1 ? 0 : rank(one, whole);
  return Math.max(together, ranks.reduce((sum, found) => sum + found, 0) / ranks.length) + one.weight;
}

function rank({ names, title, text }: Ready, term: string): number {
  if (names.some((name) => name === term)) return EXACT;
  if (names.some((name) => name.startsWith(term))) return PREFIX;
  // Chinese has no spaces, so a word may begin anywhere.
  if (title.includes(` ${term}`) || (IDEOGRAPH.test(term) && title.includes(term))) return WORD;
  if (title.includes(term)) return TITLE;
  return text.includes(term) ? TEXT : 0;
}

const IDEOGRAPH = /\p{Script=Han}/u;
