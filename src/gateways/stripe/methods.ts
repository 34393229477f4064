import type { ErrorRef } from '../../core/errors.ts';
import { DAY, HOUR } from '../../core/time.ts';
import type { Method, MethodDocs } from '../gateway.ts';
import { ALIPAY_CURRENCIES, CARD_CURRENCIES, DECIMALS, LEAST, WECHAT_PAY_CURRENCIES } from './currencies.ts';
import { errors } from './errors.ts';

/** Stripe's name of each way to pay (Stripe API reference, `payment_method_types`). */
const TYPES = {
  credit: 'card',
  alipay: 'alipay',
  'wechat-pay': 'wechat_pay',
  grabpay: 'grabpay',
  paynow: 'paynow',
  promptpay: 'promptpay',
  fpx: 'fpx',
} as const;

export type MethodName = keyof typeof TYPES;
export type StripeType = (typeof TYPES)[MethodName];

/** Paid by scanning: confirmed by us, so that the code can be drawn without a script of Stripe's. */
const QR_TYPES = ['wechat_pay', 'paynow', 'promptpay'] as const;
export type QrType = (typeof QR_TYPES)[number];

export function typeOf(method: string): StripeType {
  if (!Object.hasOwn(TYPES, method)) throw new Error(`Stripe has no ${method} here`);
  return TYPES[method as MethodName];
}

export function isQrType(type: StripeType): type is QrType {
  return (QR_TYPES as readonly string[]).includes(type);
}

/** Eight digits; cards take more in currencies of small value (Stripe documentation, "Supported currencies"). */
const MAX_AMOUNT = 99_999_999;
const MAX_CARD_AMOUNT = 999_999_999_999;

const INTENT = 'pi_3SN5Qd2eZvKYlo2C1x9VbT4R';
/** What a wallet scans, as Stripe gives it: EMVCo's merchant-presented code, or WeChat's own address. */
const QR_EXAMPLES: Readonly<Record<QrType, string>> = {
  wechat_pay: 'weixin://wxpay/bizpayurl?pr=8dTr2Wkzz',
  paynow: '00020101021226370009SG.PAYNOW010120210202212345X03010520400005303702540510.005802SG6304A1B2',
  promptpay: '00020101021229370016A000000677010111021300000000000005303764540510.005802TH6304C3D4',
};

interface Row
  extends Pick<Method, 'kind' | 'hint' | 'currencies' | 'needs' | 'asksPayer'>,
    Partial<Pick<Method, 'limits'>>,
    Pick<MethodDocs, 'title' | 'summary' | 'notes'> {}

const ERRORS: readonly ErrorRef[] = [
  errors.STRIPE_SECRET_KEY_INVALID,
  errors.STRIPE_PUBLISHABLE_KEY_INVALID,
  errors.STRIPE_WEBHOOK_SECRET_INVALID,
  errors.STRIPE_PAYMENT_METHOD_CURRENCY_UNSUPPORTED,
  errors.STRIPE_PAYMENT_INTENT_CREATE_FAILED,
  errors.STRIPE_AUTH_FAILED,
];

/** Of `payment_info`. */
const OWN_NAMES = {
  stripe_payment_method: 'Stripe’s own name of the way to pay.',
  payment_intent: 'Stripe’s number of the PaymentIntent, as in `gateway_trade_no`.',
  qr_data: 'What the QR code of the payment page holds.',
} as const;

const tellCurrencies = (codes: readonly string[]): string => `Currencies: ${codes.join(', ')}.`;

const UNITS = 'Amounts are in Stripe’s minor units: 98000 TWD is NT$980, 1099 USD is $10.99, 500 JPY is ¥500.';

