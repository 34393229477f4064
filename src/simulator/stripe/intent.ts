import { type Kept, openOrders } from '../order.ts';
import { spell } from '../random.ts';
import type { World } from '../world.ts';
import type { PaymentError } from './failure.ts';
import type { Billing, CreateValues, MethodOptions } from './fields.ts';
import type { KindName } from './kinds.ts';

export interface Card {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly outcome: 'pays' | 'secure' | 'declined' | 'no_funds' | 'not_a_test_card';
}

export interface PaymentMethod {
  readonly id: string;
  readonly type: KindName;
  readonly createdAt: number;
  readonly billing: Billing;
  readonly card: Card | null;
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

/** A PaymentIntent with everything that hangs on it. */
export interface Intent extends Kept {
  readonly id: string;
  readonly account: string;
  readonly livemode: boolean;
  readonly clientSecret: string;
  readonly amount: number;
  readonly currency: string;
  /** The request, with whatever else the shop wants to be kept. */
  readonly fields: CreateValues;
  readonly status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'succeeded'
    | 'canceled';
  readonly types: readonly KindName[];
  readonly options: MethodOptions;
  readonly method: PaymentMethod | null;
  /** The last one; over unless the status is requires_action. */
  readonly attempt: Attempt | null;
  /** The method of the last try, which `method` forgets when the try fails. */
  readonly lastMethod: PaymentMethod | null;
  readonly lastError: PaymentError | null;
  readonly charge: Charge | null;
  readonly canceledAt: number | null;
  readonly cancellationReason: string | null;
  readonly lastEvent: string | null;
}

export const orders = openOrders<Intent>({
  name: 'stripe.intents',
  keyOf: ({ id }) => id,
  isMeant: ({ fields: { metadata } }, number) =>
    metadata?.gateway_order_no === number || metadata?.payment_no === number,
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `prefix` and letters and digits, as Stripe writes its ids. */
export const makeId = (world: World, prefix: string, length = 23): string =>
  prefix + spell(world.random(length), ALPHABET);

/** Stripe counts in whole seconds since 1970. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1000);

/** What the shop calls the payment: its number at the gateway, else its own. */
export const orderNoOf = ({ fields: { metadata = {} } }: Intent): string =>
  metadata.gateway_order_no ?? metadata.payment_no ?? '';

/** How Stripe chose the types; null when the shop did. Payers may then be sent away, so confirming needs a return_url. */
export function automaticOf({ fields }: Intent): { readonly allow_redirects: string; readonly enabled: true } | null {
  const allow_redirects = fields.automatic_payment_methods?.allow_redirects ?? 'always';
  return fields.payment_method_types ? null : { allow_redirects, enabled: true };
}

/** The try whose payer's page stands open. */
export const openAttempt = ({ status, attempt }: Intent): Attempt | null =>
  status === 'requires_action' ? attempt : null;

export const payerPath = (attempt: Attempt): string => `/stripe/authorize/${attempt.nonce}`;

/** Where the payer's browser goes back to, with what Stripe adds (Stripe.js reference, confirmPayment). */
export function returnAddress(intent: Intent, returnUrl: string): string {
  const url = new URL(returnUrl);
  const outcomes: Partial<Record<Intent['status'], string>> = { succeeded: 'succeeded', processing: 'pending' };
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', intent.clientSecret);
  url.searchParams.set('redirect_status', outcomes[intent.status] ?? 'failed');
  return url.href;
}
