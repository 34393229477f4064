import { customType, integer } from 'drizzle-orm/sqlite-core';
import { type Codec, jsonCodec } from '../codecs.ts';

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
