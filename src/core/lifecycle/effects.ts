import type { NotificationEvent } from '../payment.ts';

/**
 * One notification that follows from a change. `about` tells two of the same event apart (a second and a third payment);
 * one of each is sent.
 */
export interface Effect {
  readonly event: NotificationEvent;
  readonly about?: string;
  /** What the notification tells besides the payment. */
  readonly more?: Readonly<Record<string, unknown>>;
}
