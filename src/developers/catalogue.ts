import type {
  Content,
  Document,
  Example,
  Media,
  Operation,
  Parameter,
  Reference,
  Schema,
  Tag,
} from '../http/openapi/types.ts';
import { createResolver, describeRow, listFields, type Resolve } from './fields.ts';
import type { Answer, Body, Catalogue, Endpoint, ErrorRow, FieldRow, Group } from './types.ts';

/** The catalogue that the document of this installation holds. */
export function readCatalogue(document: Document): Catalogue {
  const resolve = createResolver(document);
  const operations = listOperations(document);
  const group = (tag: Tag): Group => ({
    id: slugOf(tag, operations),
    name: tag.name,
    text: tag.description,
    kind: kindOf(tag, operations),
    endpoints: operations.filter(({ operation }) => operation.tags.includes(tag.name)).map((one) => read(one, resolve)),
  });
  const groups = document.tags.map(group);
  const notifications = groups.find(({ kind }) => kind === 'notifications');
  if (!notifications) throw new Error('the document tells of no notification');
  return {
    version: document.info.version,
    url: document.servers[0]?.url ?? '',
    groups: groups.filter((one) => one !== notifications),
    notifications,
    errors: Object.entries(document.components.examples).map(([code, example]) => readError(code, example)),
  };
}

interface Placed {
  readonly path: string;
  readonly verb: Endpoint['verb'];
  readonly kind: Endpoint['kind'];
  readonly operation: Operation;
}

function listOperations({ paths, webhooks }: Document): readonly Placed[] {
  const list = (items: Document['paths'], kind?: Endpoint['kind']): readonly Placed[] =>
    Object.entries(items).flatMap(([path, item]) =>
      Object.entries(item).map(([verb, operation]) => ({
        path,
        verb: verb === 'get' ? ('GET' as const) : ('POST' as const),
        kind: kind ?? callerOf(path),
        operation,
      })),
    );
  return [...list(paths), ...list(webhooks, 'notification')];
}

function callerOf(path: string): Endpoint['kind'] {
  if (path.startsWith('/api/paycore/webhooks/')) return 'callback';
  return path.startsWith('/{locale}/') ? 'return' : 'merchant';
}

/** A gateway is named in its addresses. */
function gatewayOf({ name }: Tag, operations: readonly Placed[]): string | undefined {
  const callback = operations.find(({ kind, operation }) => kind === 'callback' && operation.tags.includes(name));
  return callback?.path.split('/').at(-1);
}

function slugOf(tag: Tag, operations: readonly Placed[]): string {
  return gatewayOf(tag, operations) ?? tag.name.toLowerCase().replaceAll(' ', '-');
}

function kindOf(tag: Tag, operations: readonly Placed[]): Group['kind'] {
  if (operations.some(({ kind, operation }) => kind === 'notification' && operation.tags.includes(tag.name)))
    return 'notifications';
  return gatewayOf(tag, operations) === undefined ? 'common' : 'gateway';
}

/** The member of a request that stands in a table of its own. */
const CREDENTIALS = 'gateway_credentials';

function read({ path, verb, kind, operation }: Placed, resolve: Resolve): Endpoint {
  const { text, notes, highlights } = operation['x-parts'];
  const contents = Object.entries(operation.requestBody?.content ?? {});
  const bodies = contents.flatMap(([type, media]) => readBodies(type, media, resolve));
  return {
    id: operation.operationId,
    kind,
    verb,
    path,
    title: operation.summary,
    text: text.split('\n\n'),
    notes,
    highlights,
    access: accessOf(operation),
    fields: [
      ...PLACES.flatMap((place) => readParameters(operation, place, resolve)),
      ...mergeRows(
        contents.flatMap(([, { schema }]) =>
          listFields(resolve<Schema>(schema), { resolve, place: 'body', without: [CREDENTIALS] }),
        ),
      ),
    ],
    credentials: contents.flatMap(([, { schema }]) => readCredentials(resolve<Schema>(schema), resolve)),
    bodies,
    ...readAnswers(operation, resolve),
  };
}

const PLACES = ['header', 'path', 'query'] as const;

function accessOf({ security }: Operation): Endpoint['access'] {
  if (security === undefined) return 'key';
  return security.length === 0 ? 'open' : 'either';
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

function readCredentials(schema: Schema, resolve: Resolve): readonly FieldRow[] {
  const parts = [schema, ...(schema.allOf ?? []).map((part) => resolve<Schema>(part))];
  const given = parts.map(({ properties }) => properties?.[CREDENTIALS]).find((found) => found !== undefined);
  return given ? listFields(resolve<Schema>(given), { resolve, place: CREDENTIALS }) : [];
}

/** A field that several shapes of a body have is one row. */
function mergeRows(rows: readonly FieldRow[]): readonly FieldRow[] {
  return rows.filter((row, index) => rows.findIndex(({ name }) => name === row.name) === index);
}

function readBodies(type: string, media: Media, resolve: Resolve): readonly Body[] {
  return readExamples(media, resolve).map(([name, title, value]) => ({ name, title, type, value }));
}

function readExamples(media: Media, resolve: Resolve): readonly (readonly [name: string, title: string, unknown])[] {
  if (media.examples === undefined) return 'example' in media ? [['example', '', media.example]] : [];
  return Object.entries(media.examples).map(([name, given]) => {
    const { summary = '', value } = resolve<Example>(given);
    return [name, summary, value];
  });
}

function readAnswers({ responses }: Operation, resolve: Resolve): Pick<Endpoint, 'answers' | 'errors' | 'refusals'> {
  const told = Object.entries(responses).map(([status, given]) => {
    const answer = resolve(given as { description: string; content?: Content } | Reference);
    const [[type, media] = []] = Object.entries(answer.content ?? {});
    return { status, text: answer.description, type: type ?? '', media };
  });
  const errors = told.flatMap(({ media }) => readErrors(media, resolve));
  const shown = (answer: (typeof told)[number]): Answer => {
    const { status, text, type, media } = answer;
    const example = media === undefined ? undefined : readExamples(media, resolve)[0]?.[2];
    const fields =
      media === undefined ? [] : listFields(resolve<Schema>(media.schema), { resolve, place: 'answer', example });
    return { status, text, type, fields, example };
  };
  const isGood = ({ status }: { status: string }): boolean => status.startsWith('2');
  const isError = ({ media }: (typeof told)[number]): boolean => readErrors(media, resolve).length > 0;
  return {
    answers: told.filter(isGood).map(shown),
    errors,
    refusals: told.filter((answer) => !isGood(answer) && !isError(answer)).map(shown),
  };
}

/** Errors of the table are examples of the document, under their codes. */
function readErrors(media: Media | undefined, resolve: Resolve): readonly ErrorRow[] {
  return Object.entries(media?.examples ?? {})
    .filter(([, given]) => '$ref' in given)
    .map(([code, given]) => readError(code, resolve<Example>(given)));
}

function readError(code: string, { value, 'x-status': status = 0 }: Example): ErrorRow {
  const { message = '' } = value as { readonly message?: string };
  return { code, status, message, meaning: message, example: value };
}
