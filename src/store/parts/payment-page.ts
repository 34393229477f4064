import type { CallbackBody, DeskEntry, DeskPage, SentNotification } from '../queries/payment-page.ts';
import type { TimelineEvent } from '../queries/timeline.ts';

/** What a person sees of one payment. */
export interface PaymentPageStore {
  /** Entries in the order of happening, the last ones before the one with the id `before`; null: of all. */
  listDeskTimeline(paymentId: number, page: DeskPage): Promise<readonly DeskEntry[]>;
  /** Newest first. */
  listLatestEvents(paymentId: number, limit: number): Promise<readonly TimelineEvent[]>;
  /** The bytes of a callback, by the event that it caused. */
  findCallbackBody(paymentId: number, eventId: number): Promise<CallbackBody | null>;
  /** Newest first. */
  listNotifications(paymentId: number, limit: number): Promise<readonly SentNotification[]>;
}
