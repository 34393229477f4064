import type { Stand } from '../stand.ts';
import { DEFAULT_WEBHOOK_SECRET } from './accounts.ts';

const told = { times: '1-100', parallel: 'boolean', delay_ms: '0-86400000', callback: 'boolean' };

/** For `GET /simulator/api`. */
export const docs: Stand['docs'] = [
  {
    route: 'POST /simulator/orders/{number}/pay, /processing',
    body: { ...told, method: 'a payment method type of the intent, for one that nobody confirmed' },
    answers: 'order; pay works after expire too, never after cancel',
  },
  {
    route: 'POST /simulator/orders/{number}/decline',
    body: { code: 'error code', decline_code: 'of a card', message: 'text' },
    answers: 'order, back at requires_payment_method',
  },
  {
    route: 'POST /simulator/orders/{number}/cancel',
    body: { reason: 'abandoned | duplicate | fraudulent | requested_by_customer' },
    answers: 'order',
  },
  {
    route: 'POST /simulator/orders/{number}/refund, /dispute',
    body: { amount: 'minor units, all of it when absent', reason: 'in Stripe’s words' },
    answers: 'order, after charge.refunded or charge.dispute.created',
  },
  {
    route: 'POST /simulator/orders/{number}/forge',
    body: { kind: 'see forge', amount_received: 'minor units, for kind amount; 1 when absent' },
    answers: 'order; nothing has changed and nothing comes again',
  },
  {
    route: 'POST /simulator/stripe/accounts',
    body: {
      secret_key: 'sk_test_… or sk_live_…; any key works without this call',
      publishable_key: 'from now on browsers need this one',
      webhook_secret: `signs the events; ${DEFAULT_WEBHOOK_SECRET} when absent`,
      webhook_url: 'where events of this account go',
    },
    answers: '201 and the account without secrets; GET lists them',
  },
  {
    route: 'POST /simulator/stripe/settings',
    body: {
      webhook_url: 'for accounts without one of their own; else PayCore’s path at the origin of the return_url',
      latency_ms: '0-60000: how long Stripe thinks; the Idempotency-Key is in use meanwhile (409)',
      three_d_secure: 'boolean: every card asks for 3-D Secure',
    },
    answers: 'the settings; GET shows them',
  },
  {
    route: 'Keys and cards',
    answers:
      'a key with "bad" in it gets 401, with "denied" 403; pm_card_visa and 4242424242424242 pay, pm_card_chargeDeclined and 4000000000000002 are declined, pm_card_threeDSecure2Required and 4000000000003220 ask for 3-D Secure',
  },
];
