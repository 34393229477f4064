import { describe, expect, test } from 'bun:test';
import type { Schema } from '../../../src/http/openapi/types.ts';
import { buildRawDocument } from '../../support/document.ts';
import { findFaults, isObject, resolve } from './openapi-schema.ts';

/** Every example of the document against the schema it stands beside. */

const document = await buildRawDocument();

interface Shown {
  readonly where: string;
  readonly schema: Schema;
  readonly value: unknown;
}

const ERROR: Schema = { $ref: '#/components/schemas/Error' };

/** The examples at this place and below it; what stands in an example is none of the document's own. */
function listExamples(node: unknown, where: string): readonly Shown[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => listExamples(item, `${where}/${index}`));
  if (!isObject(node)) return [];
  const { example, examples, ...rest } = node;
  const schema = (node.schema ?? (Array.isArray(examples) ? rest : undefined)) as Schema | undefined;
  const values = 'example' in node ? [['example', example] as const] : listValues(examples);
  if (values.length > 0 && schema === undefined) throw new Error(`${where} has an example and no schema`);
  return [
    ...values.map(([name, value]) => ({ where: `${where} ${name}`, schema: schema ?? {}, value })),
    ...Object.entries(rest).flatMap(([name, inner]) => listExamples(inner, `${where}/${name}`)),
  ];
}

/** Of a schema: a list. Of a body or an answer: by name, perhaps kept elsewhere. */
function listValues(examples: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(examples)) return examples.map((value, index) => [String(index), value] as const);
  if (!isObject(examples)) return [];
  return Object.entries(examples).map(([name, given]) => {
    const { $ref, value } = given as { readonly $ref?: string; readonly value?: unknown };
    return [name, $ref === undefined ? value : (resolve(document, $ref) as { value: unknown }).value] as const;
  });
}

const { examples: errors, ...components } = document.components;
const shown = listExamples({ ...document, components }, '#');
const inErrors = Object.entries(errors).map(([code, { value }]) => ({ where: code, schema: ERROR, value }));

/** How often the document says `example`, or holds a named one, apart from what examples say. */
const count = (pattern: RegExp): number => shown.filter(({ where }) => pattern.test(where)).length;

describe('examples', () => {
  test('each fits its schema: of requests, answers, callbacks, notifications, parameters and fields', () => {
    const faults = shown.flatMap(({ where, schema, value }) =>
      findFaults(document, schema, value).map((fault) => `${where}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  test('no two of requests are about one order, so that each can be tried after any other', () => {
    const numbers = shown
      .filter(
        ({ where }) =>
          where.startsWith('#/paths//api/paycore/pay/') || where.startsWith('#/paths//api/paycore/checkout/'),
      )
      .filter(({ where }) => where.includes('/requestBody/'))
      .flatMap(({ value }) => (value as { merchant_order_no?: string }).merchant_order_no ?? []);
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  });

  test('none is left out', () => {
    const requests = Object.values({ ...document.paths, ...document.webhooks })
      .flatMap((item) => Object.values(item))
      .flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}));
    expect(requests.length).toBeGreaterThan(40);
    for (const { example, examples } of requests) expect(example !== undefined || examples !== undefined).toBe(true);
    expect(count(/requestBody/)).toBeGreaterThanOrEqual(requests.length);
    expect(count(/^#\/webhooks\/.*requestBody/)).toBe(Object.keys(document.webhooks).length);
    expect(count(/parameters/)).toBeGreaterThan(5);
    expect(count(/responses\/(2|4|5)|components\/responses/)).toBeGreaterThan(150);
    expect(count(/components\/schemas/)).toBeGreaterThan(50);
  });

  test('every error has one, which is an error', () => {
    expect(inErrors.length).toBeGreaterThan(60);
    expect(
      inErrors.flatMap(({ where, schema, value }) => findFaults(document, schema, value).map((one) => where + one)),
    ).toEqual([]);
  });
});
