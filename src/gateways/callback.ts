import type { Attempt, Fact } from '../core/attempt.ts';
import type { Field } from '../core/fields.ts';
import type { Payment } from '../core/payment.ts';
import type { GatewayContext, Secrets } from './context.ts';

/** A callback as it came. */
export interface RawCallback {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Of the address it came to. */
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

/** What a callback says about whose it is; looked up in this order, the first that is known counts. */
export interface Hints {
  readonly tradeNo?: string;
  /** The `callbackToken` its address carried. */
  readonly token?: string;
  /** Ours at the gateway. */
  readonly orderNo?: string;
  readonly paymentNo?: string;
  /** The shop's own number, with the merchant whose it is. */
  readonly merchantOrder?: { readonly merchantId: string; readonly orderNo: string };
}

/** A callback in the clear, still unproved. */
export interface Message {
  readonly kind: string;
  readonly hints: Hints;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Bytes and headers, where they are what is signed. */
  readonly raw?: RawCallback;
}

export type Located =
  | { readonly type: 'clear'; readonly message: Message }
  /** Reads well and is none of ours: acknowledged and forgotten. */
  | { readonly type: 'dropped' }
  /** Only the merchant is readable: the credentials stored for it are tried with `open`, on bytes that are decoded once. */
  | { readonly type: 'sealed'; readonly merchantId: string; readonly envelope: Uint8Array }
  | { readonly type: 'refused'; readonly message: string };

export type Verification =
  | { readonly ok: true }
  /**
   * `proved`: the signature is right, what it says about the merchant is not. `confirm`: these secrets can neither prove
   * nor disprove it, so the gateway is asked; it is taken when the gateway says `paid`, or when it gives any `answer`.
   */
  | { readonly ok: false; readonly proved: boolean; readonly message: string; readonly confirm?: 'paid' | 'answer' };

/** The attempt a callback seems to be about, for `verify`. */
export interface CallbackSubject {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly ctx: GatewayContext;
}

export interface CallbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The way of a callback: locate, open, verify, parse, answer. Pure, but for a proof that only the gateway can give. */
export interface CallbackDriver {
  locate(raw: RawCallback): Located;
  /** The message inside an envelope, or null when these secrets do not open it. */
  readonly open?: (envelope: Uint8Array, secrets: Secrets) => Message | null;
  /** May ask the gateway for a proof; throws like `query` when it cannot be asked. */
  verify(message: Message, secrets: Secrets, subject: CallbackSubject): Verification | Promise<Verification>;
  /** `ask`: what it says is not acted on, the gateway's answer to a query is. */
  parse(message: Message, payment: Payment): readonly Fact[] | 'ask';
  /**
   * When the gateway made it, by its own clock, milliseconds since the epoch; null: it does not say. For gateways whose
   * callbacks can move an attempt to and fro (declined, under review, ended) and tell when they were made: one that is older
   * than what is known then moves nothing, and the gateway is asked.
   */
  readonly saidAt?: (message: Message) => number | null;
  /** Names of what nobody needs to see of it afterwards, besides the usual ones: what proves it, who the payer is. */
  readonly hides: readonly string[];
  /** Encodings it may come in, in the order in which they are tried, where they are not UTF-8 alone. */
  readonly charsets?: readonly string[];
  readonly texts: {
    /** No attempt of ours carries the number; null: the gateway reports everything of an account, so that is nothing. */
    readonly unknown: string | null;
    /** No stored credential opens the envelope, or the number inside is not ours. */
    readonly unknownSealed?: string;
    readonly amount: string;
  };
  /** What a mismatch is logged with, besides the amounts. */
  readonly describePayload?: (message: Message) => Readonly<Record<string, string>>;
  /** `message`: what is acknowledged; null: something that was dropped. */
  accept(message: Message | null): CallbackAnswer;
  refuse(message: string): CallbackAnswer;
  /** The database could not be written: the gateway shall come again. */
  readonly retry: CallbackAnswer;
  readonly docs: CallbackDocs;
  readonly setup: CallbackSetup;
}

/** How the gateway comes to know our address, for the merchant who has to give it. */
export interface CallbackSetup {
  /** What the gateway calls such an address. */
  readonly names: readonly string[];
  /** Null: every order carries it, and nothing is to be entered anywhere. */
  readonly entered: {
    /** The place in its desk, in the desk’s own words, and the page it is on. */
    readonly where: string;
    readonly url: string;
    /** What the gateway is to call about. */
    readonly events: readonly string[];
    /** The field of the credentials for what the desk gives in return: callbacks are proved with it. */
    readonly credential: string;
  } | null;
}

/** What is wrong with a callback that is refused, for whoever has to do something about it. */
export const REFUSAL_KINDS = [
  /** No order of ours has the number. */
  'unknown',
  /** No stored key opens it. */
  'sealed',
  'amount',
  /** It names another account than the payment was made with. */
  'account',
  /** The key does not fit. */
  'signature',
  /** Genuine once, and too old by now. */
  'late',
  /** Nothing proves it, and the gateway does not confirm it. */
  'unconfirmed',
  /** It is about another order than the one that it names. */
  'order',
  /** A test about real money, or the other way round. */
  'mode',
  /** The gateway tells of a fault of its own. */
  'reported',
  'unreadable',
  /** It could not be looked into at the moment; the gateway comes again. */
  'later',
  'other',
] as const;
export type RefusalKind = (typeof REFUSAL_KINDS)[number];

/** What the API document says about the callbacks of a gateway. */
export interface CallbackDocs {
  readonly title: string;
  readonly description: string;
  readonly notes?: readonly string[];
  /** Fields of the credentials that a callback is checked with. */
  readonly checkedWith: readonly string[];
  /** One for each shape in which it may come. */
  readonly bodies: readonly {
    /** Content type. */
    readonly type: string;
    readonly title: string;
    readonly fields: readonly Field[];
    /** As it is sent: text for a form, a value for JSON. */
    readonly example: string | Readonly<Record<string, unknown>>;
  }[];
  readonly headers?: readonly Field[];
  readonly query?: readonly Field[];
  /** Texts of refusal besides those in `texts`, or their beginnings, and what each means. */
  readonly refusals: Readonly<Record<string, RefusalKind>>;
}
