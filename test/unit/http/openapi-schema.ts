import type { Document, Schema, SchemaType } from '../../../src/http/openapi/types.ts';

/** What references lead into. */
type Shown = Pick<Document, 'components'>;

/**
 * As much of JSON Schema 2020-12 as the document uses. A keyword it does not know is an error, so that nothing in the
 * document goes unchecked.
 */
type Check = (schema: Schema, value: unknown, path: string, look: Look) => readonly string[];
type Look = (schema: Schema, value: unknown, path: string) => readonly string[];

/** What is wrong with a value, one line each. */
export function findFaults(document: Shown, schema: Schema, value: unknown): readonly string[] {
  const look: Look = (one, inner, path) =>
    Object.keys(one).flatMap((keyword) => {
      if (keyword === '$ref') return look(resolve(document, one.$ref ?? '') as Schema, inner, path);
      const check = CHECKS[keyword as keyof Schema];
      if (!check) throw new Error(`keyword ${keyword} at ${path} is not known`);
      return check(one, inner, path, look);
    });
  return look(schema, value, '$');
}

/** What a local reference points at. */
export function resolve(document: Shown, reference: string): unknown {
  const [root, ...names] = reference.split('/');
  if (root !== '#') throw new Error(`reference ${reference} leaves the document`);
  let here: unknown = document;
  for (const name of names) here = isObject(here) ? here[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  if (here === undefined) throw new Error(`reference ${reference} leads nowhere`);
  return here;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const TYPES: Readonly<Record<SchemaType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

const nothing: Check = () => [];
const say = (wrong: boolean, path: string, what: string): readonly string[] => (wrong ? [`${path}: ${what}`] : []);
const forText = (check: (schema: Schema, text: string, path: string) => readonly string[]): Check => {
  return (schema, value, path) => (typeof value === 'string' ? check(schema, value, path) : []);
};
const forNumber = (check: (schema: Schema, number: number, path: string) => readonly string[]): Check => {
  return (schema, value, path) => (typeof value === 'number' ? check(schema, value, path) : []);
};

const CHECKS: Readonly<Partial<Record<keyof Schema, Check>>> = {
  title: nothing,
  description: nothing,
  default: nothing,
  examples: nothing,
  writeOnly: nothing,
  type: ({ type = [] }, value, path) => {
    const types = Array.isArray(type) ? (type as readonly SchemaType[]) : [type as SchemaType];
    return say(!types.some((one) => TYPES[one](value)), path, `is no ${types.join(' or ')}`);
  },
  const: (schema, value, path) => say(value !== schema.const, path, `is not ${schema.const}`),
  enum: (schema, value, path) => say(!schema.enum?.includes(value as string), path, `is none of ${schema.enum}`),
  format: forText(({ format }, text, path) => {
    if (format === 'uri') return say(!URL.canParse(text), path, 'is no address');
    if (format === 'email') return say(!/^[^@\s]+@[^@\s]+$/.test(text), path, 'is no e-mail address');
    if (format === 'date-time') {
      return say(!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text), path, 'is no instant');
    }
    throw new Error(`format ${format} at ${path} is not known`);
  }),
  minimum: forNumber(({ minimum = 0 }, number, path) => say(number < minimum, path, `is below ${minimum}`)),
  maximum: forNumber(({ maximum = 0 }, number, path) => say(number > maximum, path, `is above ${maximum}`)),
  maxLength: forText(({ maxLength = 0 }, text, path) => say([...text].length > maxLength, path, 'is too long')),
  pattern: forText(({ pattern = '' }, text, path) =>
    say(!new RegExp(pattern, 'u').test(text), path, `does not match ${pattern}`),
  ),
  items: ({ items = {} }, value, path, look) =>
    Array.isArray(value) ? value.flatMap((item, index) => look(items, item, `${path}[${index}]`)) : [],
  minItems: ({ minItems = 0 }, value, path) =>
    say(Array.isArray(value) && value.length < minItems, path, 'is too short'),
  uniqueItems: (_schema, value, path) =>
    say(Array.isArray(value) && new Set(value).size < value.length, path, 'has repeated items'),
  properties: ({ properties = {} }, value, path, look) =>
    isObject(value)
      ? Object.entries(properties).flatMap(([name, one]) =>
          Object.hasOwn(value, name) ? look(one, value[name], `${path}.${name}`) : [],
        )
      : [],
  required: ({ required = [] }, value, path) =>
    isObject(value)
      ? required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${path}.${name}: is missing`)
      : [],
  additionalProperties: ({ additionalProperties = {}, properties = {} }, value, path, look) =>
    isObject(value)
      ? Object.entries(value)
          .filter(([name]) => !Object.hasOwn(properties, name))
          .flatMap(([name, inner]) => look(additionalProperties, inner, `${path}.${name}`))
      : [],
  propertyNames: ({ propertyNames = {} }, value, path, look) =>
    isObject(value) ? Object.keys(value).flatMap((name) => look(propertyNames, name, `${path} name ${name}`)) : [],
  maxProperties: ({ maxProperties = 0 }, value, path) =>
    say(isObject(value) && Object.keys(value).length > maxProperties, path, 'has too many properties'),
  allOf: ({ allOf = [] }, value, path, look) => allOf.flatMap((one) => look(one, value, path)),
  anyOf: ({ anyOf = [] }, value, path, look) =>
    say(!anyOf.some((one) => look(one, value, path).length === 0), path, 'fits none of anyOf'),
};

/** Every property that a schema names, through references and `allOf`. */
export function listProperties(document: Shown, schema: Schema): ReadonlySet<string> {
  const parts = [...(schema.$ref ? [resolve(document, schema.$ref) as Schema] : []), ...(schema.allOf ?? [])];
  return new Set([
    ...Object.keys(schema.properties ?? {}),
    ...parts.flatMap((part) => [...listProperties(document, part)]),
  ]);
}
