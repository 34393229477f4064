import type { Bound } from '../bind.ts';
import * as page from '../queries/payment-page.ts';
import type { TimelineEvent } from '../queries/timeline.ts';

/** What a person sees of one payment. */
export interface PaymentPageStore {
  /** Entries in the order of happening, the last ones before the one with the id `before`; null: of all. */
  listDeskTimeline(paymentId: number, range: page.DeskPage): Promise<readonly page.DeskEntry[]>;
  /** Newest first. */
  listLatestEvents(paymentId: number, limit: number): Promise<readonly TimelineEvent[]>;
  /** The bytes of a callback, by the event that it caused. */
  findCallbackBody(paymentId: number, eventId: number): Promise<page.CallbackBody | null>;
  /** Newest first. */
  listNotifications(paymentId: number, limit: number): Promise<readonly page.SentNotification[]>;
}

export function paymentPageStore({ query }: Bound): PaymentPageStore {
  return {
    listDeskTimeline: query(page.listDeskTimeline),
    listLatestEvents: query(page.listLatestEvents),
    findCallbackBody: query(page.findCallbackBody),
    listNotifications: query(page.listNotifications),
  };
}
