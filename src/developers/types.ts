import type { DeskLocale } from '../core/locale.ts';

/**
 * The API as its documentation shows it: read from the OpenAPI document, so from the routes, and drawn as pages, Markdown,
 * collections and an index to search in. Texts are Markdown of one paragraph: code, links and emphasis, no HTML.
 */
export interface Catalogue {
  readonly version: string;
  /** The address of this installation, as examples name it. */
  readonly url: string;
  readonly groups: readonly Group[];
  /** PayCore calling the shop. */
  readonly notifications: Group;
  /** Every error there is, in the order of the document. */
  readonly errors: readonly ErrorRow[];
}

export interface Group {
  /** In addresses: `ecpay`, `payment-links`. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** A gateway, or what all of them share. */
  readonly kind: 'gateway' | 'common' | 'notifications';
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  /** Of the operation in the document; names its place on the page. */
  readonly id: string;
  /** Who calls it: the shop; the gateway; the browser of a payer who comes back; or PayCore calls the shop. */
  readonly kind: 'merchant' | 'callback' | 'return' | 'notification';
  readonly verb: 'GET' | 'POST';
  /** Of a notification: its event. */
  readonly path: string;
  readonly title: string;
  /** In paragraphs. */
  readonly text: readonly string[];
  readonly notes: readonly string[];
  /** What is worth reading in the answer: names of fields, `name=value`, or words. */
  readonly highlights: readonly string[];
  /** With a key, with or without one, or without. */
  readonly access: 'key' | 'either' | 'open';
  /** Headers, path, query and body, in this order. Of notifications but the first: those that differ from it. */
  readonly fields: readonly FieldRow[];
  /** Members of `gateway_credentials`; of a callback: those that it is checked with. */
  readonly credentials: readonly FieldRow[];
  /** Bodies of requests; none where there is none. */
  readonly bodies: readonly Body[];
  /** Answers of success. */
  readonly answers: readonly Answer[];
  /** By status and code. */
  readonly errors: readonly ErrorRow[];
  /** What is answered to what is refused, where it is not an error of the table. */
  readonly refusals: readonly Answer[];
}

export interface FieldRow {
  /** Of a member of an object: `data.card.last4`; of a list: `data.refunds[].amount`. */
  readonly name: string;
  readonly place: Place;
  readonly required: boolean;
  /** `integer`, `string | null`. */
  readonly type: string;
  /** `1 – 60`, `≤ 100`; empty: none. */
  readonly limits: string;
  /** The words that it may be; none: any. */
  readonly choices: readonly string[];
  readonly default: string;
  readonly text: string;
  /** Empty: none. */
  readonly example: string;
}

export type Place = 'header' | 'path' | 'query' | 'body' | 'gateway_credentials' | 'answer';

/** A request or an answer in full. */
export interface Body {
  /** In addresses and tests. */
  readonly name: string;
  /** Empty where it is the only one. */
  readonly title: string;
  readonly type: string;
  readonly value: unknown;
}

export interface Answer {
  /** `200`; of two that look alike: `201 / 200`. */
  readonly status: string;
  readonly text: string;
  readonly type: string;
  readonly fields: readonly FieldRow[];
  /** The first of them; undefined: none. */
  readonly example: unknown;
  readonly examples: readonly Body[];
}

export interface ErrorRow {
  readonly code: string;
  readonly status: number;
  /** Its sentence, as answers say it. */
  readonly message: string;
  /** The same for people, in the language of the page. */
  readonly meaning: string;
  /** The answer, as JSON. */
  readonly example: unknown;
}

/** One and the same in several languages, as it is pasted. */
export interface Sample {
  readonly language: Language;
  readonly code: string;
  /** Instead of the language's own name. */
  readonly title?: string;
  /** Where it can be downloaded, below `/developers/`. */
  readonly file?: string;
}

export const LANGUAGES = ['curl', 'node', 'php', 'python'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A page in prose. */
export interface Guide {
  /** In addresses: `quick-start`. */
  readonly id: GuideName;
  readonly title: string;
  /** Markdown without its title; a line `@samples NAME` stands for samples of that name. Links to pages begin with `/`. */
  readonly text: string;
  /** Those in the text, in their order. */
  readonly headings: readonly Heading[];
}

export interface Heading {
  /** 2 or 3. */
  readonly level: number;
  readonly title: string;
  /** Names its place on the page; the same in every language, so that who changes the language stays there. */
  readonly id: string;
}

/** In the order in which they are read. */
export const GUIDES = [
  'quick-start',
  'authentication',
  'modes',
  'notifications',
  'testing',
  'going-live',
  'tools',
] as const;
export type GuideName = (typeof GUIDES)[number];

/** All that the developer centre shows in one language. */
export interface Site {
  readonly locale: DeskLocale;
  readonly catalogue: Catalogue;
  readonly guides: readonly Guide[];
}
