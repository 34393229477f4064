import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { writeSchema } from '../../../scripts/client/schema.ts';
import { createWriter, type Schemas, writeComment } from '../../../scripts/client/types.ts';
import { buildDocument } from '../../../scripts/document.ts';

const document = await buildDocument();

describe('src/client/schema.ts', () => {
  test('says what the routes take and answer now; if not, run: npm run client', () => {
    const written = writeSchema(document);
    expect(readFileSync('src/client/schema.ts', 'utf8') === written).toBe(true);
  });
});

describe('the client', () => {
  test('has a call for every route that a shop may call', () => {
    const source = ['resources', 'paycore'].map((file) => readFileSync(`src/client/${file}.ts`, 'utf8')).join('');
    const routes = [...writeSchema(document).matchAll(/^ {2}'((?:GET|POST) [^']+)'/gm)].map(([, route = '']) => route);
    const isNamed = (route: string) =>
      source.includes(`'${route}'`) || /^POST \/api\/paycore\/(pay|gateways)\/[a-z/-]+$/.test(route);
    expect(routes.length).toBeGreaterThan(35);
    expect(routes.filter((route) => !isNamed(route))).toEqual([]);
  });
});

describe('a schema becomes a type', () => {
  const SCHEMAS: Schemas = {
    Base: { type: 'object', properties: { gateway: { type: ['string', 'null'] }, info: { type: 'object' } } },
    Special: {
      allOf: [
        { $ref: '#/components/schemas/Base' },
        { type: 'object', required: ['gateway'], properties: { gateway: { const: 'ecpay' } } },
      ],
    },
    Amount: { type: ['integer', 'string'], description: 'How much.' },
  };
  const write = (schema: Schemas[string]) => createWriter(SCHEMAS).write(schema);

  test.each([
    [{ type: 'integer' }, 'number'],
    [{ type: ['integer', 'number', 'null'] }, 'number | null'],
    [{ const: false }, 'false'],
    [{ enum: ['a', null, 1] }, '"a" | null | 1'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'ReadonlyArray<"a" | "b">'],
    [{ type: 'object' }, 'Readonly<Record<string, unknown>>'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'Readonly<Record<string, string>>'],
    [{}, 'unknown'],
    [{ $ref: '#/components/schemas/Amount' }, 'number | string'],
    [{ $ref: '#/components/schemas/Base' }, 'Base'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
  ] as const)('%j: %p', (schema, type) => {
    expect(write(schema)).toBe(type);
  });

  test('with what may be missing, what is said of it, and names that need quotes', () => {
    const properties = { amount: { $ref: '#/components/schemas/Amount' }, 'a-b': { type: 'string' } } as const;
    expect(write({ type: 'object', required: ['amount'], properties })).toBe(
      '{\n  /** How much. */\n  readonly amount: number | string;\n  readonly "a-b"?: string | undefined;\n}',
    );
  });

  test('with the more precise of two words alone', () => {
    const { $ref } = { $ref: '#/components/schemas/Special' };
    const writer = createWriter(SCHEMAS);
    expect(writer.write({ $ref })).toBe('Special');
    expect(writer.declare()).toContain(
      'export type Special = Omit<Base, "gateway"> & {\n  readonly gateway: "ecpay";\n};',
    );
  });

  test('with comments that nothing in them ends', () => {
    expect(writeComment('a */ b', '')).toBe('/** a * / b */\n');
    expect(writeComment('word '.repeat(40).trim(), '  ').split('\n')).toHaveLength(5);
  });

  test('never, when the document does not have what it refers to', () => {
    expect(() => write({ $ref: '#/components/schemas/Gone' })).toThrow('no schema #/components/schemas/Gone');
  });
});
