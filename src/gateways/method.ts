import type { Instructions } from '../core/attempt.ts';
import type { ErrorRef } from '../core/errors.ts';
import type { Field } from '../core/fields.ts';
import type { MethodHint, MethodKind } from '../core/method-kind.ts';
import type { PayerNeeds } from '../core/payer.ts';
import type { AmountUnit } from '../core/payment.ts';

/** What a method is to payers who choose. */
export interface MethodNature {
  readonly kind: MethodKind;
  /**
   * What of its kind it can be paid with: chains of stores, ways at a gateway's own page. Left out: all there is. It is not
   * offered where others of its kind, offered before it, serve all of this.
   */
  readonly serves?: readonly string[];
  readonly hint: MethodHint;
}

/** One way to pay and the route that asks for it. */
export interface Method extends MethodNature, PayerNeeds {
  /** With some accounts it is something else: by the value of a field of the credentials. */
  readonly varies?: { readonly by: string; readonly as: Readonly<Record<string, MethodNature>> };
  /** Route behind `/api/paycore/pay/{gateway}/`. */
  readonly path: string;
  /** `data.method` of the answer. */
  readonly method: string;
  /** `data.mode` of the answer. */
  readonly mode: string;
  /** ISO 4217. The first one is meant when a request names none and TWD is not among them. */
  readonly currencies: readonly string[];
  readonly unit: AmountUnit;
  /** Digits behind the point that an amount in whole units may have, by currency, where they are fewer than in ISO 4217. */
  readonly decimals?: Readonly<Record<string, number>>;
  /** By currency, in the method's unit: less is refused by the gateway, and not offered where payers choose. */
  readonly least?: Readonly<Record<string, number>>;
  /** Creating calls the gateway; otherwise the browser carries a form that we sign. */
  readonly callsGateway: boolean;
  /** The payer pays in our own page, through the driver's `inSite`. */
  readonly inSite?: true;
  /** The payer may open a new attempt on the page. */
  readonly mayChooseAgain: boolean;
  /** How long an attempt lives when the request does not say, until the gateway names its own deadline. */
  readonly defaultLifetimeMs: number;
  /** How long after its deadline an attempt is still waited for, by what the payer was given; `none`: nothing yet. */
  readonly graceMs: Readonly<{ none: number } & Partial<Record<Instructions['type'], number>>>;
  /**
   * Leads to pages or apps that often fail in the browser of another app (LINE, Facebook): the payment page then says how
   * to open it outside.
   */
  readonly needsSystemBrowser?: true;
  /** Not offered where payers choose, unless the merchant says so: another method does the same better. */
  readonly inCheckout?: false;
  /** Money taken by this method can be paid back through the gateway. */
  readonly refundable?: true;
  /** How long the gateway keeps an order open that nobody pays, when that is shorter than the payment lives. */
  readonly orderLifetimeMs?: number;
  /** Amounts the gateway takes, in the method's unit; the project may have other terms. */
  readonly limits: { readonly min: number; readonly max: number };
  /** Longest `expire_days` that the gateway takes. */
  readonly maxExpireDays: number;
  /** The gateway's guide for payers of this method. */
  readonly guideUrl: string | null;
  readonly extras: readonly Field[];
  /** Fields of the body that this method takes besides the common ones. */
  readonly fields?: readonly Field[];
  /** The payment is made without what it needs of the payer all the same: the page asks. */
  readonly asksPayer?: true;
  /** What `payment_info` says before there is an attempt. */
  readonly info?: Readonly<Record<string, string>>;
  readonly docs: MethodDocs;
}

export interface MethodDocs {
  readonly title: string;
  readonly summary: string;
  /** Names in the answer worth pointing at. */
  readonly highlights: readonly string[];
  readonly errors: readonly ErrorRef[];
  /** What is worth knowing besides, a sentence or two each. */
  readonly notes?: readonly string[];
  /** `payment_info` of the example answer. */
  readonly exampleInfo: Readonly<Record<string, unknown>>;
  /** What the gateway's own names in it mean; those that several gateways share are known. */
  readonly info?: Readonly<Record<string, string>>;
  /** What `describeLinks` adds to the example answer. */
  readonly exampleLinks?: Readonly<Record<string, string>>;
}
