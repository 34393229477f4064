import type { CallbackRecord } from '../order.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import type { CardOutcome } from './cards.ts';
import type { KindName } from './kinds.ts';
import type { Values } from './schema.ts';

export type Status =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'succeeded'
  | 'canceled';

export interface PaymentMethod {
  readonly id: string;
  readonly type: KindName;
  readonly createdAt: number;
  readonly billing: Values;
  readonly card: {
    readonly brand: string;
    readonly last4: string;
    readonly expMonth: number;
    readonly expYear: number;
    readonly outcome: CardOutcome;
  } | null;
  readonly bank: string | null;
}

/** One try to pay that a payer has to do something for. */
export interface Attempt {
  /** Names the payer's page, as in Stripe's redirect addresses. */
  readonly nonce: string;
  /** The simulator's, as whoever confirmed saw it. */
  readonly origin: string;
  readonly returnUrl: string | null;
  /** The text of the QR code, of methods that have one. */
  readonly qr: string | null;
  /** The QR code as a data URL, for WeChat Pay. */
  readonly picture: string | null;
  /** The script on the shop's page was told to go on, instead of an address. */
  readonly isForScript: boolean;
}

export interface Charge {
  readonly id: string;
  readonly createdAt: number;
  readonly status: 'succeeded' | 'failed';
  readonly amountRefunded: number;
  readonly isDisputed: boolean;
}

/** last_payment_error without the payment method, which is added when it is shown. */
export interface PaymentError {
  readonly type: 'card_error' | 'invalid_request_error';
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
}

/** A PaymentIntent with everything that hangs on it. */
export interface Intent {
  readonly id: string;
  readonly account: string;
  readonly livemode: boolean;
  readonly clientSecret: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly status: Status;
  readonly types: readonly KindName[];
  /** Set when Stripe chose the types; payers may then always be sent away, so confirming needs a return_url. */
  readonly automatic: { readonly allowRedirects: string } | null;
  readonly options: Values;
  readonly metadata: Readonly<Record<string, string>>;
  readonly description: string | null;
  readonly receiptEmail: string | null;
  readonly shipping: Values | null;
  readonly descriptor: string | null;
  readonly descriptorSuffix: string | null;
  readonly method: PaymentMethod | null;
  /** The last one; over unless the status is requires_action. */
  readonly attempt: Attempt | null;
  /** The method of the last try, which `method` forgets when the try fails. */
  readonly lastMethod: PaymentMethod | null;
  readonly lastError: PaymentError | null;
  readonly charge: Charge | null;
  readonly canceledAt: number | null;
  readonly cancellationReason: string | null;
  readonly fields: Values;
  readonly callbacks: readonly CallbackRecord[];
  /** Id of the newest event. */
  readonly lastEvent: string | null;
}

export function openIntents(world: World): Shelf<Intent> {
  return world.shelves.open<Intent>('stripe.intents');
}

/** A method made by a browser, and the publishable key it was made with. */
export interface KeptMethod extends PaymentMethod {
  readonly owner: string;
}

export function openMethods(world: World): Shelf<KeptMethod> {
  return world.shelves.open<KeptMethod>('stripe.methods', 5000);
}

/** Page of the payer for this try. */
export function payerPath(attempt: Attempt): string {
  return `/stripe/authorize/${attempt.nonce}`;
}

/** Where the payer's browser goes back to, with what Stripe adds (Stripe.js reference, confirmPayment). */
export function returnAddress(intent: Intent, returnUrl: string): string {
  const url = new URL(returnUrl);
  const outcomes: Partial<Record<Status, string>> = { succeeded: 'succeeded', processing: 'pending' };
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', intent.clientSecret);
  url.searchParams.set('redirect_status', outcomes[intent.status] ?? 'failed');
  return url.href;
}
