import type { Attempt, Fact, Instructions, NextStep } from '../core/attempt.ts';
import type { ErrorRef, ErrorSpec } from '../core/errors.ts';
import type { Field } from '../core/fields.ts';
import type { Locale } from '../core/locale.ts';
import type { AmountUnit, Environment, Order, Payment } from '../core/payment.ts';
import type { ReportedRefund } from '../core/refund.ts';
import type { CallbackDriver } from './callback.ts';
import type { GatewayHttp } from './http.ts';
import type { ElementDriver, InSite } from './page.ts';

export type * from './callback.ts';
export { GatewayForbidden, GatewayGarbage, GatewayRefusal } from './errors.ts';
export type * from './page.ts';

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
  /** What the operator can choose by variables of the environment. */
  readonly settings?: readonly GatewaySetting[];
  readonly callback: CallbackDriver;
  /** What it is answered with besides the codes that all gateways share. */
  readonly errors?: Readonly<Record<string, ErrorSpec>>;
  /** How an unknown outcome is settled: the same call again, a query, or a new number while the old one is watched. */
  readonly settle: 'replay' | 'query' | 'abandon';
  /** Code for a currency that a method does not take, INVALID_ARGUMENT unless given. */
  readonly currencyRefusal?: ErrorRef;
  /** Thrown when the operator has to name an origin first, because the gateway has none that is known. */
  readonly originMissing?: ErrorRef;
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
  /**
   * Pays back. Throws like `create`, and what is thrown decides: GatewayRefusal, GatewayForbidden, PayCoreError and a
   * GatewayCallError of kind not_sent mean that certainly nothing went back; anything else leaves it open, and nobody
   * asks for it again.
   */
  readonly refund?: (input: RefundInput, ctx: GatewayContext) => Promise<RefundResult>;
  /**
   * Every refund of an order, for those whose outcome is in doubt and those made at the gateway's own desk. Throws like
   * `query`. Without it a lost answer stays lost, and a person is told.
   */
  readonly listRefunds?: (input: QueryInput, ctx: GatewayContext) => Promise<readonly GatewayRefund[]>;
  /**
   * A harmless call that shows whether credentials are right. Throws like `query`, and GatewayRefusal for credentials that
   * are not.
   */
  readonly testCredentials?: (
    secrets: Secrets,
    environment: Environment,
    ctx: GatewayContext,
  ) => Promise<CredentialTestResult>;
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

/** One word out of a few, from the environment. */
export interface GatewaySetting {
  /** Key in `ctx.settings`. */
  readonly name: string;
  /** `PAYCORE_…` */
  readonly variable: string;
  readonly words: readonly string[];
  /** When the variable is unset; one of the words. */
  readonly fallback: string;
  readonly meaning: string;
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
  /** Of these fields one has to be given. */
  readonly needsOneOf?: readonly string[];
  readonly docs: MethodDocs;
}

export interface MethodDocs {
  readonly title: string;
  readonly summary: string;
  /** Names in the answer worth pointing at. */
  readonly highlights: readonly string[];
  readonly errors: readonly ErrorRef[];
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
  readonly invalid: ErrorRef;
  /** Its text then, when it is not the code's own. */
  readonly missingMessage?: string;
  /** For an environment that is none of these, when it has a code of its own. */
  readonly environmentInvalid?: ErrorRef;
  /** Where the credentials themselves say which environment they are for. */
  readonly environmentOf?: (secrets: Secrets) => Environment;
  /** For production credentials with a test key, TEST_KEY_PRODUCTION unless given. */
  readonly productionRefusal?: ErrorRef;
  /** What single fields cannot say: the code when the set does not fit together. */
  readonly checkSet?: (secrets: Secrets) => ErrorRef | null;
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
  readonly invalid?: ErrorRef;
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
  /** What the operator chose, by the names of the driver's `settings`. */
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
  /** It was under review when last heard of. */
  readonly isUnderReview: boolean;
  readonly environment: Environment;
  readonly secrets: Secrets;
  /** The payment still waits for money: what the payer has approved may be taken. */
  readonly mayTake: () => Promise<boolean>;
  /** The payer's number is known already. */
  readonly hasInstructions: boolean;
  /** Ours, for an answer that names none that can be read. */
  readonly deadline: number;
}

/** No facts: the gateway knows the order and it is unpaid. */
export type QueryResult = { readonly type: 'facts'; readonly facts: readonly Fact[] } | { readonly type: 'not_found' };

export interface RefundInput {
  readonly method: Method;
  readonly payment: CreateInput['payment'];
  readonly gatewayOrderNo: string;
  readonly tradeNo: string | null;
  readonly secrets: Secrets;
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

export interface CredentialTestResult {
  readonly ok: boolean;
  /** For the merchant: what was seen, and what it does not prove. */
  readonly message: string;
}

/** One question of a merchant to his gateway. */
export interface GatewayAction {
  readonly docs: {
    readonly title: string;
    readonly summary: string;
    readonly example: Readonly<Record<string, unknown>>;
    /** Members of the answer besides `gateway`, in the words of JSON Schema. */
    readonly answer: Readonly<Record<string, AnswerMember>>;
  };
  /** `data` of the answer besides `gateway`, without secrets. Throws like `create`. */
  run(secrets: Secrets, ctx: GatewayContext): Promise<Readonly<Record<string, unknown>>>;
}

export interface AnswerMember {
  readonly type?: string | readonly string[];
  readonly description: string;
}
