import type { Call } from './call.ts';
import type { CallOptions } from './options.ts';
import { List } from './pages.ts';
import type { BodyOf, QueryOf } from './types.ts';

/** Calls by what they are about. Each rejects with a PayCoreError, or with the reason of its signal. */

const CHECKOUT = 'POST /api/paycore/checkout';
const PAYMENTS = 'GET /api/paycore/payments';
const EVENTS = 'GET /api/paycore/payments/{paymentNo}/events';
const IN_SITE = 'POST /api/paycore/pay/ecpay/ecpg/{paymentNo}/create';
const REFUND = 'POST /api/paycore/payments/{paymentNo}/refunds';
const LINK = 'POST /api/paycore/links';
const LINKS = 'GET /api/paycore/links';

export function createCheckout(call: Call) {
  return {
    /** A payment whose way to pay the payer picks: send the payer to its `payment_url`. */
    create: (body: BodyOf<typeof CHECKOUT>, options?: CallOptions) => call(CHECKOUT, { body }, options),
  };
}

export function createPayments(call: Call) {
  return {
    get: (paymentNo: string, options?: CallOptions) =>
      call('GET /api/paycore/payments/{paymentNo}', { params: { paymentNo } }, options),
    /** The newest first: `for await (const payment of paycore.payments.list({ status: 'paid' }))`. */
    list: (query: QueryOf<typeof PAYMENTS> = {}, options?: CallOptions) =>
      new List(async (cursor) => {
        const page = await call(PAYMENTS, { query: { ...query, cursor } }, options);
        return { items: page.payments, nextCursor: page.next_cursor };
      }, query.cursor),
    /** Asks the gateway now, and answers with the payment as it then is. */
    sync: (paymentNo: string, options?: CallOptions) =>
      call('POST /api/paycore/payments/{paymentNo}/sync', { params: { paymentNo } }, options),
    /** Ends a pending payment. */
    cancel: (paymentNo: string, options?: CallOptions) =>
      call('POST /api/paycore/payments/{paymentNo}/cancel', { params: { paymentNo } }, options),
    /** What happened to a payment, in the order it happened. */
    events: (paymentNo: string, query: QueryOf<typeof EVENTS> = {}, options?: CallOptions) =>
      new List(async (cursor) => {
        const page = await call(EVENTS, { params: { paymentNo }, query: { ...query, cursor } }, options);
        return { items: page.events, nextCursor: page.next_cursor };
      }, query.cursor),
    /** Sends the notification of a paid payment to its `payok_url` once more. */
    resendNotification: (paymentNo: string, options?: CallOptions) =>
      call('POST /api/paycore/payments/{paymentNo}/notifications', { params: { paymentNo } }, options),
    /** Pays with the token that ECPay's in-site form gave, for shops that show the form on pages of their own. */
    payInSite: (paymentNo: string, body: BodyOf<typeof IN_SITE>, options?: CallOptions) =>
      call(IN_SITE, { params: { paymentNo }, body }, options),
  };
}

export function createRefunds(call: Call) {
  return {
    /**
     * Pays back a part, or all that is left when `amount` is missing. Every call is another refund, unless it has the
     * `idempotencyKey` of an earlier one: give one that you can make again after a crash, such as your own refund number.
     */
    create: (paymentNo: string, body: BodyOf<typeof REFUND> = {}, options?: CallOptions) =>
      call(REFUND, { params: { paymentNo }, body }, options),
    list: async (paymentNo: string, options?: CallOptions) => {
      const found = await call('GET /api/paycore/payments/{paymentNo}/refunds', { params: { paymentNo } }, options);
      return found.refunds;
    },
  };
}

export function createLinks(call: Call) {
  return {
    create: (body: BodyOf<typeof LINK>, options?: CallOptions) => call(LINK, { body }, options),
    get: (linkNo: string, options?: CallOptions) =>
      call('GET /api/paycore/links/{linkNo}', { params: { linkNo } }, options),
    /** The newest first. */
    list: (query: QueryOf<typeof LINKS> = {}, options?: CallOptions) =>
      new List(async (cursor) => {
        const page = await call(LINKS, { query: { ...query, cursor } }, options);
        return { items: page.links, nextCursor: page.next_cursor };
      }, query.cursor),
    /** Takes no more payments by this link. */
    close: (linkNo: string, options?: CallOptions) =>
      call('POST /api/paycore/links/{linkNo}/close', { params: { linkNo } }, options),
  };
}

export function createMethods(call: Call) {
  return {
    /** Which ways to pay this key can use, with their limits. */
    list: async (options?: CallOptions) => (await call('GET /api/paycore/methods', {}, options)).methods,
  };
}
