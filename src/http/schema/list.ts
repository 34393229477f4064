import { type TSchema, t } from 'elysia';
import { nullable, text } from './build.ts';

/** Beside the items of a list. */
const nextCursor = nullable(text('`cursor` of the next page; null: this was the last one.'));

/** One page of a list, under the name that its items have. */
export function listPage(name: string, item: TSchema, order: string): TSchema {
  return t.Object(
    { [name]: t.Array(item, { description: order }), next_cursor: nextCursor },
    { description: 'One page.' },
  );
}
