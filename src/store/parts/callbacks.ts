import type { Bound } from '../bind.ts';
import * as calls from '../commands/callback-calls.ts';
import * as unmatched from '../queries/unmatched.ts';
import type { Row } from '../schema/rows.ts';
import { findRows } from '../table.ts';

/** Callbacks as a desk sees them. */
export interface CallbackStore {
  /** Those that belong to nobody or prove nothing, newest first. */
  listUnmatched(query: unmatched.UnmatchedQuery): Promise<readonly unmatched.ListedUnmatched[]>;
  findUnmatched(id: number): Promise<unmatched.UnmatchedRow | null>;
  /** When each gateway called last, in no order. */
  listCallbackCalls(): Promise<readonly Row<'callbackCalls'>[]>;
  /** Of a callback that changes nothing else. `refusal`: what the gateway was told; null: it was accepted. */
  noteCallbackCall(call: calls.CallbackCall, refusal: string | null, now: number): Promise<void>;
}

export function callbackStore({ query, command }: Bound): CallbackStore {
  return {
    listUnmatched: query(unmatched.listUnmatched),
    findUnmatched: query(unmatched.findUnmatched),
    listCallbackCalls: query((on) => findRows(on, 'callbackCalls', {})),
    noteCallbackCall: command(calls.noteCall),
  };
}
