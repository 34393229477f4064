import type { Attempt, Fact, NextStep } from '../core/attempt.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Field } from '../core/fields.ts';
import type { Locale } from '../core/locale.ts';
import type { AmountUnit, Environment, Order, Payment } from '../core/payment.ts';
import type { GatewayHttp } from './http.ts';

/**
 * What every driver fills. What a gateway says about itself is data: routes, OpenAPI, checks, page policies and the
 * list of methods are all made from it. What it does is small and, but for calls through `ctx.http`, pure.
 */
export interface Gateway {
  readonly id: string;
  /** Shown to payers. */
  readonly name: string;
  readonly methods: readonly Method[];
  readonly credentials: CredentialSchema;
  /** Origins by service and environment; the operator may override each service (`PAYCORE_<GATEWAY>_<SERVICE>_URL`). */
  readonly services: Readonly<Record<string, Readonly<Partial<Record<Environment, string>>>>>;
  /** Environment a key of each kind means when the request names none; null: this gateway has no such environment. */
  readonly defaultEnvironment: { readonly live: Environment; readonly test: Environment | null };
  readonly callback: CallbackDriver;
  /** How an unknown outcome is settled: the same call again, a query, or a new number while the old one is watched. */
  readonly settle: 'replay' | 'query' | 'abandon';
  /** Opens an attempt. Throws GatewayRefusal, GatewayGarbage or GatewayCallError. */
  create(input: CreateInput, ctx: GatewayContext): Promise<NextStep>;
  /** Asks what became of a number. Throws GatewayForbidden, GatewayGarbage or GatewayCallError. */
  readonly query?: (input: QueryInput, ctx: GatewayContext) => Promise<QueryResult>;
  /** Pays in our own page with what the gateway's script gave the browser. */
  readonly inSite?: InSite;
  /** The answer's `payment_info`, as the API catalogue lists it. */
  describeInfo(payment: Payment, attempt: Attempt, pageUrl: string): Readonly<Record<string, unknown>>;
  /** Checks the object named after the gateway by the gateway's own rules; gives it back in the gateway's names. */
  checkExtras(extras: Readonly<Record<string, unknown>>, context: ExtrasContext): ExtrasResult;
}

/** One way to pay and the route that asks for it. */
export interface Method {
  /** Route behind `/api/paycore/pay/{gateway}/`. */
  readonly path: string;
  /** `data.method` of the answer. */
  readonly method: string;
  /** `data.mode` of the answer. */
  readonly mode: string;
  readonly currencies: readonly string[];
  readonly unit: AmountUnit;
  /** Creating calls the gateway; otherwise the browser carries a form that we sign. */
  readonly callsGateway: boolean;
  /** The payer pays in our own page, through the driver's `inSite`. */
  readonly inSite?: true;
  /** The payer may open a new attempt on the page. */
  readonly mayChooseAgain: boolean;
  /** How long an attempt lives when the request does not say, until the gateway names its own deadline. */
  readonly defaultLifetimeMs: number;
  /** How long after its deadline an attempt is still waited for, by what the payer was given; `none`: nothing yet. */
  readonly graceMs: Readonly<Record<'atm' | 'cvs' | 'barcode' | 'none', number>>;
  /** Whole amounts the gateway takes, in the method's unit; the project may have other terms. */
  readonly limits: { readonly min: number; readonly max: number };
  /** Longest `expire_days` that the gateway takes. */
  readonly maxExpireDays: number;
  /** The gateway's guide for payers of this method. */
  readonly guideUrl: string | null;
  readonly extras: readonly Field[];
  /** Fields of the body that this method takes besides the common ones. */
  readonly fields?: readonly Field[];
  /** Of these fields one has to be given. */
  readonly needsOneOf?: readonly string[];
  readonly docs: MethodDocs;
}

export interface MethodDocs {
  readonly title: string;
  readonly summary: string;
  /** Names in the answer worth pointing at. */
  readonly highlights: readonly string[];
  readonly errors: readonly ErrorCode[];
  readonly note?: string;
  /** `payment_info` of the example answer. */
  readonly exampleInfo: Readonly<Record<string, unknown>>;
}

export type Secrets = Readonly<Record<string, string>>;

export interface CredentialSchema {
  readonly fields: readonly CredentialField[];
  readonly invalid: ErrorCode;
  /** The field that names the merchant to the gateway; sealed callbacks are found by it. */
  readonly merchantField: string;
  readonly environments: Readonly<Record<string, Environment>>;
}

