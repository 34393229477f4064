import type { Fact } from '../core/attempt.ts';
import type { Locale } from '../core/locale.ts';
import type { Environment, Order } from '../core/payment.ts';
import type { ReportedRefund } from '../core/refund.ts';
import type { Secrets } from './context.ts';
import type { Method } from './method.ts';

/** What a driver is asked, and what it answers. */

/** What every call is about. */
interface CallInput {
  readonly method: Method;
  readonly payment: {
    readonly paymentNo: string;
    readonly merchantOrderNo: string;
    readonly amount: number;
    readonly currency: string;
    readonly environment: Environment;
    readonly order: Order;
  };
  readonly gatewayOrderNo: string;
  readonly secrets: Secrets;
}

export interface CreateInput extends CallInput {
  readonly locale: Locale;
  /** When the attempt ends unless the gateway names its own time; milliseconds since the epoch. */
  readonly deadline: number;
}

export interface ExtrasContext {
  readonly method: Method;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** What the request says besides. */
  readonly order: Order;
}

export type Extras = Readonly<Record<string, string | number | boolean>>;

export type ExtrasResult =
  | { readonly ok: true; readonly extras: Extras }
  | { readonly ok: false; readonly fields: Readonly<Record<string, readonly string[]>> };

export interface QueryInput extends CallInput {
  /** The gateway's own number, null while it has not told us. */
  readonly tradeNo: string | null;
  /** How often the payer's bank or wallet has said no so far. */
  readonly declines: number;
  /** It was under review when last heard of. */
  readonly isUnderReview: boolean;
  readonly environment: Environment;
  /**
   * Has to be called, and to answer true, right before what the payer has approved is taken: it writes down that money may
   * be moving. The call is made at once then, and what is thrown afterwards leaves its outcome unknown, except for
   * GatewayRefusal, GatewayForbidden and a GatewayCallError of kind not_sent.
   */
  readonly beginCapture: () => Promise<boolean>;
  /** The payer's number is known already. */
  readonly hasInstructions: boolean;
  /** It is a store code, and the gateway has named no page of its own about it yet. */
  readonly lacksCodeUrl: boolean;
  /** Ours, for an answer that names none that can be read. */
  readonly deadline: number;
}

/** No facts: the gateway knows the order and it is unpaid. */
export type QueryResult = { readonly type: 'facts'; readonly facts: readonly Fact[] } | { readonly type: 'not_found' };

export interface RefundInput extends CallInput {
  readonly tradeNo: string | null;
  /** Minor units. */
  readonly amount: number;
  /** Ours; where the gateway takes such a number, a repeated call is the same refund. */
  readonly refundNo: string;
  readonly reason?: string;
}

/** One refund as the gateway knows it. */
export type GatewayRefund = ReportedRefund;

export interface RefundResult {
  readonly status: ReportedRefund['status'];
  /** The gateway's number of the refund; null when it has none of its own. */
  readonly gatewayRefundNo: string | null;
  readonly message?: string;
}
