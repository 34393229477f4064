import { Column, is, Param, Placeholder, type Query, SQL, sql } from 'drizzle-orm';
import type { Kit } from './kit.ts';

/**
 * A statement is written once, with drizzle, for both engines. Each engine turns it into text when it is first run, keeps
 * that, and prepares it once on each connection: built anew on every call it would cost 20 to 180 µs.
 *
 *     const BY_NO = statement(({ db, t }, p: { paymentNo: string }) =>
 *       db.select().from(t.payments).where(eq(t.payments.paymentNo, p.paymentNo)));
 *
 * While it is built, `p` holds placeholders that pass for the values; they may only be handed to drizzle.
 */
export interface Statement<Values, Row> {
  readonly build: (kit: Kit, values: Values) => Buildable<Row>;
}

/** What drizzle gives: a query that has not been run. */
interface Buildable<Row> {
  readonly _: { readonly result: readonly Row[] | undefined };
  toSQL(): Query;
}

/** Makes a statement. A statement without rows has `never` for a row. */
export function statement<
  Values extends object,
  Q extends { readonly _: { readonly result: unknown }; toSQL(): Query },
>(build: (kit: Kit, values: Values) => Q): Statement<Values, RowOf<Q>> {
  return { build: build as unknown as Statement<Values, RowOf<Q>>['build'] };
}

/** A text that both engines take as it is. Nothing is bound in it, and no row is read from it. */
export function fixedStatement(text: string): Statement<object, never> {
  return { build: () => ({ _: { result: undefined }, toSQL: () => ({ sql: text, params: [] }) }) };
}

/** How many rows a text finds that both engines take as it is. */
export function countStatement(text: string): Statement<object, { readonly found: number }> {
  return statement(({ db }) =>
    db.select({ found: sql<number>`count(*)`.mapWith(Number) }).from(sql`(${sql.raw(text)}) AS found_rows`),
  );
}

type RowOf<Q extends { readonly _: { readonly result: unknown } }> = Q['_']['result'] extends readonly (infer R)[]
  ? R
  : never;

/** A value as a driver takes it. */
export type DriverValue = string | number | bigint | boolean | Uint8Array | null;
export type Values = Readonly<Record<string, unknown>>;

/** A statement as text, how its values are bound, and how its rows are read. */
export interface Compiled {
  readonly text: string;
  readonly bind: (values: Values) => DriverValue[];
  readonly read: (raw: readonly unknown[]) => Record<string, unknown>;
}

const placeholders = new Proxy({}, { get: (_, name) => sql.placeholder(String(name)) });

export function compile(kit: Kit, { build }: Statement<never, unknown>): Compiled {
  const query = build(kit, placeholders as never);
  const { sql: text, params } = query.toSQL();
  const fields = listFields(query);
  return { text, bind: createBinder(params), read: createReader(fields) };
}

type Source = (values: Values) => DriverValue;

/** The driver's values in the order of the text; what a column writes in a way of its own goes through it. */
function createBinder(params: readonly unknown[]): Compiled['bind'] {
  const sources = params.map(readSource);
  const count = sources.length;
  return (values) => {
    const bound = new Array<DriverValue>(count);
    for (let at = 0; at < count; at += 1) bound[at] = (sources[at] as Source)(values);
    return bound;
  };
}

function readSource(param: unknown): Source {
  if (is(param, Placeholder)) {
    const { name } = param;
    return (values) => (values[name] ?? null) as DriverValue;
  }
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { name } = param.value;
    const { encoder } = param;
    return (values) => {
      const value = values[name];
      return value === null || value === undefined ? null : (encoder.mapToDriverValue(value) as DriverValue);
    };
  }
  return () => param as DriverValue;
}

interface Field {
  readonly name: string;
  /** Null: the driver's value is the value. */
  readonly decode: ((value: unknown) => unknown) | null;
}

function createReader(fields: readonly Field[]): Compiled['read'] {
  const names = fields.map(({ name }) => name);
  const decoders = fields.map(({ decode }) => decode);
  const count = fields.length;
  return (raw) => {
    const row: Record<string, unknown> = {};
    for (let at = 0; at < count; at += 1) {
      const value = raw[at];
      const decode = decoders[at];
      row[names[at] as string] = decode === null || decode === undefined || value === null ? value : decode(value);
    }
    return row;
  };
}

/** drizzle keeps what a query returns in its `config`: the selection of a select, else the list of RETURNING. */
interface Configured {
  readonly config?: {
    readonly fields?: Readonly<Record<string, unknown>>;
    readonly returning?: readonly { readonly path: readonly string[]; readonly field: unknown }[];
  };
}

function listFields(query: unknown): readonly Field[] {
  const { config } = query as Configured;
  const returned = config?.returning?.map(({ path, field }) => [path.at(-1) ?? '', field] as const);
  return (returned ?? Object.entries(config?.fields ?? {})).map(([name, field]) => ({
    name,
    decode: decoderOf(field),
  }));
}

function decoderOf(field: unknown): Field['decode'] {
  if (is(field, Column)) {
    const isPlain = field.mapFromDriverValue === Column.prototype.mapFromDriverValue;
    return isPlain ? null : (value) => field.mapFromDriverValue(value);
  }
  const part = is(field, SQL.Aliased) ? field.sql : field;
  if (!is(part, SQL)) return null;
  const { decoder } = part as unknown as { decoder: { mapFromDriverValue(value: unknown): unknown } };
  return (value) => decoder.mapFromDriverValue(value);
}
