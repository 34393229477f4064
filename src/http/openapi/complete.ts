import type { Collected, CollectedAnswer, CollectedOperation, CollectedParameter, CollectedSchema } from './collect.ts';
import type { Shown } from './describe.ts';
import { namesOfHeaders, referToHeader } from './headers.ts';
import { exactInteger, mapValues, type Named, tidySchema } from './schemas.ts';
import { shareAnswers, shareFields } from './share.ts';
import {
  type Answer,
  type Components,
  type Content,
  type Document,
  type Media,
  type Operation,
  type Parameter,
  type Reference,
  refer,
  type Schema,
} from './types.ts';

/** What the document has besides its routes. */
export type Frame = Omit<Document, 'openapi' | 'security' | 'paths' | 'components'> & {
  readonly components: Omit<Components, 'schemas' | 'parameters' | 'responses'>;
  /** Those that depend on the drivers, in place of what routes know of them. */
  readonly schemas: Readonly<Record<string, Schema>>;
};

/** `data` of the answers to creates, by their paths: drivers sign the forms in them. */
export type CreatedExamples = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * The OpenAPI 3.1 document from what was collected: our notes become examples, headers and content types, what has a name
 * moves to the components, what stands in many places stands there once, and integers are exact.
 */
export function completeDocument(collected: Collected, frame: Frame, created: CreatedExamples): Document {
  const { schemas: known, ...told } = frame;
  const named: Named = new Map(Object.entries(known));
  const parameters: Record<string, Parameter> = {};
  const completed = mapValues(collected.paths, (item, path) =>
    mapValues(item, (operation) => {
      const isCharged = path.startsWith('/api/') && !path.startsWith('/api/paycore/webhooks/');
      const place = { named, parameters, headers: namesOfHeaders(isCharged), created: created.get(path) ?? null };
      return completeOperation(operation, place);
    }),
  );
  const webhooks = mapValues(frame.webhooks, (item) =>
    mapValues(item, ({ requestBody, ...operation }) => ({
      ...operation,
      ...(requestBody ? { requestBody: tidyBody(requestBody, named) } : {}),
    })),
  );
  const { paths, responses } = shareAnswers(completed);
  const schemas = shareFields(Object.fromEntries(named));
  return {
    openapi: '3.1.0',
    ...told,
    security: [{ 'X-API-KEY': [] }],
    paths,
    webhooks,
    components: { ...frame.components, parameters, responses, schemas },
  };
}

interface Place {
  readonly named: Named;
  /** Parameters that have a name, so far. */
  readonly parameters: Record<string, Parameter>;
  /** Headers of every answer. */
  readonly headers: readonly string[];
  readonly created: Readonly<Record<string, unknown>> | null;
}

function completeOperation(operation: CollectedOperation, place: Place): Operation {
  const { parameters = [], requestBody, responses, ...said } = operation;
  const sorted = PLACES.flatMap((where) => parameters.filter((one) => one.in === where));
  const [body] = Object.values(requestBody?.content ?? {});
  return {
    ...said,
    ...(sorted.length === 0 ? {} : { parameters: sorted.map((one) => completeParameter(one, place)) }),
    ...(body ? { requestBody: completeBody(body.schema, place.named) } : {}),
    responses: mapValues(responses, (answer, status) => completeAnswer(answer, status, place)),
  };
}

type RequestBody = NonNullable<Operation['requestBody']>;

const PLACES = ['path', 'query', 'header'] as const;

function completeParameter(given: CollectedParameter, { parameters }: Place): Parameter | Reference {
  const { examples, schema, description = '', name, required } = given;
  const { $id, description: _, ...rest } = exactInteger(schema);
  const [shown] = examples ?? [];
  const example = shown === undefined ? {} : { example: typeof shown === 'number' ? shown : String(shown) };
  const parameter = { name, in: given.in, required, description, schema: tidySchema(rest, new Map()), ...example };
  if ($id === undefined) return parameter;
  parameters[$id] = parameter;
  return refer('parameters', $id);
}

function completeBody(schema: CollectedSchema, named: Named): RequestBody {
  const { description, content, ...shown } = schema['x-shown'] ?? {};
  return tidyBody(
    {
      required: true,
      ...(description === undefined ? {} : { description }),
      content: content ?? { 'application/json': { schema, ...pickExamples(shown) } },
    },
    named,
  );
}

function tidyBody(body: RequestBody, named: Named): RequestBody {
  return { ...body, content: tidyContent(body.content, named) };
}

function tidyContent(content: Content, named: Named): Content {
  return mapValues(content, (media): Media => ({ ...media, schema: tidySchema(media.schema, named) }));
}

function completeAnswer(given: CollectedAnswer, status: string, place: Place): Answer {
  const [media] = Object.values(given.content);
  const shown = given['x-shown'] ?? media?.schema['x-shown'] ?? {};
  const schema = { ...media?.schema, ...(given.$id === undefined ? {} : { $id: given.$id }) };
  const headers = [...place.headers, ...(shown.headers ?? [])];
  const example = place.created && /^20[01]$/.test(status) ? { example: tellCreated(place.created) } : {};
  return {
    description: shown.description ?? '',
    headers: Object.fromEntries(headers.map((name) => [name, referToHeader(name)])),
    content: tidyContent(
      { [shown.type ?? 'application/json']: { schema, ...pickExamples(shown), ...example } },
      place.named,
    ),
  };
}

function tellCreated(data: Readonly<Record<string, unknown>>): unknown {
  return { success: true, data, message: 'Payment created successfully' };
}

function pickExamples({ example, examples }: Shown): Omit<Media, 'schema'> {
  return { ...(example === undefined ? {} : { example }), ...(examples === undefined ? {} : { examples }) };
}