export interface CredentialField {
  readonly name: string;
  /** Other spellings that integrators use. */
  readonly aliases: readonly string[];
  readonly required: boolean;
  readonly pattern: RegExp;
  readonly expected: string;
  readonly description: string;
  readonly example: string;
}

export interface GatewayContext {
  readonly http: GatewayHttp;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Origin of one of the gateway's services, overrides applied. */
  originOf(service: string, environment: Environment): string;
  /** Addresses of ours that the gateway is given. */
  readonly urls: {
    readonly callback: string;
    readonly page: string;
    readonly browserReturn: string;
  };
}

export interface CreateInput {
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
  readonly locale: Locale;
}

export interface ExtrasContext {
  readonly method: Method;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
}

export type ExtrasResult =
  | { readonly ok: true; readonly extras: Readonly<Record<string, string | number | boolean>> }
  | { readonly ok: false; readonly fields: Readonly<Record<string, readonly string[]>> };

export interface QueryInput {
  readonly method: Method;
  readonly gatewayOrderNo: string;
  readonly environment: Environment;
  readonly secrets: Secrets;
  /** The payer's number is known already. */
  readonly hasInstructions: boolean;
  /** Ours, for an answer that names none that can be read. */
  readonly deadline: number;
}

/** No facts: the gateway knows the order and it is unpaid. */
export type QueryResult = { readonly type: 'facts'; readonly facts: readonly Fact[] } | { readonly type: 'not_found' };

/** Paying inside our page: the gateway's script shows its form and hands the browser a token to pay with. */
export interface InSite {
  /** What the page's script needs. Throws like `create`. */
  prepare(input: CreateInput, ctx: GatewayContext): Promise<InSiteForm>;
  /** Pays. The answer is facts, or an address where the payer goes on. Throws like `create`. */
  pay(input: CreateInput & { readonly payToken: string }, ctx: GatewayContext): Promise<InSiteResult>;
  /** Origins of the gateway's script and of what it calls: what the page's policy must let in. */
  origins(ctx: Pick<GatewayContext, 'originOf'>, environment: Environment): readonly string[];
}

/** Handed to the page's script as it is. */
export interface InSiteForm {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly scriptUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

export type InSiteResult =
  | { readonly type: 'redirect'; readonly url: string }
  | { readonly type: 'facts'; readonly facts: readonly Fact[] };

/** A callback as it came. */
export interface RawCallback {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** A callback in the clear, still unproved. */
export interface Message {
  /** Ours at the gateway. */
  readonly orderNo: string;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Located =
  | { readonly type: 'clear'; readonly message: Message }
  /** Only the merchant is readable: the credentials stored for it are tried with `open`. */
  | { readonly type: 'sealed'; readonly merchantId: string; readonly envelope: string }
  | { readonly type: 'refused'; readonly message: string };

export type Verification =
  | { readonly ok: true }
  /** `proved`: the signature is right, what it says about the merchant is not. */
  | { readonly ok: false; readonly proved: boolean; readonly message: string };

export interface CallbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The way of a callback: locate, open, verify, parse, answer. All pure. */
export interface CallbackDriver {
  locate(raw: RawCallback): Located;
  /** The message inside an envelope, or null when these secrets do not open it. */
  open(envelope: string, secrets: Secrets): Message | null;
  verify(message: Message, secrets: Secrets, payment: Payment): Verification;
  parse(message: Message): readonly Fact[];
  readonly texts: {
    /** No attempt of ours carries the number. */
    readonly unknown: string;
    /** No stored credential opens the envelope, or the number inside is not ours. */
    readonly unknownSealed: string;
    readonly amount: string;
  };
  readonly accept: CallbackAnswer;
  refuse(message: string): CallbackAnswer;
  /** The database could not be written: the gateway shall come again. */
  readonly retry: CallbackAnswer;
}

/** The gateway said no: nothing was made there. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly errorCode: ErrorCode;
  readonly gatewayCode: string;

  constructor(errorCode: ErrorCode, gatewayCode: string, message: string) {
    super(message);
    this.errorCode = errorCode;
    this.gatewayCode = gatewayCode;
  }
}

/** The gateway wants to be left alone for a while: too many questions. */
export class GatewayForbidden extends Error {
  override readonly name = 'GatewayForbidden';
}

/** The gateway answered something that cannot be understood or believed: the outcome is unknown. */
export class GatewayGarbage extends Error {
  override readonly name = 'GatewayGarbage';
}
