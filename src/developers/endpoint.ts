import type { Document, Operation, Parameter, Schema } from '../http/openapi/types.ts';
import { readAnswers, readExamples } from './answers.ts';
import { describeRow, listFields, type Resolve } from './fields.ts';
import type { Endpoint, FieldRow } from './types.ts';

/** An operation and where it stands in the document. */
export interface Placed {
  readonly path: string;
  readonly verb: Endpoint['verb'];
  readonly kind: Endpoint['kind'];
  readonly operation: Operation;
}

/** The member of a request whose own members stand in a table of their own. */
const CREDENTIALS = 'gateway_credentials';

export function readEndpoint(placed: Placed, resolve: Resolve, document: Document): Endpoint {
  const { path, verb, kind, operation } = placed;
  const contents = Object.entries(operation.requestBody?.content ?? {});
  return {
    id: operation.operationId,
    kind,
    verb,
    path,
    title: operation.summary,
    ...splitDescription(operation),
    access: accessOf(operation),
    fields: [
      ...describeKey(placed, document),
      ...describeContentType(placed),
      ...PLACES.flatMap((place) => readParameters(operation, place, resolve)),
      ...readBodyFields(placed, resolve),
    ],
    credentials: contents.flatMap(([, { schema }]) => readCredentials(resolve<Schema>(schema), resolve)),
    bodies: contents.flatMap(([type, media]) => readExamples(media, resolve).map((example) => ({ ...example, type }))),
    ...readAnswers(operation, resolve),
  };
}

/** As `joinParts` has put it together. */
function splitDescription(operation: Operation): Pick<Endpoint, 'text' | 'notes' | 'highlights'> {
  const { notes, highlights } = operation['x-parts'];
  const paragraphs = operation.description.split('\n\n');
  const end = paragraphs.length - (highlights.length === 0 ? 0 : 1);
  return { text: paragraphs.slice(0, end - notes), notes: paragraphs.slice(end - notes, end), highlights };
}

const PLACES = ['header', 'path', 'query'] as const;

function accessOf({ security }: Operation): Endpoint['access'] {
  if (security === undefined) return 'key';
  return security.length === 0 ? 'open' : 'either';
}

const HEADER = { place: 'header', type: 'string', limits: '', choices: [], default: '', example: '' } as const;

/** OpenAPI has keys and content types elsewhere than in its parameters; who writes a request looks for them here. */
function describeKey({ operation }: Placed, { components }: Document): readonly FieldRow[] {
  const access = accessOf(operation);
  if (access === 'open') return [];
  return Object.values(components.securitySchemes).map(({ name, description }) => ({
    ...HEADER,
    name,
    required: access === 'key',
    text: description,
  }));
}

function describeContentType({ kind, operation }: Placed): readonly FieldRow[] {
  const types = Object.keys(operation.requestBody?.content ?? {});
  if (types.length === 0) return [];
  const text = kind === 'merchant' ? 'JSON, in UTF-8; anything else is answered with 415.' : 'How the body is written.';
  return [{ ...HEADER, name: 'Content-Type', required: kind !== 'callback', choices: types, text }];
}

function readParameters(operation: Operation, place: (typeof PLACES)[number], resolve: Resolve): readonly FieldRow[] {
  return (operation.parameters ?? [])
    .map((one) => resolve<Parameter>(one))
    .filter((parameter) => parameter.in === place)
    .map(({ name, required, description, schema, example }) => ({
      ...describeRow(resolve<Schema>(schema), { name, place, required, example }),
      text: description,
    }));
}

/** What others send is shown as it is sent; a shop has examples of its own for its fields. */
function readBodyFields({ kind, operation }: Placed, resolve: Resolve): readonly FieldRow[] {
  const tables = Object.values(operation.requestBody?.content ?? {}).map((media) => {
    const example = kind === 'merchant' ? undefined : readExamples(media, resolve)[0]?.value;
    return listFields(resolve<Schema>(media.schema), { resolve, place: 'body', example, closed: [CREDENTIALS] });
  });
  return mergeTables(tables);
}

function readCredentials(schema: Schema, resolve: Resolve): readonly FieldRow[] {
  const parts = [schema, ...(schema.allOf ?? []).map((part) => resolve<Schema>(part))];
  const given = parts.map(({ properties }) => properties?.[CREDENTIALS]).find((found) => found !== undefined);
  return given ? listFields(resolve<Schema>(given), { resolve, place: CREDENTIALS }) : [];
}

/** A field that several shapes of a body have is one row, and is needed where each of them needs it. */
function mergeTables(tables: readonly (readonly FieldRow[])[]): readonly FieldRow[] {
  const rows = tables.flat();
  const firsts = rows.filter((row, index) => rows.findIndex(({ name }) => name === row.name) === index);
  const isNeeded = (name: string): boolean =>
    tables.every((table) => table.some((row) => row.name === name && row.required));
  return firsts.map((row) => ({ ...row, required: isNeeded(row.name) }));
}
