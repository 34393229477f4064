import { type TSchema, t } from 'elysia';
import type { ErrorRef } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import { described, success } from '../schema/build.ts';
import { fieldSchemas } from '../schema/fields.ts';
import { idempotencyKey } from '../schema/parameters.ts';
import { listErrorAnswers } from './errors.ts';
import type { Content, DescriptionMarks, Example } from './types.ts';

/**
 * What a route says about itself, as the options of its Elysia route: `@elysiajs/swagger` collects them, and complete.ts
 * makes the document of what it has collected. Nothing here is checked by Elysia; see schema/build.ts.
 */
export interface Description {
  readonly operationId: string;
  readonly summary: string;
  /** What it does, in paragraphs. */
  readonly description: string;
  readonly notes?: readonly string[];
  /** Names in the answer worth pointing at. */
  readonly highlights?: readonly string[];
  /** Of a callback: the fields of its gateway's credentials that it is checked with. */
  readonly checkedWith?: readonly string[];
  /** Where it stands in the document. */
  readonly tag: string;
  /** Who may call: with a key (when left out), with or without, or anybody. */
  readonly access?: 'key' | 'either' | 'open';
  readonly params?: Readonly<Record<string, TSchema>>;
  readonly query?: Readonly<Record<string, TSchema>>;
  readonly headers?: Readonly<Record<string, TSchema>>;
  readonly body?: TSchema;
  readonly answers: Readonly<Record<number, TSchema>>;
  readonly errors?: readonly ErrorRef[];
  /** Whose own errors may be among them. */
  readonly gateway?: Gateway;
}

/** As Elysia takes them. The schemas in them are for the document, so handlers are typed by the path alone. */
export interface RouteOptions {
  readonly parse: 'none';
  readonly detail: object;
}

export function describe(route: Description): RouteOptions {
  const { operationId, summary, tag, access = 'key' } = route;
  const options = {
    parse: 'none' as const,
    ...(route.params ? { params: described(t.Object(route.params)) } : {}),
    ...(route.query ? { query: described(t.Object(route.query)) } : {}),
    ...(route.headers ? { headers: described(t.Object(route.headers)) } : {}),
    ...(route.body ? { body: described(route.body) } : {}),
    response: { ...route.answers, ...listErrorAnswers(route.errors ?? [], route.gateway) },
    detail: {
      operationId,
      summary,
      ...joinParts(route),
      tags: [tag],
      ...SECURITY[access],
    },
  };
  return options;
}

type Parts = Pick<Description, 'description' | 'notes' | 'highlights' | 'checkedWith'>;

/** The whole of a description in Markdown, and where its parts end. */
export function joinParts({ description, notes = [], highlights = [], checkedWith }: Parts): {
  readonly description: string;
  readonly 'x-parts': DescriptionMarks;
} {
  const worth = highlights.map((name) => `\`${name}\``).join(', ');
  const last = worth === '' ? [] : [`Worth reading in the answer: ${worth}.`];
  return {
    description: [description, ...notes, ...last].join('\n\n'),
    'x-parts': { notes: notes.length, highlights, ...(checkedWith ? { checkedWith } : {}) },
  };
}

const SECURITY = { key: {}, either: { security: [{ 'X-API-KEY': [] }, {}] }, open: { security: [] } } as const;

/** Headers of every POST that can be sent again under a key. */
export const REPEATABLE = { 'Idempotency-Key': idempotencyKey } as const;

/** Not for the document: pages, and what is documented elsewhere. */
export const UNDOCUMENTED = { parse: 'none', detail: { hide: true } } as const;

/** How a body or an answer is shown. */
export interface Shown {
  readonly description?: string;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, Example>>;
  readonly headers?: readonly string[];
  /** `application/json` when left out. */
  readonly type?: string;
  /** A body's content type by content type, where there are several. */
  readonly content?: Content;
}

/** An answer with its data in `{success, data, message}`. */
export function answer(data: TSchema, shown: Shown): TSchema {
  return plainAnswer(success(data), shown);
}

/** An answer just so. */
export function plainAnswer(schema: TSchema, shown: Shown): TSchema {
  return described({ ...schema, 'x-shown': shown });
}

/** A JSON body made from a table of fields. */
export function fieldsBody(fields: readonly Field[], shown: Shown): TSchema {
  return jsonBody(t.Object(fieldSchemas(fields)), shown);
}

export function jsonBody(schema: TSchema, shown: Shown): TSchema {
  return { ...schema, 'x-shown': shown };
}

export const EMPTY_BODY = jsonBody(t.Unsafe<object>({ type: 'object' }), {
  description: 'An empty object.',
  example: {},
});

/** `data` and `message` as an answer holds them; made when the document is, from whatever `make` gives. */
export function told(make: () => unknown, message: string): { toJSON(): unknown } {
  return { toJSON: () => ({ success: true, data: make(), message }) };
}
