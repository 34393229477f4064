import type { ActorType } from '../../../core/actor.ts';
import type { Attempt } from '../../../core/attempt.ts';
import type { PaidDetails } from '../../../core/paid-details.ts';
import type { Payment } from '../../../core/payment.ts';
import type { Refund } from '../../../core/refund.ts';
import type { Unpaid } from '../../../core/unpaid.ts';
import type { ShownBody } from '../../../gateways/callback-body.ts';
import type { SentNotification } from '../../../store/queries/payment-page.ts';

/** Everything the page of a payment shows, ready made. */
export interface PaymentModel {
  readonly payment: Payment;
  readonly now: number;
  readonly projectName: string;
  /** Null: the payer has not chosen yet. */
  readonly gatewayName: string | null;
  /** Null: it is paid. */
  readonly unpaid: Unpaid | null;
  /** Who ended it, when somebody did. */
  readonly endedBy: ShownActor | null;
  /** Of the attempt that paid it. */
  readonly details: PaidDetails | null;
  /** Oldest first. */
  readonly attempts: readonly ShownAttempt[];
  /** Oldest first. */
  readonly refunds: readonly Refund[];
  /** One for each attempt that was paid; more than one when the order was paid twice. */
  readonly offers: readonly RefundOffer[];
  /** Newest first. */
  readonly notifications: readonly SentNotification[];
  readonly timeline: ShownTimeline;
  /** The payer's page. */
  readonly pageUrl: string;
  /** A gateway can be asked about it. */
  readonly canSync: boolean;
}

export interface ShownAttempt {
  readonly attempt: Attempt;
  readonly gatewayName: string;
  /** What the credentials it was made with are known by; null: they are gone. */
  readonly account: { readonly merchantId: string; readonly environment: string } | null;
  readonly isCurrent: boolean;
}

/** Money that can go back, or that has to go back elsewhere. */
export interface RefundOffer {
  readonly attempt: Attempt;
  readonly gatewayName: string;
  /** Minor units; what is under way counts as gone. */
  readonly left: number;
  /** The gateway pays it back when it is asked; else it is done at its own desk. */
  readonly isSupported: boolean;
  /** Digits behind the point that an amount may have. */
  readonly decimals: number;
}

export interface ShownTimeline {
  /** In the order of happening. */
  readonly entries: readonly ShownEntry[];
  /** Where those before them begin; null: these are the first. */
  readonly earlier: number | null;
  /** Nothing has happened after them, as far as is known. */
  readonly isLatest: boolean;
}

export interface ShownActor {
  readonly type: ActorType;
  readonly name: string | null;
}

export interface ShownEntry {
  readonly id: number;
  readonly type: string;
  readonly at: number;
  readonly by: ShownActor;
  readonly gatewayName: string | null;
  readonly gatewayOrderNo: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly callback: ShownCallback | null;
}

/** The callback that it came by. */
export interface ShownCallback {
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** How often these very bytes have come. */
  readonly seen: number;
  /** Null: too long to be shown. */
  readonly body: ShownBody | null;
  /** What was inside a sealed one. */
  readonly opened: ShownBody | null;
}

/** What somebody is asked before money goes back. */
export interface RefundQuestion {
  readonly payment: Payment;
  readonly gatewayName: string;
  /** Minor units; `rest`: what is left to pay back afterwards. */
  readonly amount: number;
  readonly rest: number;
  /** What is sent: a decimal. */
  readonly amountText: string;
  readonly reason: string;
  readonly tradeNo: string;
  /** Names this question: answered twice, it is one refund. */
  readonly formKey: string;
  /** The newest refund there was when it was asked. */
  readonly seen: number;
}
