import { bigint, boolean, customType } from 'drizzle-orm/pg-core';
import { type Codec, jsonCodec } from '../codecs.ts';

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
