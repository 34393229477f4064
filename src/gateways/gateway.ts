import type { Attempt, Fact, Instructions, NextStep } from '../core/attempt.ts';
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
  /** Code for a currency that a method does not take, INVALID_ARGUMENT unless given. */
  readonly currencyRefusal?: ErrorCode;
  /** Thrown when the operator has to name an origin first, because the gateway has none that is known. */
  readonly originMissing?: ErrorCode;
  /** How our number at the gateway is made, when not in the usual way. */
  readonly orderNo?: OrderNoRule;
  /**
   * Opens an attempt. With `settle: 'replay'` the same input gives the same request, byte for byte. Throws
   * GatewayRefusal, GatewayGarbage or GatewayCallError.
   */
  create(input: CreateInput, ctx: GatewayContext): Promise<NextStep>;
  /**
   * Asks what became of an attempt, and finishes what the payer has approved (PayPal's capture). Throws
   * GatewayForbidden, GatewayGarbage or GatewayCallError.
   */
  readonly query?: (input: QueryInput, ctx: GatewayContext) => Promise<QueryResult>;
  /** Ends an open order at the gateway; facts say what it is now. Throws like `create`. */
  readonly cancel?: (input: QueryInput, ctx: GatewayContext) => Promise<readonly Fact[]>;
  /** Pays back. Throws like `create`; the same `refundNo` never pays back twice. */
  readonly refund?: (input: RefundInput, ctx: GatewayContext) => Promise<RefundResult>;
  /** What else the gateway can be asked: `POST /api/paycore/gateways/{gateway}/{action}`. */
  readonly actions?: Readonly<Record<string, GatewayAction>>;
  /** Parameter of the payer's way back that carries the gateway's own number. */
  readonly returnsTradeNoAs?: string;
  /** The gateway's form in our page for attempts whose instructions are an `element`. */
  readonly element?: ElementDriver;
  /** Pays in our own page with what the gateway's script gave the browser. */
  readonly inSite?: InSite;
  /** The answer's `payment_info`, as the API catalogue lists it. */
  describeInfo(payment: Payment, attempt: Attempt, pageUrl: string): Readonly<Record<string, unknown>>;
  /** Links at the top of the answer's `data`, e.g. `approval_url`. */
  readonly describeLinks?: (attempt: Attempt) => Readonly<Record<string, string>>;
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
  /** ISO 4217; `any` leaves the choice to the gateway. The first one is meant when a request names none and TWD is not among them. */
  readonly currencies: readonly string[] | 'any';
  readonly unit: AmountUnit;
  /** Currencies without decimals at this gateway. Given: amounts may be decimal texts ("10.99"). */
  readonly wholeOnly?: readonly string[];
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
  /** What `describeLinks` adds to the example answer. */
  readonly exampleLinks?: Readonly<Record<string, string>>;
}

export type Secrets = Readonly<Record<string, string>>;

/** Our number at a gateway that is not `PC…` with 20 characters. */
export interface OrderNoRule {
  readonly length: number;
  /** The shop's own number is used when it looks like this and is free. */
  readonly keeps?: RegExp;
}

export interface CredentialSchema {
  readonly fields: readonly CredentialField[];
  /** Also the answer when a request brings no credentials and none are stored. */
  readonly invalid: ErrorCode;
  /** Its text then, when it is not the code's own. */
  readonly missingMessage?: string;
  /** For an environment that is none of these, when it has a code of its own. */
  readonly environmentInvalid?: ErrorCode;
  /** Where the credentials themselves say which environment they are for. */
  readonly environmentOf?: (secrets: Secrets) => Environment;
  /** For production credentials with a test key, TEST_KEY_PRODUCTION unless given. */
  readonly productionRefusal?: ErrorCode;
  /** What single fields cannot say: the code when the set does not fit together. */
  readonly checkSet?: (secrets: Secrets) => ErrorCode | null;
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
  /** Code and text for this field, when it has its own. */
  readonly invalid?: ErrorCode;
  readonly message?: string;
  /** No secret: it may be shown to payers and merchants. */
  readonly isPublic?: true;
}

