import type { Document, Reference, Schema } from '../http/openapi/types.ts';
import type { FieldRow, Place } from './types.ts';

/** Tables of fields, made from schemas. */

export type Resolve = <T extends object>(given: T | Reference) => T;

/** Looks up what a document refers to. Throws when it is not there. */
export function createResolver(document: Document): Resolve {
  return <T extends object>(given: T | Reference): T => {
    if (!isReference(given)) return given;
    const found = given.$ref
      .slice('#/'.length)
      .split('/')
      .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);
    if (typeof found !== 'object' || found === null) throw new Error(`the document has no ${given.$ref}`);
    return found as T;
  };
}

function isReference(given: object): given is Reference {
  return '$ref' in given;
}

interface Table {
  readonly resolve: Resolve;
  readonly place: Place;
  /** What the members of the schema look like, where an example is shown. */
  readonly example?: unknown;
  /** Members whose own members stand in a table of their own. */
  readonly closed?: readonly string[];
}

/** A row for each member of the schema, and of the objects and lists in it. */
export function listFields(schema: Schema, table: Table): readonly FieldRow[] {
  return listMembers(schema, table, '', table.example);
}

function listMembers(given: Schema, table: Table, prefix: string, example: unknown): readonly FieldRow[] {
  const { properties, required } = mergeParts(given, table.resolve);
  return Object.entries(properties).flatMap(([name, member]) => {
    const schema = table.resolve<Schema>(member);
    const value = memberOf(example, name);
    const row = describeRow(schema, {
      name: prefix + name,
      place: table.place,
      required: required.has(name),
      example: value,
    });
    const isClosed = prefix === '' && table.closed?.includes(name);
    return isClosed ? [row] : [row, ...listInner(schema, table, prefix + name, value)];
  });
}

/** What is inside of an object or of a list of objects. */
function listInner(schema: Schema, table: Table, name: string, example: unknown): readonly FieldRow[] {
  if (schema.items) {
    const first = Array.isArray(example) ? example[0] : undefined;
    return listMembers(table.resolve<Schema>(schema.items), table, `${name}[].`, first);
  }
  return listMembers(schema, table, `${name}.`, example);
}

interface Merged {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: ReadonlySet<string>;
}

/** An object that is written as several parts, or as one of several shapes, is one table. */
function mergeParts(schema: Schema, resolve: Resolve): Merged {
  const merge = (parts: readonly Schema[] = []) => parts.map((part) => mergeParts(resolve<Schema>(part), resolve));
  const [all, shapes] = [merge(schema.allOf), merge(schema.anyOf)];
  const lists = [...all, ...shapes].map(({ properties }) => properties);
  const [first, ...others] = shapes.map(({ required }) => required);
  const inEach = [...(first ?? [])].filter((name) => others.every((required) => required.has(name)));
  return {
    properties: [...lists, schema.properties ?? {}].reduce((merged, one) => addProperties(merged, one, resolve), {}),
    required: new Set([...all.flatMap(({ required }) => [...required]), ...inEach, ...(schema.required ?? [])]),
  };
}

type Properties = Merged['properties'];

/** A part that only narrows a member leaves its description to the part before it. */
function addProperties(known: Properties, added: Properties, resolve: Resolve): Properties {
  const narrow = ([name, member]: readonly [string, Schema]): readonly [string, Schema] => {
    const before = known[name];
    const { description } = before === undefined ? {} : resolve<Schema>(before);
    const isSilent = description !== undefined && resolve<Schema>(member).description === undefined;
    return [name, isSilent ? { ...resolve<Schema>(member), description } : member];
  };
  return { ...known, ...Object.fromEntries(Object.entries(added).map(narrow)) };
}

function memberOf(example: unknown, name: string): unknown {
  return typeof example === 'object' && example !== null ? (example as Record<string, unknown>)[name] : undefined;
}

interface Told {
  readonly name: string;
  readonly place: Place;
  readonly required: boolean;
  /** Where it is shown in a whole; else the schema's own. */
  readonly example: unknown;
}

export function describeRow(schema: Schema, { name, place, required, example }: Told): FieldRow {
  return {
    name,
    place,
    required,
    type: typeOf(schema),
    limits: limitsOf(schema),
    choices: choicesOf(schema),
    default: schema.default === undefined ? '' : String(schema.default),
    text: schema.description ?? '',
    example: writeExample(example === undefined ? schema.examples?.[0] : example),
  };
}

function typeOf({ type, const: fixed, format, anyOf, allOf }: Schema): string {
  if (fixed !== undefined) return typeof fixed;
  const types = typeof type === 'string' ? [type] : (type ?? (anyOf || allOf ? ['object'] : ['any']));
  return types.map((one) => (one === 'string' && format ? (FORMATS[format] ?? one) : one)).join(' | ');
}

const FORMATS: Readonly<Record<string, string>> = { uri: 'url', email: 'email', 'date-time': 'date-time' };

function limitsOf({ minimum, maximum, maxLength, maxProperties }: Schema): string {
  const most = maximum ?? maxLength ?? maxProperties;
  if (minimum !== undefined && most !== undefined) return `${minimum} – ${most}`;
  if (minimum !== undefined) return `≥ ${minimum}`;
  return most === undefined ? '' : `≤ ${most}`;
}

function choicesOf({ enum: words, const: fixed, items }: Schema): readonly string[] {
  if (fixed !== undefined) return [String(fixed)];
  return (words ?? items?.enum ?? []).filter((word) => word !== null).map(String);
}

/** As it stands in JSON, but text without its quotes. */
function writeExample(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
