import type { Secrets } from '../gateways/gateway.ts';

/** Accounts of the simulator; a gateway without one is left out of the demo. ECPay's is its published stage merchant (ECPay developer documentation, page 2856). */
export const ACCOUNTS: Readonly<Record<string, Secrets>> = {
  ecpay: { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' },
  smilepay: { dcvc: '107', rvg2c: '1', verify_key: '0123456789ABCDEF0123456789ABCDEF' },
  paypal: { client_id: 'PAYCORE_DEMO', client_secret: 'PAYCORE_DEMO_SECRET', webhook_id: 'SIMULATORWEBHOOK1' },
  stripe: {
    secret_key: 'sk_test_paycoredemo',
    publishable_key: 'pk_test_paycoredemo',
    webhook_secret: 'whsec_paycoredemo',
  },
  plus: { appid: 'PLUS_APPID', secret_key: 'PLUS_SECRET_KEY' },
};

/** Where the simulator is told of an account and its webhook, for gateways that learn of them in a dashboard. */
export const INTRODUCED_AT: Readonly<Record<string, string>> = { stripe: '/simulator/stripe/accounts' };
