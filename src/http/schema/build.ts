import { Kind, type Static, type TProperties, type TSchema, TypeRegistry } from '@sinclair/typebox';
import { t } from 'elysia';

/**
 * Schemas as routes declare them. They describe: what a request must look like is checked by the field tables that they
 * are made from, whose sentences a person can read (core/fields.ts), and after key, size and type of the request.
 */
const DESCRIBED = 'PayCore.Described';
TypeRegistry.Set(DESCRIBED, () => true);

/** The same schema, which Elysia shows and does not check. */
export function described<T extends TSchema>(schema: T): T {
  return { ...schema, [Kind]: DESCRIBED };
}

/** Stands under its name among the document's components. */
export function named<T extends TSchema>(name: string, schema: T): T {
  return { ...schema, $id: name };
}

export function nullable<T extends TSchema>(schema: T) {
  return t.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}

type Notes = Readonly<Record<string, unknown>>;

/** One of these words. */
export function words<const T extends string>(list: readonly T[], notes: Notes = {}) {
  return t.Unsafe<T>({ type: 'string', enum: list, ...notes });
}

export const text = (description?: string) => t.String(description === undefined ? {} : { description });
export const instant = (description?: string) =>
  t.String({ format: 'date-time', ...(description === undefined ? {} : { description }) });
export const address = (description: string) => t.String({ format: 'uri', description });
/** Text by text, as a shop sent it. */
export const texts = (description: string) =>
  t.Unsafe<Readonly<Record<string, string>>>({ type: 'object', additionalProperties: { type: 'string' }, description });
/** An object whose members depend on something else. */
export const anyObject = (description?: string) =>
  t.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    ...(description === undefined ? {} : { description }),
  });

/** What an object has besides another schema. */
export function extend<A extends TSchema, B extends TProperties>(base: A, properties: B) {
  const { description } = base;
  return t.Intersect([base, t.Object(properties)], description === undefined ? {} : { description });
}

/** `{success, data, message}` around what a route answers. */
export function success<T extends TSchema>(data: T) {
  const schema = t.Object({
    success: t.Literal(true, { description: 'False in every refusal.' }),
    data,
    message: t.String({ description: 'For people; it may change, so no program should read it.' }),
  });
  return data.$id === undefined ? schema : named(`${data.$id}Answer`, schema);
}

/** Which codes there are depends on the drivers: the document is told when it is made. */
export const errorCode = named('ErrorCode', t.String());
