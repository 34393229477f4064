import { type Call, createCall } from './call.ts';
import { type CallOptions, type PayCoreOptions, readOptions } from './options.ts';
import { createCheckout, createLinks, createMethods, createPayments, createRefunds } from './resources.ts';
import type {
  ActionAnswer,
  ActionBody,
  ActionRoute,
  AnswerOf,
  PayAnswer,
  PayBody,
  PayRoute,
  QueryOf,
} from './types.ts';

const OVERVIEW = 'GET /api/paycore/home/overview';
const HEALTH = 'GET /healthz';
const READINESS = 'GET /readyz';

/** `new PayCore({ url: 'https://pay.shop.example', apiKey: process.env.PAYCORE_API_KEY })` */
export class PayCore {
  readonly #call: Call;
  readonly checkout: ReturnType<typeof createCheckout>;
  readonly payments: ReturnType<typeof createPayments>;
  readonly refunds: ReturnType<typeof createRefunds>;
  readonly links: ReturnType<typeof createLinks>;
  readonly methods: ReturnType<typeof createMethods>;

  constructor(options: PayCoreOptions) {
    const call = createCall(readOptions(options));
    this.#call = call;
    this.checkout = createCheckout(call);
    this.payments = createPayments(call);
    this.refunds = createRefunds(call);
    this.links = createLinks(call);
    this.methods = createMethods(call);
  }

  /** A payment by one way to pay, named as in its route: `paycore.pay('ecpay/atm', { … })`. */
  pay<P extends PayRoute>(route: P, body: PayBody<P>, options?: CallOptions): Promise<PayAnswer<P>> {
    return this.#call<`POST /api/paycore/pay/${P}`>(`POST /api/paycore/pay/${route}`, { body }, options);
  }

  /** What a gateway does besides payments: `paycore.action('plus/balance')`. */
  action<A extends ActionRoute>(action: A, body?: ActionBody<A>, options?: CallOptions): Promise<ActionAnswer<A>> {
    return this.#call<`POST /api/paycore/gateways/${A}`>(`POST /api/paycore/gateways/${action}`, { body }, options);
  }

  /** Turnover of today and of this month; without a key only what the merchant made public. */
  overview(query?: QueryOf<typeof OVERVIEW>, options?: CallOptions): Promise<AnswerOf<typeof OVERVIEW>> {
    return this.#call(OVERVIEW, { query }, options);
  }

  /** Whether the server runs; needs no key. */
  health(options?: CallOptions): Promise<AnswerOf<typeof HEALTH>> {
    return this.#call(HEALTH, { isBare: true }, options);
  }

  /** Whether it can take payments, and why not; needs no key. */
  readiness(options?: CallOptions): Promise<AnswerOf<typeof READINESS>> {
    return this.#call(READINESS, { isBare: true, alsoGood: 503 }, options);
  }
}
