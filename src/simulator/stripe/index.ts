import { answerStripeScript } from '../assets.ts';
import { parseForm } from '../http.ts';
import { routesOf } from '../route.ts';
import { doc, type Stand, type StandOrder, standOver } from '../stand.ts';
import type { World } from '../world.ts';
import { addAccount, DEFAULT_WEBHOOK_SECRET, listAccounts, showSettings, writeSettings } from './accounts.ts';
import { works } from './actions.ts';
import { serve } from './api.ts';
import { createIntent } from './create.ts';
import * as endpoints from './endpoints.ts';
import { webhookUrl } from './events.ts';
import { forgeKinds } from './forge.ts';
import { showFrame } from './frame.tsx';
import { type Intent, openAttempt, orderNoOf, orders, payerPath } from './intent.ts';
import { formatMajor } from './money.ts';
import { showPayer, showQr, stepPayer } from './payer.tsx';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';

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
const ORDER = '/simulator/orders/{number}';

const docs: Stand['docs'] = [
  doc(`POST ${ORDER}/pay, /processing`, 'order; pay works after expire too, never after cancel', {
    ...told,
    method: 'a payment method type of the intent, for one that nobody confirmed',
  }),
  doc(`POST ${ORDER}/decline`, 'order, back at requires_payment_method', {
    code: 'error code',
    decline_code: 'of a card',
    message: 'text',
  }),
  doc(`POST ${ORDER}/cancel`, 'order', { reason: 'abandoned | duplicate | fraudulent | requested_by_customer' }),
  doc(`POST ${ORDER}/refund, /dispute`, 'order, after charge.refunded or charge.dispute.created', {
    amount: 'minor units, all of it when absent',
    reason: 'in Stripe’s words',
  }),
  doc(`POST ${ORDER}/forge`, 'order; nothing has changed and nothing comes again', {
    kind: 'see forge',
    amount_received: 'minor units, for kind amount; 1 when absent',
  }),
  doc('POST /simulator/stripe/accounts', '201 and the account without secrets; GET lists them', {
    secret_key: 'sk_test_… or sk_live_…; any key works without this call',
    publishable_key: 'from now on browsers need this one',
    webhook_secret: `signs the events; ${DEFAULT_WEBHOOK_SECRET} when absent`,
    webhook_url: 'where events of this account go',
  }),
  doc('POST /simulator/stripe/settings', 'the settings; GET shows them', {
    webhook_url: 'for accounts without one of their own; else PayCore’s path at the origin of the return_url',
    latency_ms: '0-60000: how long Stripe thinks; the Idempotency-Key is in use meanwhile (409)',
    three_d_secure: 'boolean: every card asks for 3-D Secure',
  }),
  doc(
    'Keys and cards',
    'a key with "bad" in it gets 401, with "denied" 403; pm_card_visa and 4242424242424242 pay, pm_card_chargeDeclined and 4000000000000002 are declined, pm_card_threeDSecure2Required and 4000000000003220 ask for 3-D Secure',
  ),
];

const route = routesOf('stripe', '([A-Za-z0-9_]{1,100})');

/** `api.stripe.com`, `js.stripe.com` and the pages that payers are sent to all lead here. */
const routes: Stand['routes'] = [
  route('POST', '/v1/payment_intents', serve(createIntent), 'stripe-create'),
  route('GET', '/v1/payment_intents/*', serve(endpoints.retrieveIntent, true), 'stripe-retrieve'),
  route('POST', '/v1/payment_intents/*/confirm', serve(endpoints.confirmIntent, true), 'stripe-confirm'),
  route('POST', '/v1/payment_intents/*/cancel', serve(endpoints.cancelIntent), 'stripe-cancel'),
  route('POST', '/v1/refunds', serve(createRefund), 'stripe-refund'),
  route('GET', '/v1/refunds', serve(listRefunds), 'stripe-retrieve-refund'),
  route('GET', '/v1/refunds/*', serve(retrieveRefund), 'stripe-retrieve-refund'),
  route('GET', '/v1/balance', serve(endpoints.retrieveBalance), 'stripe-account'),
  route('GET', '/v1/account', serve(endpoints.retrieveAccount), 'stripe-account'),
  route('POST', '/v1/payment_methods', serve(endpoints.createMethod, true), 'stripe-payment-method'),
  // One path for each release train, and the old one.
  route('GET', '/(?:dahlia/stripe\\.js|v3/?)', answerStripeScript, 'stripe-script'),
  route('GET', '/stripe/elements/payment', showFrame, 'stripe-frame'),
  // The payer's pages are the simulator's own.
  route('GET', '/stripe/authorize/*(?:/[a-z]+)?', showPayer),
  route('POST', '/stripe/authorize/*/([a-z]+)', stepPayer),
  route('GET', '/stripe/qr/*\\.(svg|png)', showQr),
  route('GET', '/simulator/stripe/accounts', listAccounts),
  route('POST', '/simulator/stripe/accounts', addAccount),
  route('GET', '/simulator/stripe/settings', showSettings),
  route('POST', '/simulator/stripe/settings', writeSettings),
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
  ...standOver(orders, describe, works),
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
