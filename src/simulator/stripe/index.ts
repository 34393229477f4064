import { parseForm } from '../http.ts';
import { standOver } from '../rest.ts';
import type { Stand, StandOrder } from '../stand.ts';
import type { World } from '../world.ts';
import { DEFAULT_WEBHOOK_SECRET } from './accounts.ts';
import { actions } from './actions.ts';
import { webhookUrl } from './events.ts';
import { forgeKinds } from './forge.ts';
import { findByNumber, type Intent, openAttempt, openIntents, orderNoOf, payerPath } from './intent.ts';
import { formatMajor } from './money.ts';
import { routes } from './routes.ts';

function infoOf(world: World, intent: Intent): Record<string, string> {
  const { charge, lastError } = intent;
  const qr = openAttempt(intent)?.qr;
  return {
    // What Stripe itself counts in; the page shows the amount as people write it.
    amount_minor: String(intent.amount),
    account: intent.account,
    webhook_url: webhookUrl(world, intent) ?? 'none known: no events are sent',
    ...(qr ? { qr } : {}),
    ...(charge ? { charge: charge.id } : {}),
    ...(charge && charge.amountRefunded > 0 ? { refunded: formatMajor(charge.amountRefunded, intent.currency) } : {}),
    ...(charge?.isDisputed ? { disputed: 'yes' } : {}),
    ...(lastError ? { last_payment_error: `${lastError.code}: ${lastError.message}` } : {}),
  };
}

function describe(world: World, intent: Intent): StandOrder {
  const attempt = openAttempt(intent);
  return {
    gateway: 'stripe',
    orderNo: orderNoOf(intent),
    tradeNo: intent.id,
    method: (intent.method ?? intent.lastMethod)?.type ?? intent.types.join(', '),
    amount: formatMajor(intent.amount, intent.currency),
    currency: intent.currency.toUpperCase(),
    status: intent.status,
    isPaid: intent.status === 'succeeded',
    createdAt: intent.createdAt,
    item: intent.fields.description ?? '',
    payerPage: attempt && payerPath(attempt),
    info: infoOf(world, intent),
    fields: intent.fields,
    callbacks: intent.callbacks,
  };
}

const told = { times: '1-100', parallel: 'boolean', delay_ms: '0-86400000', callback: 'boolean' };

const docs: Stand['docs'] = [
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

/**
 * A stand-in for Stripe: PaymentIntents, refunds, signed events, and Stripe.js with the Payment Element (Stripe API
 * reference, 2026-08-26.dahlia). Events go to the account's webhook_url, else to the one of the settings, else to
 * PayCore's path at the origin of the return_url.
 */
export const stripeStand: Stand = {
  id: 'stripe',
  name: 'Stripe',
  routes,
  ...standOver({ open: openIntents, find: findByNumber, describe }, actions),
  forgeKinds,
  docs,
  // The parameters are those of the form, or of the address, unchecked.
  readCaller: ({ url, body }) => {
    const sent: Readonly<Record<string, string>> = Object.fromEntries(
      body === '' ? url.searchParams : (parseForm(body) ?? []),
    );
    const named = sent['metadata[gateway_order_no]'] || sent['metadata[payment_no]'];
    const inPath = /\/payment_intents\/([^/]+)/.exec(url.pathname)?.[1];
    return { merchantId: sent.key ?? '', orderNo: named || inPath || (sent.payment_intent ?? '') };
  },
};
