import { describe, expect, test } from 'bun:test';
import { specOf } from '../../../src/core/errors.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { listErrors } from '../../../src/http/openapi/errors.ts';
import { writeServed } from '../../../src/http/openapi/served.ts';
import type { Answer, Content, Operation, Reference } from '../../../src/http/openapi/types.ts';
import { buildRawDocument, placeAnswers } from '../../support/document.ts';
import { findFaults, isObject, resolve } from './openapi-schema.ts';

const PUBLIC_URL = 'https://pay.shop.example';
const raw = await buildRawDocument(PUBLIC_URL);
const document = placeAnswers(raw);
const operations = Object.values({ ...document.paths, ...document.webhooks }).flatMap((item) => Object.values(item));

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  if (!isObject(value)) return;
  visit(value);
  for (const inner of Object.values(value)) walk(inner, visit);
}

type Told = Omit<Operation, 'responses'> & { readonly responses: Readonly<Record<string, Answer>> };

function isReference(value: object): value is Reference {
  return '$ref' in value;
}

/** Each example of an operation beside the content it stands in. */
function listExamples(operation: Told): readonly { where: string; content: Content[string]; value: unknown }[] {
  const parts: [string, Content][] = [
    ['request', operation.requestBody?.content ?? {}],
    ...Object.entries(operation.responses).map(([status, { content }]): [string, Content] => [status, content ?? {}]),
  ];
  return parts.flatMap(([part, contents]) =>
    Object.entries(contents).flatMap(([type, content]) => {
      const where = `${operation.operationId} ${part} ${type}`;
      const named = Object.entries(content.examples ?? {}).map(([name, example]) => {
        const { value } = (isReference(example) ? resolve(document, example.$ref) : example) as { value: unknown };
        return { where: `${where} ${name}`, content, value };
      });
      return 'example' in content ? [...named, { where, content, value: content.example }] : named;
    }),
  );
}

describe('the document', () => {
  test('says who it is and where', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe('1.2.3');
    expect(document.servers[0]?.url).toBe(PUBLIC_URL);
  });

  test('has no loose references', () => {
    const references: string[] = [];
    walk(raw, (node) => {
      if (typeof node.$ref === 'string') references.push(node.$ref);
    });
    expect(references.length).toBeGreaterThan(100);
    for (const reference of references) resolve(raw, reference);
  });

  test('defines nothing that nobody refers to', () => {
    const text = JSON.stringify(raw);
    const { schemas, parameters, headers, responses } = raw.components;
    for (const [kind, names] of Object.entries({ schemas, parameters, headers, responses })) {
      for (const name of Object.keys(names)) expect(text).toContain(`"#/components/${kind}/${name}"`);
    }
  });

  test('names every operation once, under a tag that exists', () => {
    const ids = operations.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/);
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const operation of operations) for (const tag of operation.tags) expect(tags).toContain(tag);
  });

  test('has component names that OpenAPI allows and patterns that JSON Schema can read', () => {
    for (const group of Object.values(document.components)) {
      for (const name of Object.keys(group)) expect(name).toMatch(/^[a-zA-Z0-9._-]+$/);
    }
    walk(document, ({ pattern }) => {
      if (typeof pattern === 'string') new RegExp(pattern, 'u');
    });
  });

  test('declares every parameter of a path', () => {
    for (const [path, item] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(item)) {
        const declared = (operation.parameters ?? []).map((one) =>
          isReference(one) ? resolve(document, one.$ref) : one,
        );
        const inPath = (declared as { in: string; name: string }[]).filter((one) => one.in === 'path');
        expect(inPath.map(({ name }) => name)).toEqual(names as string[]);
      }
    }
  });

  test('is light enough for a page that is opened on a phone', () => {
    // As it travels: `compression.test.ts` asks for it.
    expect(Bun.gzipSync(writeServed(raw)).byteLength).toBeLessThan(45_000);
  });

  test('is the same every time, and plain JSON', async () => {
    const again = await buildRawDocument(PUBLIC_URL);
    expect(JSON.stringify(again)).toBe(JSON.stringify(raw));
    expect(JSON.parse(JSON.stringify(raw))).toEqual(JSON.parse(JSON.stringify(again)));
  });
});

