import { isMadeTwice, ONCE } from '../once.ts';
import type { Endpoint, FieldRow } from '../types.ts';

/** What is known only when the program runs; it stands in the environment. */
export class Variable {
  constructor(readonly name: string) {}
}

/** Text, parts of which are known only at run time. */
export type Text = readonly (string | Variable)[];

/** A request as every language writes it. */
export interface Call {
  readonly verb: Endpoint['verb'];
  readonly url: Text;
  readonly headers: readonly (readonly [name: string, value: Text])[];
  /** JSON, in which a `Variable` may stand for a text; undefined: none. */
  readonly body: unknown;
  /** The answer has `data`, and says in `error` and `message` why it was refused. */
  readonly isWrapped: boolean;
  /** What to know before it is sent again; a line. */
  readonly note: string | null;
}

/** Names of path parts and members that nobody can know before: an earlier answer, or the payer's browser, gives them. */
const VARIABLES: Readonly<Record<string, Variable>> = {
  paymentNo: new Variable('PAYMENT_NO'),
  linkNo: new Variable('LINK_NO'),
  PayToken: new Variable('PAY_TOKEN'),
};
const KEY = new Variable('PAYCORE_API_KEY');

export function readCall(endpoint: Endpoint, url: string): Call {
  const [body] = endpoint.bodies;
  return {
    verb: endpoint.verb,
    url: join([url, ...fillPath(endpoint.path), queryOf(endpoint)]),
    headers: [
      ...(endpoint.access === 'open' ? [] : [['X-API-KEY', [KEY]] as const]),
      ...onceOf(endpoint),
      ...(body ? [['Content-Type', [body.type]] as const] : []),
    ],
    body: body && placeVariables(body.value),
    isWrapped: endpoint.answers.some(({ fields }) => fields.some(({ name }) => name === 'data')),
    note: isMadeTwice(endpoint) ? noteOnce(endpoint) : null,
  };
}

function fillPath(path: string): Text {
  return path.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : variableOf(part)));
}

function variableOf(name: string): Variable {
  const found = VARIABLES[name];
  if (!found) throw new Error(`samples know no variable for {${name}} of a path`);
  return found;
}

/** One thing to ask a list for, and how much of it. */
function queryOf({ fields }: Endpoint): string {
  const told = fields.filter(({ place, example }) => place === 'query' && example !== '');
  const isLimit = ({ name }: FieldRow): boolean => name === 'limit';
  const shown = [...told.filter((field) => !isLimit(field)).slice(0, 1), ...told.filter(isLimit)];
  return shown.map(({ name, example }, index) => `${index === 0 ? '?' : '&'}${name}=${encode(example)}`).join('');
}

const encode = (value: string): string => encodeURIComponent(value).replaceAll("'", '%27');

function onceOf(endpoint: Endpoint): Call['headers'] {
  if (!isMadeTwice(endpoint)) return [];
  const parts = fillPath(endpoint.path);
  const own = parts.filter((part) => part instanceof Variable).flatMap((part) => ['-', part]);
  return [[ONCE, join([`${lastOf(endpoint)}-1`, ...own])]];
}

/** With the key of an earlier one, a second refund of the same amount would be answered with the first, and not be made. */
function noteOnce(endpoint: Endpoint): string {
  const noun = lastOf(endpoint).replace(/s$/, '');
  return `${ONCE}: a new key for each ${noun}; the same one only to send this ${noun} again.`;
}

const lastOf = ({ path }: Endpoint): string => path.split('/').at(-1) ?? '';

/** Neighbours that are both known are one. */
function join(parts: Text): Text {
  const joined: (string | Variable)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof last === 'string' && typeof part === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  return joined;
}

/** `{}`, which some languages do not write by themselves. */
export const isEmpty = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.keys(body).length === 0;

function placeVariables(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(placeVariables);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, VARIABLES[name] ?? placeVariables(member)]),
  );
}