export interface GatewayContext {
  readonly http: GatewayHttp;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Origin of one of the gateway's services, overrides applied. */
  originOf(service: string, environment: Environment): string;
  /** What a driver keeps between calls, e.g. access tokens; gone after a restart. Keys start with the gateway's id. */
  readonly memory: Map<string, unknown>;
  /** What the operator chose for this gateway, e.g. `{sign: 'md5-key'}` from PAYCORE_PLUS_SIGN. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names and proves this attempt in an address that the gateway is given. */
  readonly callbackToken: string;
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
  /** When the attempt ends unless the gateway names its own time; milliseconds since the epoch. */
  readonly deadline: number;
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
  readonly payment: CreateInput['payment'];
  readonly gatewayOrderNo: string;
  /** The gateway's own number, null while it has not told us. */
  readonly tradeNo: string | null;
  /** How often the payer's bank or wallet has said no so far. */
  readonly declines: number;
  readonly environment: Environment;
  readonly secrets: Secrets;
  /** The payer's number is known already. */
  readonly hasInstructions: boolean;
  /** Ours, for an answer that names none that can be read. */
  readonly deadline: number;
}

/** No facts: the gateway knows the order and it is unpaid. */
export type QueryResult = { readonly type: 'facts'; readonly facts: readonly Fact[] } | { readonly type: 'not_found' };

export interface RefundInput {
  readonly payment: CreateInput['payment'];
  readonly gatewayOrderNo: string;
  readonly tradeNo: string | null;
  readonly secrets: Secrets;
  /** Minor units. */
  readonly amount: number;
  /** Ours; makes a repeated call the same refund. */
  readonly refundNo: string;
  readonly reason?: string;
}

export interface RefundResult {
  readonly status: 'succeeded' | 'pending' | 'failed';
  /** The gateway's number of the refund. */
  readonly gatewayRefundNo: string;
  readonly message?: string;
}

/** One question of a merchant to his gateway. */
export interface GatewayAction {
  readonly docs: {
    readonly title: string;
    readonly summary: string;
    readonly example: Readonly<Record<string, unknown>>;
  };
  /** `data` of the answer besides `gateway`, without secrets. Throws like `create`. */
  run(secrets: Secrets, ctx: GatewayContext): Promise<Readonly<Record<string, unknown>>>;
}

/** Origins a page may reach for the gateway's sake. */
export interface PageOrigins {
  readonly script: readonly string[];
  readonly frame: readonly string[];
  readonly connect: readonly string[];
  readonly img?: readonly string[];
  readonly font?: readonly string[];
  readonly style?: readonly string[];
  /** Its script sets styles of its own in our page. */
  readonly inlineStyle?: true;
}

/** A form of the gateway in our page that pays without us: the browser talks to the gateway. */
export interface ElementDriver {
  /** What `web/{gateway}.js` needs; all of it may be seen by the payer. */
  describe(attempt: Attempt, secrets: Secrets, ctx: GatewayContext, environment: Environment): ElementForm;
  origins(ctx: Pick<GatewayContext, 'originOf'>, environment: Environment): PageOrigins;
}

export interface ElementForm {
  readonly scriptUrl: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Paying inside our page: the gateway's script shows its form and hands the browser a token to pay with. */
export interface InSite {
  /** What the page's script needs. Throws like `create`. */
  prepare(input: CreateInput, ctx: GatewayContext): Promise<InSiteForm>;
  /** Pays. The answer is facts, or an address where the payer goes on. Throws like `create`. */
  pay(input: CreateInput & { readonly payToken: string }, ctx: GatewayContext): Promise<InSiteResult>;
  /** Origins of the gateway's script and of what it calls: what the page's policy must let in. */
  origins(ctx: Pick<GatewayContext, 'originOf'>, environment: Environment): PageOrigins;
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
  /** Only the merchant is readable: the credentials stored for it are tried with `open`. */
  | { readonly type: 'sealed'; readonly merchantId: string; readonly envelope: string }
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
  readonly open?: (envelope: string, secrets: Secrets) => Message | null;
  /** May ask the gateway for a proof; throws like `query` when it cannot be asked. */
  verify(message: Message, secrets: Secrets, subject: CallbackSubject): Verification | Promise<Verification>;
  /** `ask`: what it says is not acted on, the gateway's answer to a query is. */
  parse(message: Message, payment: Payment): readonly Fact[] | 'ask';
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
}

/** What the API document says about the callbacks of a gateway. */
export interface CallbackDocs {
  readonly description: string;
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
  /** Texts of refusal besides those in `texts`. */
  readonly refusals: readonly string[];
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
