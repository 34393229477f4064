import type { Locale } from './locale.ts';
import type { PaidDetails } from './paid-details.ts';
import type { EndReason } from './payment.ts';

export type AttemptStatus = 'open' | 'unknown' | 'under_review' | 'paid' | 'ended';

/** Money may still come through an attempt in these states in the ordinary way. */
export const ALIVE = ['open', 'unknown', 'under_review'] as const satisfies readonly AttemptStatus[];

export function isAlive({ status }: { readonly status: AttemptStatus }): boolean {
  return (ALIVE as readonly AttemptStatus[]).includes(status);
}

/**
 * Its gateway is taking the payer's money, or looks into money that it has, or has not said what became of it. As long as
 * one attempt of a payment is like that, no other way to pay is offered, opened or taken, and nothing is called off.
 */
export function isMoneyMoving({ status, movingSince }: Pick<Attempt, 'status' | 'movingSince'>): boolean {
  return status === 'under_review' || movingSince !== null;
}

/** As many as a payment can have. */
export const MAX_ATTEMPTS = 50;

/** A chain's machine: of 7-ELEVEN, FamilyMart, Hi-Life, OKmart. */
export const STORES = ['ibon', 'famiport', 'lifeet', 'okgo'] as const;
export type Store = (typeof STORES)[number];

/** What the payer needs in order to pay. Instants are ISO 8601 with offset. */
export type Instructions =
  | {
      readonly type: 'atm';
      /** Absent when the gateway names no bank. */
      readonly bankCode?: string;
      readonly virtualAccount: string;
      /** The gateway's own page about this number. */
      readonly payUrl?: string;
      readonly expireAt: string;
    }
  | {
      readonly type: 'cvs';
      readonly paymentCode: string;
      readonly paymentCodeUrl?: string;
      /** Machines that take the code, when not all do. */
      readonly stores?: readonly Store[];
      readonly expireAt: string;
    }
  | {
      readonly type: 'barcode';
      readonly barcodes: readonly [string, string, string];
      readonly expireAt: string;
    }
  /** A page of the gateway where the payer approves. */
  | { readonly type: 'redirect'; readonly url: string; readonly expireAt: string }
  /** Text that a wallet reads as a QR code. */
  | { readonly type: 'qr'; readonly data: string; readonly expireAt: string }
  /** Paid in our page with the gateway's form; the key lets the browser pay this one order and nothing else. */
  | { readonly type: 'element'; readonly clientSecret: string; readonly expireAt: string };

const NUMBERS = ['atm', 'cvs', 'barcode'] as const satisfies readonly Instructions['type'][];
/** What is taken to a bank or a counter, where money goes on its way without us. */
export type PayNumber = Extract<Instructions, { readonly type: (typeof NUMBERS)[number] }>;

export function isNumber(instructions: Instructions | null): instructions is PayNumber {
  return instructions !== null && (NUMBERS as readonly string[]).includes(instructions.type);
}

/** The number that the payer has, as long as he may still pay with it: not when its deadline is over. */
export function heldNumber(attempt: Attempt, now: number): PayNumber | null {
  const { instructions, deadline } = attempt;
  return isAlive(attempt) && now < deadline && isNumber(instructions) ? instructions : null;
}

/**
 * What happens next after a driver has opened an attempt. A form is not stored: it is made from the attempt again and
 * comes out the same.
 */
export type NextStep =
  | { readonly type: 'instructions'; readonly instructions: Instructions; readonly tradeNo?: string }
  | {
      readonly type: 'form';
      readonly action: string;
      readonly method: 'POST';
      readonly fields: Readonly<Record<string, string>>;
    }
  /** The payer pays in our own page, with the gateway's script. */
  | { readonly type: 'insite' };

/** What a gateway told us, in our own words. Drivers report facts and never a status. */
export type Fact =
  | {
      readonly type: 'instructions';
      readonly instructions: Instructions;
      readonly tradeNo?: string;
      /** Minor units; given when the gateway repeats what the number is for. */
      readonly amount?: number;
    }
  | {
      readonly type: 'paid';
      /** ISO 4217 minor units. */
      readonly amount: number;
      readonly currency: string;
      readonly tradeNo?: string;
      /** The gateway's own time of payment, ISO 8601 with offset. */
      readonly paidAt?: string;
      readonly simulated: boolean;
      /** The gateway's name of the channel, e.g. `CVS_FAMILY`. */
      readonly channel?: string;
      /** What else it tells of how it was paid. */
      readonly details?: PaidDetails;
    }
  /** More about how it was, or is being, paid; it does not say that it is. */
  | { readonly type: 'details'; readonly details: PaidDetails }
  /** The order is known there and the payer goes on elsewhere (3-D Secure). */
  | { readonly type: 'continued' }
  | { readonly type: 'under_review' }
  | { readonly type: 'declined'; readonly code: string; readonly message: string }
  | {
      readonly type: 'ended';
      readonly reason: EndReason;
      readonly code?: string;
      readonly message?: string;
      /** Code of the error that whoever asked for the call was answered with. */
      readonly errorCode?: string;
    }
  /** Money went back, or the payer's bank wants it back: the gateway has to be asked how much. */
  | { readonly type: 'refunded' | 'disputed'; readonly code: string; readonly message: string }
  /** Heard and understood, but it changes nothing. */
  | { readonly type: 'note'; readonly code: string; readonly message: string };

/** An attempt as it is stored. Instants are milliseconds since the epoch. */
export interface Attempt {
  readonly id: number;
  readonly paymentId: number;
  readonly gateway: string;
  readonly method: string;
  readonly mode: string;
  /** What we call it at the gateway. */
  readonly gatewayOrderNo: string;
  /** What the gateway calls it. */
  readonly gatewayTradeNo: string | null;
  readonly credentialId: number;
  readonly status: AttemptStatus;
  readonly endReason: EndReason | null;
  readonly instructions: Instructions | null;
  /** How it was paid, as far as that was told. */
  readonly paidDetails: PaidDetails | null;
  readonly deadline: number;
  /** When the gateway is asked about it next; null when it is over. */
  readonly checkAt: number | null;
  /** How often the gateway has been asked since its last change. */
  readonly syncTries: number;
  /** How often the gateway said that it does not know the number. */
  readonly notFoundCount: number;
  /** How often the payer's bank or wallet has said no. */
  readonly declines: number;
  /**
   * When the gateway said, by its own clock and never by ours, what was the newest word that could move it; null: it has
   * said none that tells its time.
   */
  readonly heardAt: number | null;
  /** The language it was opened in: what is sent again must be sent in the same words. */
  readonly locale: Locale | null;
  /** The language of the page that led the payer away, where that is another one. */
  readonly payerLocale?: Locale | null;
  /** The number has been used up at the gateway: paying again needs another. */
  readonly used: boolean;
  /**
   * Since when its gateway may be taking the money: set before the call, ended by its outcome. It stands as long as the
   * outcome is unknown, whatever became of the process that called.
   */
  readonly movingSince: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}
