import type { Payment } from '../../core/payment.ts';
import type { CallbackAnswer, Gateway, RawCallback } from '../../gateways/gateway.ts';

/** A callback on its way through. */
export interface Arrived {
  readonly gateway: Gateway;
  readonly raw: RawCallback;
  readonly address: string;
  /** A payer's browser has brought it, on its way back from the gateway. */
  readonly isFromBrowser: boolean;
}

/** What came of a callback. */
export interface Received {
  readonly answer: CallbackAnswer;
  /** The payment a genuine callback was about. */
  readonly payment: Payment | null;
}

/** A genuine callback cannot be worked on at the moment; the gateway comes again. */
export const LATER = 'The callback cannot be confirmed at the moment, please send it again.';
