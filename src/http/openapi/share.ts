import { mapValues } from './schemas.ts';
import { type Answer, type PathItem, type Reference, refer, type Schema } from './types.ts';

/** What stands in several places stands once, and is referred to: the document is a third of what it would be. */

/** Shorter than a reference to it would be worth. */
const SHORTEST = 80;

type Paths = Readonly<Record<string, PathItem>>;

/** Answers that several operations give move to the components. */
export function shareAnswers(paths: Paths): { paths: Paths; responses: Record<string, Answer> } {
  const counts = new Map<string, number>();
  const visit = (change: (answer: Answer | Reference, status: string) => Answer | Reference): Paths =>
    mapValues(paths, (item) =>
      mapValues(item, (operation) => ({ ...operation, responses: mapValues(operation.responses, change) })),
    );
  visit((answer) => {
    const key = JSON.stringify(answer);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return answer;
  });
  const names = new Map<string, string>();
  const responses: Record<string, Answer> = {};
  const shared = visit((answer, status) => {
    const key = JSON.stringify(answer);
    if ((counts.get(key) ?? 0) < 2 || '$ref' in answer) return answer;
    const name = names.get(key) ?? `${status}-${names.size + 1}`;
    names.set(key, name);
    responses[name] = answer;
    return refer('responses', name);
  });
  return { paths: shared, responses };
}

/** Properties that several schemas have, under one name and with one meaning, move out of them. */
export function shareFields(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const counts = new Map<string, number>();
  for (const schema of Object.values(schemas)) {
    countFields(schema, counts);
  }
  const names = new Map<string, string>();
  const fields: Record<string, Schema> = {};
  const share = (field: Schema, name: string): Schema => {
    const key = keyOf(name, field);
    if ((counts.get(key) ?? 0) < 2) return visitFields(field, share);
    const known = names.get(key) ?? freeName(name, { ...schemas, ...fields });
    if (!names.has(key)) {
      names.set(key, known);
      fields[known] = field;
    }
    return refer('schemas', known);
  };
  const shared = mapValues(schemas, (schema) => visitFields(schema, share));
  return { ...shared, ...fields };
}

function countFields(schema: Schema, counts: Map<string, number>): void {
  visitFields(schema, (field, name) => {
    const key = keyOf(name, field);
    if (key.length > SHORTEST) counts.set(key, (counts.get(key) ?? 0) + 1);
    countFields(field, counts);
    return field;
  });
}

function keyOf(name: string, schema: Schema): string {
  return `${name} ${JSON.stringify(schema)}`;
}

/** The schema with its properties changed; `change` goes deeper where it wants to. */
function visitFields(schema: Schema, change: (field: Schema, name: string) => Schema): Schema {
  const { properties, allOf } = schema;
  return {
    ...schema,
    ...(properties ? { properties: mapValues(properties, change) } : {}),
    ...(allOf ? { allOf: allOf.map((one) => visitFields(one, change)) } : {}),
  };
}

function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  for (let count = 1; ; count += 1) {
    const free = count === 1 ? name : `${name}-${count}`;
    if (!Object.hasOwn(taken, free)) return free;
  }
}
