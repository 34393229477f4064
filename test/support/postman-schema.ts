/**
 * The rules of the published schema of Postman's collections 2.1 for what our collection has in it
 * (https://schema.getpostman.com/json/collection/v2.1.0/collection.json), but with no member that is not ours.
 */
const text = { type: 'string' };
const texts = { type: 'array', items: text };

const object = (properties: Record<string, unknown>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const pair = object({ key: text, value: text, description: text, disabled: { type: 'boolean' } }, ['key', 'value']);
const variable = object({ key: text, value: text, type: { enum: ['string', 'boolean', 'any', 'number'] } }, ['key']);
const auth = object({ type: { enum: ['apikey', 'noauth'] }, apikey: { type: 'array', items: variable } }, ['type']);
const url = object({ raw: text, host: texts, path: texts, query: { type: 'array', items: pair } }, ['raw']);
const body = object(
  { mode: { enum: ['raw', 'urlencoded', 'formdata', 'file', 'graphql'] }, raw: text, options: { type: 'object' } },
  ['mode'],
);
const request = object(
  { url, auth, method: { enum: ['GET', 'POST'] }, header: { type: 'array', items: pair }, body, description: text },
  ['url', 'method', 'header'],
);
const response = object(
  {
    name: text,
    originalRequest: request,
    code: { type: 'integer', minimum: 100, maximum: 599 },
    header: { type: 'array', items: pair },
    body: text,
    _postman_previewlanguage: text,
  },
  ['name', 'originalRequest', 'code'],
);
const item = object({ name: text, request, response: { type: 'array', items: response } }, ['request', 'response']);
const folder = object({ name: text, description: text, item: { type: 'array', items: item, minItems: 1 } }, ['item']);

export const POSTMAN_SCHEMA = object(
  {
    info: object(
      {
        name: text,
        description: text,
        version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
        schema: { const: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      },
      ['name', 'schema'],
    ),
    item: { type: 'array', items: folder },
    variable: { type: 'array', items: variable },
    auth,
  },
  ['info', 'item'],
);
