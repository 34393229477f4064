import type { Locale } from './locale.ts';

/** The words of a payment, shared by every layer. */

export type PaymentStatus = 'pending' | 'paid' | 'failed' | 'expired';

/** The odd truth beside the status. */
export type Flag = 'late' | 'duplicate' | 'mismatch' | 'simulated' | 'under_review' | 'attention';

export type Environment = 'stage' | 'sandbox' | 'production' | 'simulator';

export type NotificationEvent =
  | 'payment.paid'
  | 'payment.duplicate'
  | 'payment.refunded'
  | 'payment.failed'
  | 'payment.expired'
  | 'payment.attention';

/** Why a payment is `failed`, or an attempt `ended`. */
/** `SUPERSEDED`: another attempt of the payment was paid. */
export type EndReason = 'GATEWAY_REFUSED' | 'GATEWAY_UNREACHABLE' | 'CANCELLED' | 'GONE' | 'EXPIRED' | 'SUPERSEDED';

/** Gateway, method and mode of a payment whose payer has not chosen yet. */
export const UNCHOSEN = 'checkout';

/** What a shop may send along with a payment and gets back unchanged, at most 20 pairs. */
export type Metadata = Readonly<Record<string, string>>;

/** What the shop asked for, besides order and amount. Kept as sent; the drivers read from it. */
export interface Order {
  readonly itemName?: string;
  readonly description?: string;
  readonly payerAccount?: string;
  readonly buyerName?: string;
  readonly buyerMobile?: string;
  readonly buyerPhone?: string;
  readonly buyerTel?: string;
  readonly buyerEmail?: string;
  readonly successUrl?: string;
  readonly returnUrl?: string;
  readonly cancelUrl?: string;
  readonly payokUrl?: string;
  readonly expireDays?: number;
  readonly metadata?: Metadata;
  /** Language of the payer; the browser’s own counts where the shop has named none. */
  readonly locale?: Locale;
  /** Fields that only this method takes (`Method.fields`), by their names in the request. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** The object named after the gateway in the request, already checked by the driver. */
  readonly extras?: Readonly<Record<string, string | number | boolean>>;
}

/** What `amount` means on a route: whole currency units, or the minor units of card processors (see money.ts). */
export type AmountUnit = 'major' | 'minor';

export type KeyKind = 'live' | 'test';

/** A payment as it is stored. Instants are milliseconds since the epoch, `amount` is in minor units. */
export interface Payment {
  readonly id: number;
  readonly paymentNo: string;
  readonly projectId: number;
  readonly livemode: boolean;
  readonly keyKind: KeyKind;
  readonly merchantOrderNo: string;
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  readonly environment: Environment;
  readonly amount: number;
  readonly currency: string;
  readonly unit: AmountUnit;
  readonly status: PaymentStatus;
  readonly reason: EndReason | null;
  readonly flags: readonly Flag[];
  readonly order: Order;
  /** Null while the payer has still to choose a method. */
  readonly credentialId: number | null;
  readonly attemptId: number | null;
  readonly revision: number;
  /** The payer chooses the method on our page; gateway, method and mode are those chosen last. */
  readonly isCheckout: boolean;
  /** Until when the payer may choose. */
  readonly closeAt: number | null;
  readonly paidAt: number | null;
  /** Minor units paid back for good. */
  readonly refunded: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}
