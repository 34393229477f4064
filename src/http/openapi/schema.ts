import type { Field, FieldType } from '../../core/fields.ts';
import { MAX_METADATA_PAIRS } from '../../core/metadata.ts';
import type { Answer, Schema } from './types.ts';

/** What each type of field takes. Numbers may come as text where a form or a spreadsheet feeds the shop. */
const TYPES: Readonly<Record<FieldType, Schema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  amount: { type: ['integer', 'string'], pattern: '^[0-9]{1,15}$' },
  decimal: { type: ['integer', 'string'], pattern: '^[0-9]{1,15}([.][0-9]{1,4})?$' },
  url: { type: 'string', format: 'uri', maxLength: 2000, pattern: '^https?://' },
  email: { type: 'string', format: 'email' },
  boolean: { type: 'boolean' },
  object: { type: 'object' },
  list: { type: 'array', minItems: 1, uniqueItems: true },
  metadata: {
    type: 'object',
    maxProperties: MAX_METADATA_PAIRS,
    propertyNames: { maxLength: 40 },
    additionalProperties: { type: 'string', maxLength: 500 },
  },
};

/** The JSON schema of a field: the same limits that its check enforces. */
export function describeField(field: Field): Schema {
  const numeric = ['integer', 'amount', 'decimal'].includes(field.type);
  return {
    ...TYPES[field.type],
    ...(field.min === undefined ? {} : { minimum: field.min }),
    ...(field.max === undefined ? {} : numeric ? { maximum: field.max } : { maxLength: field.max }),
    ...describeChoice(field),
    ...describePattern(field.pattern),
    ...(field.default === undefined ? {} : { default: field.default }),
    description: describeWords(field),
    ...(field.example === undefined || field.example === '' ? {} : { examples: [field.example] }),
  };
}

function describeChoice({ type, oneOf }: Field): Schema {
  if (oneOf === undefined) return {};
  return type === 'list' ? { items: { enum: oneOf } } : { enum: oneOf };
}

/** JSON Schema knows no flags: a pattern that needs one is left to its description in words. */
export function describePattern(pattern: RegExp | undefined): Schema {
  return pattern === undefined || /[^u]/.test(pattern.flags) ? {} : { pattern: pattern.source };
}

function describeWords(field: Field): string {
  return field.expected === undefined ? field.description : `${field.description} Must be ${field.expected}.`;
}

export function describeFields(fields: readonly Field[]): Record<string, Schema> {
  return Object.fromEntries(fields.map((field) => [field.name, describeField(field)]));
}

/** An object schema that lists which of its properties are always there. */
export function describeObject(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = Object.keys(properties),
  description?: string,
): Schema {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties,
    ...(required.length === 0 ? {} : { required }),
  };
}

/** `{success, data, message}` around what a route answers. */
export function describeSuccess(data: Schema): Schema {
  return describeObject({
    success: { const: true },
    data,
    message: { type: 'string', description: 'For people; it may change, so no program should read it.' },
  });
}

/** An answer in JSON with its one example. */
export function describeJson(schema: Schema, description: string, value: unknown): Answer {
  return { description, content: { 'application/json': { schema, example: value } } };
}
