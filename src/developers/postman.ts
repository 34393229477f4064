import {
  type CollectionFolder,
  type CollectionRequest,
  exampleOf,
  listFolders,
  listVariables,
  type RequestRow,
} from './collections.ts';
import { MARKDOWN_WORDS } from './markdown-words.ts';
import type { Answer, Site } from './types.ts';

/** A collection for Postman, format 2.1: https://schema.getpostman.com/json/collection/v2.1.0/docs/index.html */

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

export function writePostman({ catalogue, locale }: Pick<Site, 'catalogue' | 'locale'>): PostmanCollection {
  return {
    info: { name: 'PayCore', description: MARKDOWN_WORDS[locale].summary, version: catalogue.version, schema: SCHEMA },
    auth: {
      type: 'apikey',
      apikey: [word('key', 'X-API-KEY'), word('value', '{{apiKey}}'), word('in', 'header')],
    },
    variable: Object.entries(listVariables(catalogue)).map(([key, value]) => word(key, value)),
    item: listFolders(catalogue).map(writeFolder),
  };
}

export interface PostmanCollection {
  readonly info: {
    readonly name: string;
    readonly description: string;
    readonly version: string;
    readonly schema: string;
  };
  readonly auth: Auth;
  readonly variable: readonly Word[];
  readonly item: readonly Folder[];
}

export interface Folder {
  readonly name: string;
  readonly description: string;
  readonly item: readonly Item[];
}

export interface Item {
  readonly name: string;
  readonly request: Request;
  readonly response: readonly Response[];
}

interface Request {
  readonly method: string;
  readonly header: readonly Pair[];
  readonly url: Url;
  readonly description: string;
  readonly body?: Raw;
  readonly auth?: Auth;
}

interface Url {
  readonly raw: string;
  readonly host: readonly string[];
  readonly path: readonly string[];
  readonly query?: readonly Pair[];
}

interface Raw {
  readonly mode: 'raw';
  readonly raw: string;
  readonly options: { readonly raw: { readonly language: 'json' } };
}

interface Response {
  readonly name: string;
  readonly originalRequest: Request;
  readonly code: number;
  readonly header: readonly Pair[];
  readonly body: string;
  readonly _postman_previewlanguage: 'json' | 'text';
}

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly disabled?: true;
}

interface Word {
  readonly key: string;
  readonly value: string;
  readonly type: 'string';
}

type Auth = { readonly type: 'apikey'; readonly apikey: readonly Word[] } | { readonly type: 'noauth' };

function word(key: string, value: string): Word {
  return { key, value, type: 'string' };
}

function writeFolder({ name, text, requests }: CollectionFolder): Folder {
  return { name, description: text, item: requests.map(writeItem) };
}

function writeItem(given: CollectionRequest): Item {
  const request = writeRequest(given);
  return { name: given.name, request, response: given.answers.flatMap((answer) => writeResponse(answer, request)) };
}

function writeRequest({ verb, path, query, headers, body, needsKey, text }: CollectionRequest): Request {
  return {
    method: verb,
    header: [...(body ? [{ key: 'Content-Type', value: body.type }] : []), ...headers.map((row) => writePair(row))],
    url: {
      raw: `{{url}}${path}`,
      host: ['{{url}}'],
      path: path.slice(1).split('/'),
      ...(query.length === 0 ? {} : { query: query.map((row) => writePair(row)) }),
    },
    description: text,
    ...(body
      ? { body: { mode: 'raw', raw: JSON.stringify(body.value, null, 2), options: { raw: { language: 'json' } } } }
      : {}),
    ...(needsKey ? {} : { auth: { type: 'noauth' } }),
  };
}

/** Shown, and sent when its box is ticked. */
function writePair(row: RequestRow): Pair {
  const pair = { key: row.name, value: exampleOf(row), description: row.text };
  return row.isSent ? pair : { ...pair, disabled: true };
}

/** One for each status that the answer is given with. */
function writeResponse({ status, text, type, example }: Answer, originalRequest: Request): readonly Response[] {
  if (example === undefined) return [];
  const isText = typeof example === 'string';
  const codes = status.split(' / ').map(Number).filter(Number.isInteger);
  return codes.map((code) => ({
    name: text,
    originalRequest,
    code,
    header: [{ key: 'Content-Type', value: type }],
    body: isText ? example : JSON.stringify(example, null, 2),
    _postman_previewlanguage: isText ? 'text' : 'json',
  }));
}
