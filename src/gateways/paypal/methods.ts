import { DAY, HOUR } from '../../core/time.ts';
import type { Method } from '../gateway.ts';
import { errors } from './errors.ts';
import { CURRENCIES, DECIMALS } from './money.ts';

/** PayPal drops an order that nobody captured after about three hours; the payer needs some of that for himself. */
const ORDER_LIFETIME = 2.5 * HOUR;

export const methods: readonly Method[] = [
  {
    path: 'checkout',
    method: 'checkout',
    mode: 'checkout',
    kind: 'paypal',
    hint: 'page',
    currencies: CURRENCIES,
    unit: 'major',
    decimals: DECIMALS,
    callsGateway: true,
    // Its pages open windows, which other apps do not (paypal-checkout-components, issues 217 and 1278).
    needsSystemBrowser: true,
    mayChooseAgain: true,
    refundable: true,
    defaultLifetimeMs: DAY,
    graceMs: { none: HOUR },
    orderLifetimeMs: ORDER_LIFETIME,
    // PayPal sets no amounts of its own: what an account may take depends on country, currency and contract.
    limits: { min: 0.01, max: 1_000_000_000_000 },
    maxExpireDays: 60,
    guideUrl: null,
    extras: [],
    docs: {
      title: 'Create PayPal Checkout',
      summary:
        'Create a PayPal Order and receive approval_url. After approval, the payer returns to PayCore for capture.',
      highlights: ['payment_no', 'payment_url', 'approval_url', 'status', 'created'],
      errors: [
        errors.PAYPAL_CLIENT_ID_REQUIRED,
        errors.PAYPAL_CLIENT_SECRET_REQUIRED,
        errors.PAYPAL_ENVIRONMENT_INVALID,
        errors.PAYPAL_REQUEST_REJECTED,
        'GATEWAY_CREDENTIAL_INVALID',
        'ORDER_CONFLICT',
        'INVALID_ARGUMENT',
      ],
      notes: [
        'PayPal production usage usually requires a PayPal Business account.',
        'The amount is in whole units of the currency (980 is NT$980, "10.99" is USD 10.99); TWD, JPY and HUF have no decimals.',
        'Which of its currencies an account takes depends on its country: BRL, CNY and MYR are taken within theirs only. PayPal moves no money between two accounts of Taiwan: a merchant there is paid from abroad only.',
        'approval_url works for about three hours. The button of payment_url opens a new order when that time is over.',
      ],
      exampleInfo: {},
      exampleLinks: { approval_url: 'https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T' },
    },
  },
];
