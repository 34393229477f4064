import { failValidation } from '../../core/errors.ts';
import type { Payment } from '../../core/payment.ts';
import { readPageQuery } from '../../core/payment-query.ts';
import { formatInstant } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { EventData } from '../../http/schema/event.ts';
import type { TimelineEntry } from '../../store/queries/timeline.ts';
import { type NameActor, nameActors } from './actors.ts';
import { makeCursor, readCursor } from './cursor.ts';

export interface Timeline {
  readonly events: readonly EventData[];
  /** Null: nothing has happened since. */
  readonly next_cursor: string | null;
}

/** One page of what happened to a payment, in the order of happening. Throws VALIDATION_FAILED. */
export async function listEvents(deps: Deps, payment: Payment, query: URLSearchParams): Promise<Timeline> {
  const { limit, cursor, errors } = readPageQuery(query);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const list = `events ${payment.paymentNo}`;
  const [after = 0] = cursor === null ? [] : readCursor(deps, list, cursor);
  const entries = await deps.store.listTimeline(payment.id, after, limit + 1);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const nameOf = await nameActors(deps, payment, page);
  return {
    events: page.map((entry) => serializeEvent(nameOf, entry)),
    next_cursor: last && entries.length > limit ? makeCursor(deps, list, [last.id]) : null,
  };
}

function serializeEvent(nameOf: NameActor, entry: TimelineEntry): EventData {
  const { by: _, ...data } = entry.data;
  return {
    type: entry.type,
    at: formatInstant(entry.at),
    by: nameOf(entry),
    gateway_order_no: entry.gatewayOrderNo,
    data,
  };
}
