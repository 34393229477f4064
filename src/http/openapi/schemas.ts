import type { CollectedSchema } from './collect.ts';
import { type Reference, refer, type Schema } from './types.ts';

/** Schemas by the name that they are kept under. */
export type Named = Map<string, Schema>;

/**
 * A schema as the document shows it: what has a name moves to `named` and is referred to, integers are exact (Elysia's may
 * also be text), and nothing of our own notes is left.
 */
export function tidySchema(given: CollectedSchema, named: Named): Schema | Reference {
  const { $id, 'x-shown': _, ...schema } = given;
  if ($id !== undefined) {
    if (!named.has($id)) named.set($id, tidySchema(schema, named) as Schema);
    return refer('schemas', $id);
  }
  const exact = exactInteger(schema);
  const { allOf, anyOf, items, properties, additionalProperties, type, ...rest } = exact;
  const tidy = (one: Schema) => tidySchema(one, named);
  return {
    ...(type === undefined || allOf || 'const' in rest ? {} : { type }),
    ...rest,
    ...(properties ? { properties: mapValues(properties, tidy) } : {}),
    ...(items ? { items: tidy(items) } : {}),
    ...(additionalProperties ? { additionalProperties: tidy(additionalProperties) } : {}),
    ...(allOf ? { allOf: allOf.map(tidy) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(tidy) } : {}),
  };
}

export function exactInteger(schema: CollectedSchema): CollectedSchema {
  const exact = schema.anyOf?.find(({ type }) => type === 'integer');
  const isLoose = exact && schema.anyOf?.some(({ format }) => format === 'integer');
  if (!isLoose) return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...rest, ...exact };
}

export function mapValues<A, B>(
  object: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}