describe('what is described', () => {
  test('every method and every callback of the registry', () => {
    for (const gateway of GATEWAYS) {
      expect(document.paths[`/api/paycore/webhooks/${gateway.id}`]?.post).toBeDefined();
      for (const method of gateway.methods) {
        const operation = document.paths[`/api/paycore/pay/${gateway.id}/${method.path}`]?.post;
        expect(operation?.summary).toBe(method.docs.title);
        expect(operation?.tags).toEqual([gateway.name]);
        for (const { code, status } of method.docs.errors.map(specOf)) {
          const { content } = operation?.responses[String(status)] ?? {};
          expect(Object.keys(content?.['application/json']?.examples ?? {})).toContain(code);
        }
      }
    }
  });

  test('every error code, with its status and its text', () => {
    const all = listErrors(GATEWAYS);
    expect(all.length).toBeGreaterThan(50);
    for (const { code, status, message: text } of all) {
      expect(document.info.description).toContain(`| \`${code}\` | ${status} | ${text} |`);
      const { value } = document.components.examples[code] as { value: { message: string; error: object } };
      expect(value.error).toMatchObject({ error_code: code });
      expect(value.message).not.toBe('');
    }
  });

  test('a create may be answered with each of the generic errors', () => {
    const responses = document.paths['/api/paycore/pay/ecpay/atm']?.post?.responses ?? {};
    const statuses = ['200', '201', '400', '401', '408', '409', '413', '415', '422', '429', '500', '502', '503', '504'];
    expect(Object.keys(responses)).toEqual(statuses);
    for (const status of ['429', '503']) expect(responses[status]?.headers).toHaveProperty('Retry-After');
  });

  test('what is said to be worth reading in an answer is in the answer', () => {
    for (const gateway of GATEWAYS) {
      for (const method of gateway.methods) {
        const operation = document.paths[`/api/paycore/pay/${gateway.id}/${method.path}`]?.post;
        const example = operation?.responses['201']?.content?.['application/json']?.example;
        const { data } = example as { data: { payment_info: object } };
        const { payment_info: info } = data;
        const nested = Object.values(info).filter(isObject);
        for (const name of method.docs.highlights) {
          // `payment_info.stripe_payment_method=card` names a field and its value.
          const [field = '', value] = name.replace('payment_info.', '').split('=');
          const answer: Record<string, unknown> = Object.assign({}, ...nested, info, data);
          expect(answer).toHaveProperty(field);
          if (value !== undefined) expect(answer[field]).toBe(value);
        }
      }
    }
  });

  test('every example fits its schema', () => {
    const examples = operations.flatMap(listExamples);
    expect(examples.length).toBeGreaterThan(100);
    const faults = examples.flatMap(({ where, content, value }) =>
      findFaults(document, content.schema, value).map((fault) => `${where} ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  test('every example inside a schema fits that schema', () => {
    walk(document.components.schemas, (node) => {
      if (!Array.isArray(node.examples)) return;
      for (const example of node.examples) expect(findFaults(document, node, example)).toEqual([]);
    });
  });

  test('no two examples of requests are about one order, so that each can be tried after any other', () => {
    const numbers = operations.flatMap((operation) =>
      listExamples(operation).flatMap(({ where, value }) => {
        const { merchant_order_no: number } = (value ?? {}) as { merchant_order_no?: string };
        return where.includes(' request ') && number !== undefined && operation.operationId.startsWith('create')
          ? [number]
          : [];
      }),
    );
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  });

  test('examples speak of this installation', () => {
    const text = JSON.stringify(document);
    expect(text).toContain(`"payment_url":"${PUBLIC_URL}/zh-tw/pay/`);
    expect(text).toContain(`"barcode_user_copy_url":"${PUBLIC_URL}/zh-tw/pay/`);
    expect(text).toContain(`"ReturnURL":"${PUBLIC_URL}/api/paycore/webhooks/ecpay"`);
    expect(text).not.toContain('pay.example/');
  });
});