function listMethod(name: MethodName, row: Row): Method {
  const type = TYPES[name];
  const { kind, hint, currencies, limits, needs, asksPayer, notes = [], ...docs } = row;
  return {
    path: name,
    method: name,
    mode: 'payment_intent',
    kind,
    hint,
    currencies,
    unit: 'minor',
    decimals: DECIMALS,
    least: LEAST,
    callsGateway: true,
    mayChooseAgain: true,
    // What is not scanned leads to a bank’s page or to a wallet’s app, and back.
    ...(isQrType(type) ? {} : { needsSystemBrowser: true as const }),
    refundable: true,
    defaultLifetimeMs: DAY,
    graceMs: { none: HOUR },
    limits: limits ?? { min: 1, max: MAX_AMOUNT },
    maxExpireDays: 60,
    guideUrl: null,
    extras: [],
    ...(needs ? { needs } : {}),
    ...(asksPayer ? { asksPayer } : {}),
    info: { stripe_payment_method: type },
    docs: {
      ...docs,
      notes: [...notes, UNITS],
      highlights: ['payment_no', 'payment_url', 'status', `payment_info.stripe_payment_method=${type}`],
      errors: ERRORS,
      exampleInfo: {
        stripe_payment_method: type,
        payment_intent: INTENT,
        ...(isQrType(type) ? { qr_data: QR_EXAMPLES[type] } : {}),
      },
      info: OWN_NAMES,
    },
  };
}

const ROWS: Readonly<Record<MethodName, Row>> = {
  credit: {
    kind: 'card',
    hint: 'card_form',
    currencies: CARD_CURRENCIES,
    limits: { min: 1, max: MAX_CARD_AMOUNT },
    title: 'Create Stripe card payment',
    summary: 'The payer enters a card in Stripe’s form on PayCore’s own page.',
  },
  alipay: {
    kind: 'alipay',
    hint: 'wallet_form',
    currencies: ALIPAY_CURRENCIES,
    title: 'Create Stripe Alipay payment (China)',
    summary: 'The payer goes on from PayCore’s page to Alipay and comes back.',
    notes: [
      tellCurrencies(ALIPAY_CURRENCIES),
      'Which of its currencies an account may use depends on its country; Stripe refuses the others, and all of them where the account cannot take Alipay.',
    ],
  },
  'wechat-pay': {
    kind: 'wechat',
    hint: 'scan',
    currencies: WECHAT_PAY_CURRENCIES,
    title: 'Create Stripe WeChat Pay payment (China)',
    summary: 'The payer scans a QR code on PayCore’s page with WeChat; Stripe calls this method wechat_pay.',
    notes: [tellCurrencies(WECHAT_PAY_CURRENCIES), 'The Stripe account must be allowed to take WeChat Pay.'],
  },
  grabpay: {
    kind: 'grabpay',
    hint: 'wallet_form',
    currencies: ['SGD', 'MYR'],
    title: 'Create Stripe GrabPay payment (Singapore / Malaysia)',
    summary: 'The payer goes on from PayCore’s page to GrabPay and comes back.',
    notes: ['Accounts in Singapore take SGD, those in Malaysia MYR.'],
  },
  paynow: {
    kind: 'paynow',
    hint: 'scan',
    currencies: ['SGD'],
    title: 'Create Stripe PayNow payment (Singapore)',
    summary: 'The payer scans a QR code on PayCore’s page with a bank’s app.',
    notes: ['PayNow takes SGD only.'],
  },
  promptpay: {
    kind: 'promptpay',
    hint: 'scan',
    currencies: ['THB'],
    needs: [['buyer_email']],
    asksPayer: true,
    title: 'Create Stripe PromptPay payment (Thailand)',
    summary: 'The payer scans a QR code on PayCore’s page with a Thai bank’s app.',
    notes: [
      'PromptPay takes THB only.',
      'Stripe wants the buyer’s e-mail address: without `buyer_email` the payment page asks for it before it shows the code.',
    ],
  },
  fpx: {
    kind: 'fpx',
    hint: 'bank_form',
    currencies: ['MYR'],
    title: 'Create Stripe FPX payment (Malaysia)',
    summary: 'The payer chooses a bank on PayCore’s page, goes on to its online banking and comes back.',
    notes: ['FPX takes MYR only, and Stripe may ask the merchant for a Business Registration Number.'],
  },
};

export const methods: readonly Method[] = Object.entries(ROWS).map(([name, row]) =>
  listMethod(name as MethodName, row),
);
