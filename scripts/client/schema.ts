import type { Answer, Document, Operation, Parameter, Reference, Schema } from '../../src/http/openapi/types.ts';
import { createWriter } from './types.ts';

const HEAD = `/**
 * What each route takes and answers. Written by \`npm run client\` from the definitions of the routes; a change here is
 * lost, and a test says when this file has fallen behind.
 */
`;

/** Routes that others call: gateways, the payers' browsers, and programs that watch PayCore. */
const FOREIGN = /^\/api\/paycore\/webhooks\/|^\/\{locale\}\/|^\/metrics$/;

/** The text of `src/client/schema.ts`. */
export function writeSchema(document: Document): string {
  const writer = createWriter(document.components.schemas);
  const routes = Object.entries(document.paths)
    .filter(([path]) => !FOREIGN.test(path))
    .flatMap(([path, item]) => Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })))
    .map(({ path, verb, operation }) => {
      const fields = describeRoute(document, operation);
      const required = Object.keys(fields);
      return `  /** ${operation.summary}. */\n  '${verb.toUpperCase()} ${path}': ${writer.writeFields(fields, required, '  ')};\n`;
    });
  const notification = writer.write({ $ref: '#/components/schemas/Notification' });
  const codes = writer.write({ $ref: '#/components/schemas/ErrorCode' });
  if (notification !== 'Notification' || codes !== 'ErrorCode') throw new Error('the document lost a shared schema');
  const text = `${HEAD}\nexport interface Operations {\n${routes.join('')}}\n\n${writer.declare()}`;
  return text.replace(/ +\n/g, '\n');
}

function describeRoute(document: Document, operation: Operation): Readonly<Record<string, Schema>> {
  const query = (operation.parameters ?? [])
    .map((one) => findParameter(document, one))
    .filter((one) => one.in === 'query');
  const body = operation.requestBody?.content['application/json']?.schema;
  return {
    ...(body ? { body } : {}),
    ...(query.length > 0 ? { query: describeQuery(query) } : {}),
    answer: describeAnswer(document, operation),
  };
}

function describeQuery(query: readonly Parameter[]): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      query.map(({ name, description, schema }) => [name, { ...schema, description }] as const),
    ),
    required: query.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** What stands in `data` of a success, or the whole body where there is no such frame. */
function describeAnswer(document: Document, { operationId, responses }: Operation): Schema {
  const bodies = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, answer]) => findAnswer(document, answer).content?.['application/json']?.schema)
    .map((schema) => unfold(document, schema)?.properties?.data ?? schema);
  const different = new Map(bodies.map((schema) => [JSON.stringify(schema), schema]));
  const [first] = different.values();
  if (!first || different.size > 1)
    throw new Error(`${operationId} must have one kind of answer, has ${different.size}`);
  return first;
}

function unfold(document: Document, schema: Schema | undefined): Schema | undefined {
  return schema?.$ref === undefined ? schema : document.components.schemas[nameIn(schema.$ref)];
}

function findParameter({ components }: Document, one: Parameter | Reference): Parameter {
  const found = '$ref' in one ? components.parameters[nameIn(one.$ref)] : one;
  if (!found) throw new Error(`the document has no parameter ${JSON.stringify(one)}`);
  return found;
}

function findAnswer({ components }: Document, one: Answer | Reference): Answer {
  const found = '$ref' in one ? components.responses[nameIn(one.$ref)] : one;
  if (!found) throw new Error(`the document has no answer ${JSON.stringify(one)}`);
  return found;
}

function nameIn($ref: string): string {
  return $ref.split('/').at(-1) ?? '';
}
