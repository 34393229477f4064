import { parseForm } from '../http.ts';
import type { Stand } from '../stand.ts';
import { actions } from './actions.ts';
import { docs } from './docs.ts';
import { forgeKinds } from './forge.ts';
import { openIntents } from './intent.ts';
import { findByNumber, orderNoOf, viewOrder } from './order.ts';
import { routes } from './routes.ts';

export { DEFAULT_WEBHOOK_SECRET } from './accounts.ts';

/** A call's parameters, unchecked: those of the form, or of the address. */
function readParameters(url: URL, body: string): Readonly<Record<string, string>> {
  return Object.fromEntries(body === '' ? [...url.searchParams] : (parseForm(body) ?? []));
}

/**
 * A stand-in for Stripe: PaymentIntents, refunds, signed events, and Stripe.js with the Payment Element.
 *
 * API (Stripe API reference, 2026-08-26.dahlia): `POST /v1/payment_intents`, `GET /v1/payment_intents/{id}`,
 * `POST …/confirm`, `POST …/cancel`, `POST /v1/refunds`, `GET /v1/refunds/{id}`, `GET /v1/balance`, `GET /v1/account`;
 * for browsers `GET /dahlia/stripe.js`, `POST /v1/payment_methods`, and `…/confirm` and `GET …/{id}` with a publishable
 * key and the client_secret. Every `sk_test_…` and `sk_live_…` is an account of its own; one with `bad` in it gets 401,
 * one with `denied` 403.
 *
 * For a program: `docs`, which `GET /simulator/api` shows.
 *
 * Events go to the account's webhook_url, else to the one of the settings, else to PayCore's path at the origin of the
 * return_url, signed with the account's webhook_secret or DEFAULT_WEBHOOK_SECRET.
 */
export const stripeStand: Stand = {
  id: 'stripe',
  name: 'Stripe',
  routes,
  find: (world, number) => {
    const intent = findByNumber(world, number);
    return intent && viewOrder(world, intent);
  },
  newest: (world, count) =>
    openIntents(world)
      .newest(count)
      .map((intent) => viewOrder(world, intent)),
  actions,
  forgeKinds,
  docs,
  readCaller: ({ url, body }) => {
    const sent = readParameters(url, body);
    const metadata = {
      ...(sent['metadata[gateway_order_no]'] && { gateway_order_no: sent['metadata[gateway_order_no]'] }),
      ...(sent['metadata[payment_no]'] && { payment_no: sent['metadata[payment_no]'] }),
    };
    const [, named = ''] = /\/payment_intents\/([^/]+)/.exec(url.pathname) ?? [];
    return { merchantId: sent.key ?? '', orderNo: orderNoOf(metadata) || named || (sent.payment_intent ?? '') };
  },
};
