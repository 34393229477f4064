import type { Document, Example, Operation, Tag } from '../http/openapi/types.ts';
import { readError } from './answers.ts';
import { type Placed, readEndpoint } from './endpoint.ts';
import { createResolver, type Resolve } from './fields.ts';
import type { Catalogue, Endpoint, Group } from './types.ts';

/** The catalogue that the document of this installation holds. */
export function readCatalogue(document: Document): Catalogue {
  const resolve = createResolver(document);
  const operations = listOperations(document);
  const group = (tag: Tag): Group => ({
    id: slugOf(tag, operations),
    name: tag.name,
    text: tag.description,
    kind: kindOf(tag, operations),
    endpoints: readAll(
      operations.filter(({ operation }) => operation.tags.includes(tag.name)),
      resolve,
      document,
    ),
  });
  const groups = document.tags.map(group);
  const notifications = groups.find(({ kind }) => kind === 'notifications');
  if (!notifications) throw new Error('the document tells of no notification');
  return {
    version: document.info.version,
    url: document.servers[0]?.url ?? '',
    groups: groups.filter((one) => one !== notifications),
    notifications: { ...notifications, endpoints: tellDifferences(notifications.endpoints) },
    errors: Object.entries(document.components.examples).map(([code, example]) => readError(code, example as Example)),
  };
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

/** A callback is checked with some of the credentials that the requests of its gateway bring. */
function readAll(placed: readonly Placed[], resolve: Resolve, document: Document): readonly Endpoint[] {
  const read = placed.map((one) => ({ operation: one.operation, endpoint: readEndpoint(one, resolve, document) }));
  const known = read.flatMap(({ endpoint }) => endpoint.credentials);
  const find = (operation: Operation) =>
    (operation['x-parts'].checkedWith ?? []).flatMap((name) => known.find((row) => row.name === name) ?? []);
  return read.map(({ operation, endpoint }) =>
    endpoint.kind === 'callback' ? { ...endpoint, credentials: find(operation) } : endpoint,
  );
}

/** All notifications have the fields of the first: the others show those that say something else in them. */
function tellDifferences([first, ...others]: readonly Endpoint[]): readonly Endpoint[] {
  if (!first) return [];
  const known = new Set(first.fields.map((row) => JSON.stringify(row)));
  const differs = ({ fields }: Endpoint) =>
    fields.filter((row) => row.place === 'body' && row.example !== '' && !known.has(JSON.stringify(row)));
  return [first, ...others.map((one) => ({ ...one, fields: differs(one) }))];
}
