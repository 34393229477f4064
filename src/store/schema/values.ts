/** Words and shapes that only stored rows have. */

export type EventType =
  | 'payment.created'
  | 'attempt.opened'
  | 'attempt.ended'
  | 'gateway.request'
  | 'callback.accepted'
  | 'callback.refused'
  | 'sync'
  | 'payment.paid'
  | 'payment.expired'
  | 'payment.failed'
  | 'refund.created'
  | 'refund.settled'
  | 'notification.delivered'
  | 'notification.failed'
  | 'admin.handled';

/** What an event tells besides its kind and time. */
export type Data = Readonly<Record<string, unknown>>;

/** What became of a callback: the verdict on its facts, or that the gateway was asked instead of believing it. */
export type CallbackOutcome = 'applied' | 'ignored' | 'noted' | 'rejected' | 'asked';

export type OutboxState = 'pending' | 'delivered' | 'dead';

/** Amounts by `gateway/path`, in the unit of the route. */
export type ProjectLimits = Readonly<Record<string, { readonly min: number; readonly max: number }>>;
