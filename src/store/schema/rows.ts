import type { InferInsertModel, InferSelectModel, Table } from 'drizzle-orm';
import type { tables as postgres } from './postgres/index.ts';
import type { tables as sqlite } from './sqlite/index.ts';

/** Rows as both engines give them, by table. */

export type Tables = typeof sqlite;
export type TableName = keyof Tables;
export type Row<Name extends TableName> = InferSelectModel<Tables[Name]>;
export type NewRow<Name extends TableName> = InferInsertModel<Tables[Name]>;

type Rows<Of extends Record<TableName, Table>> = { [Name in TableName]: InferSelectModel<Of[Name]> };
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only while both engines declare the same rows. */
export const ENGINES_AGREE: Same<Rows<typeof sqlite>, Rows<typeof postgres>> = true;
