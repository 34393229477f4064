import type { Attempt, Fact, NextStep, Store } from '../core/attempt.ts';
import type { ErrorRef, ErrorSpec } from '../core/errors.ts';
import type { Locale } from '../core/locale.ts';
import type { Environment, Order, Payment } from '../core/payment.ts';
import type { CallbackDriver } from './callback.ts';
import type {
  CreateInput,
  Extras,
  ExtrasContext,
  ExtrasResult,
  GatewayRefund,
  QueryInput,
  QueryResult,
  RefundInput,
  RefundResult,
} from './calls.ts';
import type { GatewayContext, Secrets } from './context.ts';
import type { CredentialSchema } from './credential-schema.ts';
import type { Method } from './method.ts';
import type { ElementDriver, InSite } from './page.ts';

export type * from './callback.ts';
export type * from './calls.ts';
export type * from './context.ts';
export type * from './credential-schema.ts';
export { GatewayForbidden, GatewayGarbage, GatewayRefusal } from './errors.ts';
export type * from './method.ts';
export type * from './page.ts';

/**
 * What every driver fills. What a gateway says about itself is data: routes, OpenAPI, checks, page policies and the
 * list of methods are all made from it. What it does is small and, but for calls through `ctx.http`, pure.
 */
export interface Gateway {
  readonly id: string;
  /** What merchants and developers read, in every language. */
  readonly name: string;
  /** What payers read where that is something else; those of a language that has none read the English one. */
  readonly names?: Readonly<Partial<Record<Locale, string>>> & { readonly en: string };
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
  /** The chains that a store code is good for, where the order asked for some and the gateway does not say so itself. */
  readonly storesOf?: (order: Order) => readonly Store[] | undefined;
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
  readonly testCredentials?: CredentialTest;
  /** What else the gateway can be asked: `POST /api/paycore/gateways/{gateway}/{action}`. */
  readonly actions?: Readonly<Record<string, GatewayAction>>;
  /** Parameter of the payer's way back that carries the gateway's own number. */
  readonly returnsTradeNoAs?: string;
  /** A payer who comes back has approved what `query` then takes: it is looked at even when nothing proves who he is. */
  readonly takesOnReturn?: true;
  /** The gateway's form in our page for attempts whose instructions are an `element`. */
  readonly element?: ElementDriver;
  /** Pays in our own page with what the gateway's script gave the browser. */
  readonly inSite?: InSite;
  /** The answer's `payment_info`, as the API catalogue lists it. */
  describeInfo(payment: Payment, attempt: Attempt, pageUrl: string): Readonly<Record<string, unknown>>;
  /** Links at the top of the answer's `data`, e.g. `approval_url`. */
  readonly describeLinks?: (attempt: Attempt) => Readonly<Record<string, string>>;
  /**
   * Checks the object named after the gateway by what its fields cannot say one by one, and gives back what is to be sent.
   * They are those of `method.extras`, each of them sound; without this, that is all there is to check.
   */
  readonly checkExtras?: (extras: Extras, context: ExtrasContext) => ExtrasResult;
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

/** Our number at a gateway that is not `PC…` with 20 characters. */
export interface OrderNoRule {
  readonly length: number;
  /** The shop's own number is used when it looks like this and is free. */
  readonly keeps?: RegExp;
}

export type CredentialTest = (
  secrets: Secrets,
  environment: Environment,
  ctx: GatewayContext,
) => Promise<CredentialTestResult>;

export interface CredentialTestResult {
  readonly ok: boolean;
  /** What was seen neither proves nor disproves them. */
  readonly isInconclusive?: true;
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
