import { failValidation } from '../../core/errors.ts';
import { readListQuery } from '../../core/payment-query.ts';
import type { Deps } from '../../deps.ts';
import type { Position } from '../../store/queries/list-statements.ts';
import type { Caller } from '../caller.ts';
import { serializePayment } from '../serialize.ts';
import { makeCursor, readCursor } from './cursor.ts';

export interface PaymentList {
  readonly payments: readonly Record<string, unknown>[];
  /** Null: this was the last page. */
  readonly next_cursor: string | null;
}

/** One page of a key's payments, newest first. Throws VALIDATION_FAILED with every bad field of the query. */
export async function listPayments(deps: Deps, caller: Caller, query: URLSearchParams): Promise<PaymentList> {
  const { filter, limit, cursor, errors } = readListQuery(query);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const list = `payments ${caller.projectId} ${caller.kind}`;
  const { search = '', ...narrowed } = filter;
  const before = cursor === null ? null : readPosition(deps, list, cursor);
  const asked = { projectId: caller.projectId, keyKind: caller.kind, filter: narrowed, limit, before };
  const { payments, next } = await (search.trim() === ''
    ? deps.store.listPayments(asked)
    : deps.store.listDeskPayments({ ...asked, search }));
  return {
    payments: payments.map(({ payment, attempt }) => serializePayment(deps, payment, attempt)),
    next_cursor: next && makeCursor(deps, list, [next.at, next.id]),
  };
}

function readPosition(deps: Deps, list: string, cursor: string): Position {
  const [at = 0, id = 0] = readCursor(deps, list, cursor);
  return { at, id };
}
