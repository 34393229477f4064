import { Elysia, t } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import type { CallbackAnswer, CallbackDocs, Gateway, RawCallback } from '../../gateways/gateway.ts';
import type { Services } from '../../payments/index.ts';
import { queryOf } from '../address.ts';
import type { Api } from '../api.ts';
import { MAX_CALLBACK } from '../body.ts';
import { describe, jsonBody, plainAnswer } from '../openapi/describe.ts';
import { nameOf } from '../openapi/names.ts';
import { asSchema, type Media } from '../openapi/types.ts';
import { anyObject, text } from '../schema/build.ts';
import { fieldSchemas } from '../schema/fields.ts';

/** `POST /api/paycore/webhooks/{gateway}`: raw bytes in, the gateway's own kind of answer out. */
export function webhookRoutes(deps: Pick<Deps, 'gateways'>, api: Api, { receiveCallback }: Services) {
  const app = new Elysia();
  for (const gateway of deps.gateways.list) {
    app.post(
      `/api/paycore/webhooks/${gateway.id}`,
      async ({ request }) => {
        const wait = api.limits.waitFor('callbacks', request);
        if (wait !== null) return respond(gateway.callback.retry, { 'retry-after': String(wait) });
        let raw: RawCallback;
        try {
          raw = await readCallback(api, request);
        } catch (error) {
          return turnAway(gateway, error);
        }
        const { answer } = await receiveCallback(gateway, raw, api.addressOf(request));
        return respond(answer);
      },
      describeCallback(gateway),
    );
  }
  return app;
}

/** Throws what `receive` throws. */
export async function readCallback({ receive }: Pick<Api, 'receive'>, request: Request): Promise<RawCallback> {
  return {
    contentType: request.headers.get('content-type') ?? '',
    body: await receive(request, MAX_CALLBACK),
    query: queryOf(request),
    headers: request.headers,
  };
}

/** One that could not be read. */
function turnAway({ callback }: Gateway, error: unknown): Response {
  const wait = error instanceof PayCoreError ? error.details.retry_after : undefined;
  if (wait !== undefined) return respond(callback.retry, { 'retry-after': String(wait) });
  return respond(callback.refuse(TOO_LARGE));
}

function respond(answer: CallbackAnswer, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'content-type': answer.contentType, ...headers },
  });
}

const TOO_LARGE = 'The callback is too large or was cut off.';

/** From what the driver says about its callbacks. */
function describeCallback(gateway: Gateway) {
  const { accept, refuse, retry, texts, docs } = gateway.callback;
  const known = Object.values(texts).filter((told) => told !== null);
  const refused = [...new Set([...known, ...Object.keys(docs.refusals), TOO_LARGE])].map(refuse);
  return describe({
    operationId: `receive${nameOf(gateway)}Callback`,
    tag: gateway.name,
    summary: docs.title,
    description: docs.description,
    notes: [
      'The gateway calls this address; a shop never does. It takes no API key: the message proves itself.',
      'It is acknowledged once its outcome is on disk, and saying it again changes nothing.',
      ...(docs.notes ?? []),
    ],
    highlights: [listWorth(accept(null))],
    checkedWith: docs.checkedWith,
    access: 'open',
    ...(docs.headers ? { headers: fieldSchemas(docs.headers) } : {}),
    ...(docs.query ? { query: fieldSchemas(docs.query) } : {}),
    body: jsonBody(t.Unsafe<unknown>({}), { content: describeContent(docs) }),
    answers: {
      [accept(null).status]: showAnswers('Understood and stored, or known already.', [accept(null)]),
      [refused[0]?.status ?? 400]: showAnswers('Refused: it belongs to no payment, or is not genuine.', refused),
      [retry.status]: showAnswers(
        'The database cannot be written, or too many callbacks come from this address. Nothing changed; send it again.',
        [retry],
        ['Retry-After'],
      ),
    },
  });
}

/** What tells the gateway that it was understood. */
function listWorth({ contentType, body }: CallbackAnswer): string {
  return contentType.startsWith('application/json') ? 'success=true' : body;
}

/** Shapes of one content type are told apart by their titles. */
function describeContent({ bodies }: CallbackDocs): Record<string, Media> {
  const types = [...new Set(bodies.map(({ type }) => type))];
  return Object.fromEntries(types.map((type) => [type, describeMedia(bodies.filter((body) => body.type === type))]));
}

function describeMedia(bodies: CallbackDocs['bodies']): Media {
  const schemas = bodies.map(({ title, fields }) => asSchema(t.Object(fieldSchemas(fields), { title })));
  const examples = bodies.map(({ title, example }) => ({ title, value: readExample(example) }));
  const [schema] = schemas;
  if (schema && schemas.length === 1) return { schema, example: examples[0]?.value };
  const shapes = examples.map(({ title, value }, index) => [`shape${index + 1}`, { summary: title, value }]);
  return { schema: { anyOf: schemas }, examples: Object.fromEntries(shapes) };
}

/** Swagger UI builds a form from its fields. */
function readExample(example: string | Readonly<Record<string, unknown>>): unknown {
  return typeof example === 'string' ? Object.fromEntries(new URLSearchParams(example)) : example;
}

function showAnswers(description: string, answers: readonly CallbackAnswer[], headers: readonly string[] = []) {
  const type = answers[0]?.contentType.split(';')[0] ?? 'text/plain';
  const isJson = type === 'application/json';
  const readValue = ({ body }: CallbackAnswer): unknown => (isJson ? JSON.parse(body) : body);
  const named = answers.map((answer, index) => [
    `answer${index + 1}`,
    {
      summary: isJson ? String((readValue(answer) as { message?: string }).message) : answer.body,
      value: readValue(answer),
    },
  ]);
  const [first] = answers;
  const shown = first && answers.length === 1 ? { example: readValue(first) } : { examples: Object.fromEntries(named) };
  return plainAnswer(isJson ? anyObject() : text(), { description, type, headers, ...shown });
}
