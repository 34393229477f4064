import type { Field } from '../../core/fields.ts';
import type { CallbackAnswer, CallbackDocs, Gateway } from '../../gateways/gateway.ts';
import { nameOf } from './names.ts';
import { describeField, describeFields, describeObject } from './schema.ts';
import {
  type Answer,
  type Content,
  type Example,
  type Media,
  type Parameter,
  type Route,
  refer,
  WEBHOOKS_TAG,
} from './types.ts';

const TOO_LARGE = 'The callback is too large or was cut off.';

/** `POST /api/paycore/webhooks/{gateway}`, from what the driver says about its callbacks. */
export function describeCallback(gateway: Gateway): Route {
  const { accept, refuse, retry, texts, docs } = gateway.callback;
  const told = Object.values(texts).filter((text) => text !== null);
  const refused = [...new Set([...told, ...docs.refusals, TOO_LARGE])].map(refuse);
  const parameters = [...listParameters('header', docs.headers), ...listParameters('query', docs.query)];
  return {
    verb: 'post',
    path: `/api/paycore/webhooks/${gateway.id}`,
    operation: {
      operationId: `receive${nameOf(gateway)}Callback`,
      tags: [WEBHOOKS_TAG],
      summary: `Callback of ${gateway.name}`,
      description: [
        `${gateway.name} calls this address; a shop never does. It takes no API key: the message proves itself. It is acknowledged once its outcome is on disk, and saying it again changes nothing.`,
        docs.description,
      ].join('\n\n'),
      security: [],
      ...(parameters.length === 0 ? {} : { parameters }),
      requestBody: { required: true, content: describeContent(docs) },
      responses: {
        [accept(null).status]: describeAnswer('Understood and stored, or known already.', [accept(null)]),
        [refused[0]?.status ?? 400]: describeAnswer('Refused: it belongs to no payment, or is not genuine.', refused),
        [retry.status]: {
          ...describeAnswer(
            'The database cannot be written, or too many callbacks come from this address. Nothing changed; send it again.',
            [retry],
          ),
          headers: { 'Retry-After': refer('headers', 'Retry-After') },
        },
      },
    },
  };
}

function listParameters(place: 'header' | 'query', fields: readonly Field[] = []): readonly Parameter[] {
  return fields.map((field) => ({
    name: field.name,
    in: place,
    required: field.required ?? false,
    description: field.description,
    schema: describeField(field),
  }));
}

/** Shapes of one content type are told apart by their titles. */
function describeContent({ bodies }: CallbackDocs): Content {
  const types = [...new Set(bodies.map((body) => body.type))];
  return Object.fromEntries(types.map((type) => [type, describeMedia(bodies.filter((body) => body.type === type))]));
}

function describeMedia(bodies: CallbackDocs['bodies']): Media {
  const schemas = bodies.map(({ title, fields }) => ({
    ...describeObject(
      describeFields(fields),
      fields.filter((field) => field.required).map((field) => field.name),
    ),
    title,
  }));
  const examples = bodies.map(({ title, example }) => ({ title, value: readExample(example) }));
  const [schema] = schemas;
  if (schema && schemas.length === 1) return { schema, example: examples[0]?.value };
  return {
    schema: { anyOf: schemas },
    examples: Object.fromEntries(
      examples.map(({ title, value }, index) => [`shape${index + 1}`, { summary: title, value }]),
    ),
  };
}

/** Swagger UI builds a form from its fields. */
function readExample(example: string | Readonly<Record<string, unknown>>): unknown {
  return typeof example === 'string' ? Object.fromEntries(new URLSearchParams(example)) : example;
}

function describeAnswer(description: string, answers: readonly CallbackAnswer[]): Answer {
  const type = answers[0]?.contentType.split(';')[0] ?? 'text/plain';
  const isJson = type === 'application/json';
  const readValue = ({ body }: CallbackAnswer): unknown => (isJson ? JSON.parse(body) : body);
  const examples = answers.map((answer, index): [string, Example] => [
    `answer${index + 1}`,
    {
      summary: isJson ? String((readValue(answer) as { message?: string }).message) : answer.body,
      value: readValue(answer),
    },
  ]);
  const [first] = answers;
  const shown =
    first && answers.length === 1 ? { example: readValue(first) } : { examples: Object.fromEntries(examples) };
  return { description, content: { [type]: { schema: { type: isJson ? 'object' : 'string' }, ...shown } } };
}
