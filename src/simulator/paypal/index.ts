import type { Stand } from '../stand.ts';
import { paypalActions } from './actions.ts';
import { readPaypalCaller } from './caller.ts';
import { paypalForgeKinds } from './forge.ts';
import { findOrder, ordersOf } from './order.ts';
import { paypalRoutes } from './routes.ts';
import { describeOrder } from './stand-order.ts';

/**
 * PayPal: Orders v2, Payments v2 (captures and refunds), Webhooks v1 (verification) and OAuth 2.0, for a checkout with
 * the PayPal wallet. Any client_id of 10 to 100 letters, digits, `_` and `-` is an account and the first secret seen is
 * its right one; a client_id that begins with `bad` is always refused.
 *
 * Actions, with `{times, parallel, delay_ms, callback}` where events go out:
 * - `pay` `{capture}`: the payer approves; with `capture` PayPal captures as well. `approve`: the same without capture
 * - `outcome` `{outcome, reason, issue, callback, delay_ms}`: how the shop's next capture ends (`completed`, `pending`,
 *   `declined`, `instrument_declined`, `not_yet`, `refused`), and whether and how late it is told
 * - `decline`, `expire`, `complete` and `deny` (a pending capture), `refund` `{amount}`, `repeat`, `forge` `{kind}`
 *
 * JSON API besides: `GET /simulator/paypal/stats?client_id=`, `POST /simulator/paypal/revoke` `{client_id}`,
 * `GET` and `POST /simulator/paypal/webhooks` `{client_id, webhook_id, url}`.
 */
export const paypalStand: Stand = {
  id: 'paypal',
  name: 'PayPal',
  routes: paypalRoutes,
  find: (world, number) => {
    const order = findOrder(world, number);
    return order && describeOrder(world, order);
  },
  newest: (world, count) =>
    ordersOf(world)
      .newest(count)
      .map((order) => describeOrder(world, order)),
  actions: paypalActions,
  forgeKinds: paypalForgeKinds,
  docs: [
    {
      route: 'POST /simulator/orders/{order id or payment_no}/pay',
      body: { capture: 'boolean: PayPal captures as well; otherwise the shop has to' },
      answers: 'order, after the webhooks',
    },
    { route: 'POST /simulator/orders/{…}/approve', body: { callback: 'boolean' }, answers: 'order' },
    {
      route: 'POST /simulator/orders/{…}/outcome',
      body: {
        outcome: 'completed | pending | declined | instrument_declined | not_yet | refused',
        reason: 'of pending',
        issue: 'of refused',
        callback: 'boolean',
        delay_ms: '0-86400000',
      },
      answers: 'order; says how the next capture ends',
    },
    { route: 'POST /simulator/orders/{…}/complete, deny', answers: 'order, whose pending capture is settled' },
    { route: 'POST /simulator/orders/{…}/refund', body: { amount: 'decimal' }, answers: 'order' },
    { route: 'GET /simulator/paypal/stats?client_id=', answers: '{token_calls, tokens_issued, unauthorized}' },
    { route: 'POST /simulator/paypal/revoke', body: { client_id: 'text' }, answers: 'every token is void' },
    {
      route: 'POST /simulator/paypal/webhooks',
      body: { client_id: 'text', webhook_id: 'letters and digits', url: 'address' },
      answers: 'the webhook; GET lists them; SIMULATORWEBHOOK1 at the origin of return_url when none was set',
    },
  ],
  readCaller: readPaypalCaller,
};
