import { type TSchema, t } from 'elysia';
import type { Field, FieldType } from '../../core/fields.ts';
import { MAX_METADATA_PAIRS } from '../../core/metadata.ts';

type Notes = Readonly<Record<string, unknown>>;

/** What each type of field takes. Numbers may come as text where a form or a spreadsheet feeds the shop. */
const SCHEMAS: Readonly<Record<FieldType, (notes: Notes) => TSchema>> = {
  string: (notes) => t.String(notes),
  integer: (notes) => t.Integer(notes),
  amount: (notes) => t.Unsafe<number | string>({ type: ['integer', 'string'], pattern: '^[0-9]{1,15}$', ...notes }),
  decimal: (notes) =>
    t.Unsafe<number | string>({ type: ['integer', 'string'], pattern: '^[0-9]{1,15}([.][0-9]{1,4})?$', ...notes }),
  url: (notes) => t.String({ format: 'uri', maxLength: 2000, pattern: '^https?://', ...notes }),
  email: (notes) => t.String({ format: 'email', ...notes }),
  boolean: (notes) => t.Boolean(notes),
  object: (notes) => t.Unsafe<object>({ type: 'object', ...notes }),
  list: (notes) => t.Unsafe<readonly unknown[]>({ type: 'array', minItems: 1, uniqueItems: true, ...notes }),
  metadata: (notes) =>
    t.Unsafe<Readonly<Record<string, string>>>({
      type: 'object',
      maxProperties: MAX_METADATA_PAIRS,
      propertyNames: { maxLength: 40 },
      additionalProperties: { type: 'string', maxLength: 500 },
      ...notes,
    }),
};

/** The schema of a field: the same limits that its check enforces. */
export function fieldSchema(field: Field): TSchema {
  const schema = SCHEMAS[field.type](describeField(field));
  return field.required ? schema : t.Optional(schema);
}

/** The schemas of a table of fields, by name. */
export function fieldSchemas(fields: readonly Field[]): Record<string, TSchema> {
  return Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)]));
}

function describeField(field: Field): Notes {
  const numeric = ['integer', 'amount', 'decimal'].includes(field.type);
  return {
    ...(field.min === undefined ? {} : { minimum: field.min }),
    ...(field.max === undefined ? {} : numeric ? { maximum: field.max } : { maxLength: field.max }),
    ...describeChoice(field),
    ...describePattern(field.pattern),
    ...(field.default === undefined ? {} : { default: field.default }),
    description: field.expected === undefined ? field.description : `${field.description} Must be ${field.expected}.`,
    ...(field.example === undefined || field.example === '' ? {} : { examples: [field.example] }),
  };
}

function describeChoice({ type, oneOf }: Field): Notes {
  if (oneOf === undefined) return {};
  return type === 'list' ? { items: { enum: oneOf } } : { enum: oneOf };
}

/** JSON Schema knows no flags: a pattern that needs one is left to its description in words. */
export function describePattern(pattern: RegExp | undefined): { readonly pattern?: string } {
  return pattern === undefined || /[^u]/.test(pattern.flags) ? {} : { pattern: pattern.source };
}
