import { nullable, text } from './build.ts';

/** Beside the items of a list. */
export const nextCursor = nullable(text('`cursor` of the next page; null: this was the last one.'));
