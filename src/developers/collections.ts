import { joinBlocks, writeList } from './markdown-parts.ts';
import { isMadeTwice, ONCE } from './once.ts';
import type { Answer, Body, Catalogue, Endpoint, FieldRow, Group } from './types.ts';

/** What collections of requests for API clients are made of, whichever client it is. */

export interface CollectionFolder {
  /** Of the group. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly requests: readonly CollectionRequest[];
}

/** A field of a request, which is sent, or offered and switched off. */
export interface RequestRow extends FieldRow {
  readonly isSent: boolean;
}

export interface CollectionRequest {
  /** Names its file: the operation, and which of its bodies. */
  readonly id: string;
  readonly name: string;
  readonly verb: Endpoint['verb'];
  /** With variables where the catalogue has places. */
  readonly path: string;
  readonly query: readonly RequestRow[];
  readonly headers: readonly RequestRow[];
  readonly body: Body | null;
  readonly needsKey: boolean;
  /** In Markdown. */
  readonly text: string;
  readonly answers: readonly Answer[];
}

/** What a collection asks its user for; the key has no value of ours. */
export function listVariables({ url }: Catalogue): Readonly<Record<'url' | 'apiKey' | 'paymentNo' | 'linkNo', string>> {
  return { url, apiKey: '', paymentNo: '', linkNo: '' };
}

/** A request for each body of each endpoint that a shop calls. */
export function listFolders({ groups }: Catalogue): readonly CollectionFolder[] {
  return groups.map(listFolder).filter(({ requests }) => requests.length > 0);
}

function listFolder({ id, name, text, endpoints }: Group): CollectionFolder {
  const requests = endpoints.filter(({ kind }) => kind === 'merchant').flatMap(listRequests);
  return { id, name, text, requests };
}

/** What the collection itself sends with each request, from the key and the body. */
const OWN_HEADERS = ['X-API-KEY', 'Content-Type'];

function listRequests(endpoint: Endpoint): readonly CollectionRequest[] {
  const { id, title, verb, path, fields, access, text, notes, answers, bodies } = endpoint;
  const isOnce = isMadeTwice(endpoint);
  const readRow = (row: FieldRow): RequestRow => ({ ...row, isSent: row.required || (isOnce && row.name === ONCE) });
  const shared = {
    verb,
    path: path.replace(/\{(\w+)\}/g, '{{$1}}'),
    query: fields.filter(({ place }) => place === 'query').map(readRow),
    headers: fields.filter(({ place, name }) => place === 'header' && !OWN_HEADERS.includes(name)).map(readRow),
    needsKey: access !== 'open',
    text: joinBlocks([...text, writeList(notes)]),
    answers,
  };
  if (bodies.length === 0) return [{ ...shared, id, name: title, body: null }];
  return bodies.map((body) => ({
    ...shared,
    id: bodies.length === 1 ? id : `${id}-${body.name}`,
    name: body.title === '' ? title : `${title} (${body.title})`,
    body,
  }));
}

/** A field that the request may leave out, with something to begin with where it is sent. */
export function exampleOf({ name, example }: FieldRow): string {
  return name === ONCE ? '{{$guid}}' : example;
}
