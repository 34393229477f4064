import { type SQLWrapper, sql } from 'drizzle-orm';
import { type AnyPgColumn, bigint, boolean, check, customType, index, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Environment, KeyKind } from '../../../core/payment.ts';
import { type Codec, jsonCodec } from '../codecs.ts';
import { rulesOf } from '../rules.ts';

/** Kinds of columns, as in the other engine's file of this name. */

export function coded<T>(name: string, { write, read }: Codec<T>) {
  return customType<{ data: T; driverData: string }>({ dataType: () => 'text', toDriver: write, fromDriver: read })(
    name,
  );
}
export const json = <T>(name: string) => coded<T>(name, jsonCodec as Codec<T>);
export const bytes = (name: string) =>
  customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })(name);
export const flag = (name: string) => boolean(name);
export const instant = (name: string) => bigint(name, { mode: 'number' });
export const money = (name: string) => bigint(name, { mode: 'number' });
export const id = () => bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity();
export const ref = (name: string) => bigint(name, { mode: 'number' });
export const refTo = (name: string, key: () => AnyPgColumn) => ref(name).notNull().references(key);

export const stamps = () => ({
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
export const way = () => ({
  gateway: text('gateway').notNull(),
  method: text('method').notNull(),
  mode: text('mode').notNull(),
});
export const account = () => ({
  gateway: text('gateway').notNull(),
  merchantId: text('merchant_id').notNull(),
  environment: text('environment').$type<Environment>().notNull(),
});
export const group = () => ({
  projectId: ref('project_id').notNull(),
  keyKind: text('key_kind').$type<KeyKind>().notNull(),
  livemode: flag('livemode').notNull(),
});

export const { checks, indexes } = rulesOf<
  AnyPgColumn,
  ReturnType<ReturnType<typeof index>['on']>,
  ReturnType<typeof check>
>({ check, index, uniqueIndex });
/** A flag that is set, as the conditions of this engine's indexes say it. */
export const isSet = (flag: SQLWrapper) => sql`${flag}`;
