import { type SQLWrapper, sql } from 'drizzle-orm';
import { type AnySQLiteColumn, check, customType, index, integer, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Environment, KeyKind } from '../../../core/payment.ts';
import { type Codec, jsonCodec } from '../codecs.ts';
import { rulesOf } from '../rules.ts';

/** Kinds of columns. Instants are milliseconds since the epoch, money is integers of ISO 4217 minor units. */

export function coded<T>(name: string, { write, read }: Codec<T>) {
  return customType<{ data: T; driverData: string }>({ dataType: () => 'text', toDriver: write, fromDriver: read })(
    name,
  );
}
export const json = <T>(name: string) => coded<T>(name, jsonCodec as Codec<T>);
export const bytes = (name: string) =>
  customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'blob' })(name);
export const flag = (name: string) => integer(name, { mode: 'boolean' });
export const instant = (name: string) => integer(name);
export const money = (name: string) => integer(name);
export const id = () => integer('id').primaryKey();
export const ref = (name: string) => integer(name);
export const refTo = (name: string, key: () => AnySQLiteColumn) => ref(name).notNull().references(key);

/** When a row was made and last changed. */
export const stamps = () => ({
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
/** The way a payment goes. */
export const way = () => ({
  gateway: text('gateway').notNull(),
  method: text('method').notNull(),
  mode: text('mode').notNull(),
});
/** A merchant's account at a gateway. */
export const account = () => ({
  gateway: text('gateway').notNull(),
  merchantId: text('merchant_id').notNull(),
  environment: text('environment').$type<Environment>().notNull(),
});
/** Payments of a project that are counted together. */
export const group = () => ({
  projectId: ref('project_id').notNull(),
  keyKind: text('key_kind').$type<KeyKind>().notNull(),
  livemode: flag('livemode').notNull(),
});

export const { checks, indexes } = rulesOf<
  AnySQLiteColumn,
  ReturnType<ReturnType<typeof index>['on']>,
  ReturnType<typeof check>
>({ check, index, uniqueIndex });
/** A flag that is set, as the conditions of this engine's indexes say it. */
export const isSet = (flag: SQLWrapper) => sql`${flag} = 1`;
