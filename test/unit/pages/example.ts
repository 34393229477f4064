import { LOCALES, type Locale } from '../../../src/core/locale.ts';
import { ecpay } from '../../../src/gateways/ecpay/index.ts';
import { nameFor } from '../../../src/gateways/names.ts';
import { smilepay } from '../../../src/gateways/smilepay/index.ts';
import type {
  Choice,
  ElementForm,
  FormPostModel,
  MethodSelection,
  PageModel,
} from '../../../src/pages/checkout/model.ts';

export const NOW = Date.parse('2026-06-26T14:05:00+08:00');
export const DEADLINE = Date.parse('2026-06-28T23:59:59+08:00');
export const PAGE_URL =
  'https://pay.example.tw/zh-tw/pay/PAY202606260001QWERTYUI?token=8sK2mXv0bT4nQy7cLr1dZg5hWf9jPa3e6uVxRkM';
export const BARCODES = ['1506286EA', '1557352207269145', '062867000000980'] as const;

const expireAt = '2026-06-28T23:59:59+08:00';

export const ATM = { type: 'atm', bankCode: '822', virtualAccount: '9103522264815307', expireAt } as const;
/** As PLUS issues them: no bank named, a page of its own. */
export const BARE_ATM = {
  type: 'atm',
  virtualAccount: '88012620612345',
  payUrl: 'https://pay.plus.example/a/88012620612345',
  expireAt,
} as const;
export const CVS = { type: 'cvs', paymentCode: 'LLL26213917414', expireAt } as const;
export const BARCODE = { type: 'barcode', barcodes: BARCODES, expireAt } as const;

/** EMVCo merchant-presented codes: a usual one, and one longer than any bank's. */
export const QR = {
  type: 'qr',
  data: '00020101021226370009SG.PAYNOW010120210202212345X03010520400005303702540510.905802SG5912SHAN OUTDOOR6009SINGAPORE6304A1B2',
  expireAt,
} as const;
export const LONG_QR = { ...QR, data: `${QR.data}62${'0123456789ABCDEF'.repeat(15)}6304C3D4` };

export const ELEMENT = {
  type: 'element',
  clientSecret: 'pi_3SN5Qd2eZvKYlo2C1x9VbT4R_secret_8s7Kq2',
  expireAt,
} as const;

/** A payment that waits for its payer; tests change what they are about. */
export function makeModel(changes: Partial<PageModel> = {}): PageModel {
  const method = changes.method ?? changes.instructions?.type ?? 'atm';
  return {
    locale: 'zh-tw',
    now: NOW,
    screen: 'instructions',
    paymentNo: 'PAY202606260001QWERTYUI',
    merchantOrderNo: 'A20260626-0198',
    shopName: '山行戶外用品',
    gateway: nameFor(ecpay, changes.locale ?? 'zh-tw'),
    method,
    status: 'pending',
    flags: [],
    livemode: true,
    amount: 98_000,
    currency: 'TWD',
    itemName: '輕量登山杖一對',
    instructions: ATM,
    guideUrl: 'https://www.ecpay.com.tw/introcvs',
    deadline: DEADLINE,
    timezone: 'Asia/Taipei',
    calendarUrl: '/zh-tw/pay/PAY202606260001QWERTYUI/deadline.ics?token=t',
    paidAt: null,
    pageUrl: PAGE_URL,
    languages: LOCALES.map((locale) => ({ locale, href: `/${locale}/pay/PAY202606260001QWERTYUI?token=t` })),
    startAction: null,
    notice: null,
    returned: false,
    statusUrl: '/status',
    revision: 'r1',
    successUrl: 'https://shop.example.tw/thanks?payment_no=PAY202606260001QWERTYUI&status=paid',
    homeUrl: 'https://shop.example.tw/cart',
    ...changes,
  };
}

const CHAINS = ['ibon', 'famiport', 'lifeet', 'okgo'] as const;
const WAYS: readonly Choice[] = [
  { route: 'ecpay/atm', gateway: '綠界', kind: 'atm', hint: 'transfer', stores: [] },
  { route: 'ecpay/cvs', gateway: '綠界', kind: 'cvs', hint: 'cash', stores: CHAINS },
  { route: 'ecpay/barcode', gateway: '綠界', kind: 'barcode', hint: 'cash_days', stores: CHAINS },
  { route: 'stripe/credit', gateway: 'Stripe', kind: 'card', hint: 'card_form', stores: [] },
  { route: 'paypal/checkout', gateway: 'PayPal', kind: 'paypal', hint: 'page', stores: [] },
];

/** What a shop that leaves the choice to the payer offers. */
export const CHANGE: MethodSelection = {
  listUrl: '/zh-tw/pay/PAY202606260001QWERTYUI?token=t&choose=1',
  action: '/zh-tw/pay/PAY202606260001QWERTYUI/choose?token=t',
  choices: WAYS,
};
/** The payer has a number of two of them, looks at one of these, and had no luck with a third. */
const TRIED: MethodSelection = {
  ...CHANGE,
  choices: WAYS.map((way, at) => ({
    ...way,
    ...(at === 0 ? { held: 'atm', isCurrent: true } : {}),
    ...(at === 1 ? { held: 'cvs' } : {}),
    ...(at === 3 ? { hasFailed: true } : {}),
  })),
};
const FOREIGN: MethodSelection = {
  ...CHANGE,
  choices: [
    { route: 'stripe/credit', gateway: 'Stripe', kind: 'card', hint: 'card_form', stores: [] },
    { route: 'paypal/checkout', gateway: 'PayPal', kind: 'paypal', hint: 'page', stores: [] },
    { route: 'stripe/alipay', gateway: 'Stripe', kind: 'alipay', hint: 'wallet_form', stores: [] },
    { route: 'stripe/wechat-pay', gateway: 'Stripe', kind: 'wechat', hint: 'scan', stores: [] },
    { route: 'stripe/grabpay', gateway: 'Stripe', kind: 'grabpay', hint: 'wallet_form', stores: [] },
    { route: 'stripe/paynow', gateway: 'Stripe', kind: 'paynow', hint: 'scan', stores: [] },
    { route: 'stripe/promptpay', gateway: 'Stripe', kind: 'promptpay', hint: 'scan', stores: [] },
    { route: 'stripe/fpx', gateway: 'Stripe', kind: 'fpx', hint: 'bank_form', stores: [] },
    { route: 'ecpay/aio', gateway: '綠界', kind: 'cashier', hint: 'several_page', stores: [] },
    { route: 'smilepay/cvs', gateway: '速買配', kind: 'cvs', hint: 'cash', stores: ['ibon', 'lifeet'] },
  ],
};
/** The same list, with the gateways by the names that readers of this language know. */
export function namedIn(locale: Locale, { choices, ...change }: MethodSelection): MethodSelection {
  const named = { 綠界: ecpay, 速買配: smilepay } as const;
  const nameOf = (name: string) => nameFor(named[name as keyof typeof named], locale) || name;
  return { ...change, choices: choices.map((one) => ({ ...one, gateway: nameOf(one.gateway) })) };
}

const GO = '/zh-tw/pay/PAY202606260001QWERTYUI/go?token=t';

/** What Stripe's form needs, with its script at this origin. */
export function makeElement(origin = 'https://js.stripe.com'): ElementForm {
  return {
    gateway: 'stripe',
    scriptUrl: `${origin}/dahlia/stripe.js`,
    settings: {
      publishableKey: 'pk_test_51Qd2eZvKYlo2C',
      clientSecret: ELEMENT.clientSecret,
      returnUrl: 'https://pay.example.tw/zh-tw/payment/stripe/return/PAY202606260001QWERTYUI?page=t',
      locale: 'zh-TW',
    },
  };
}

const AT_STRIPE: Partial<PageModel> = { gateway: 'Stripe', guideUrl: null, startAction: GO };
const IN_SINGAPORE: Partial<PageModel> = { ...AT_STRIPE, amount: 10_90, currency: 'SGD' };
const BY_QR: Partial<PageModel> = {
  ...IN_SINGAPORE,
  instructions: QR,
  method: 'paynow',
  pictureUrl: '/zh-tw/pay/PAY202606260001QWERTYUI/qr.png?token=t',
};
const ORDER_AT_PAYPAL: Partial<PageModel> = {
  screen: 'go',
  method: 'checkout',
  gateway: 'PayPal',
  guideUrl: null,
  instructions: { type: 'redirect', url: 'https://www.paypal.com/checkoutnow?token=5O1', expireAt },
  startAction: GO,
};
/** How a payer comes back without having paid. */
const BACK: Readonly<Record<string, Partial<PageModel>>> = {
  'go, declined': { ...ORDER_AT_PAYPAL, returned: true, notice: 'declined' },
  'go, cancelled': { ...ORDER_AT_PAYPAL, returned: true, notice: 'cancelled' },
  'go, unclear': { ...ORDER_AT_PAYPAL, returned: true, notice: 'capture_failed' },
};

/** A number after its deadline, before what was paid with it is given up. */
export const OVERDUE: Partial<PageModel> = { isOverdue: true, calendarUrl: null, deadline: NOW - 60_000 };
const ASKED_EMAIL = { field: 'buyer_email', value: '', isWrong: false } as const;

/** One model for every screen, by a name that also names its screenshot. */
export const SCREENS: Readonly<Record<string, Partial<PageModel>>> = {
  choose: { screen: 'choose', method: 'all', gateway: '', guideUrl: null, instructions: null, change: CHANGE },
  'choose, with numbers taken before': {
    screen: 'choose',
    method: 'all',
    guideUrl: null,
    instructions: null,
    change: TRIED,
  },
  'choose from ten': {
    screen: 'choose',
    method: 'all',
    gateway: '',
    guideUrl: null,
    instructions: null,
    change: FOREIGN,
  },
  'choose from one': {
    screen: 'choose',
    method: 'all',
    gateway: '',
    guideUrl: null,
    instructions: null,
    change: { ...CHANGE, choices: WAYS.slice(1, 2) },
  },
  'choose from nothing': { screen: 'choose', method: 'all', gateway: '', guideUrl: null, instructions: null },
  atm: { instructions: ATM },
  'atm, of several ways': { instructions: ATM, change: CHANGE },
  'atm, with a code taken before': { instructions: ATM, change: TRIED },
  'atm, last hour': { instructions: ATM, deadline: NOW + 1_297_000 },
  'atm, overdue': { ...OVERDUE, instructions: ATM },
  'atm without a bank': { instructions: BARE_ATM, gateway: 'PLUS', guideUrl: null },
  cvs: { instructions: { ...CVS, paymentCodeUrl: 'https://payment.ecpay.com.tw/PaymentRule/CVSBarCode?PaymentNo=1' } },
  'cvs, simulated': {
    instructions: CVS,
    livemode: false,
    practiceUrl: 'http://127.0.0.1:9090/simulator/orders/1/page?gateway=ecpay',
  },
  'cvs, overdue': { ...OVERDUE, instructions: CVS },
  'cvs of two chains': { instructions: { ...CVS, stores: ['ibon', 'lifeet'] } },
  'cvs of one chain': { instructions: { ...CVS, stores: ['famiport'] } },
  barcode: { instructions: BARCODE },
  'barcode, overdue': { ...OVERDUE, instructions: BARCODE },
  qr: BY_QR,
  'qr for WeChat, long': {
    ...BY_QR,
    ...AT_STRIPE,
    amount: 98_000,
    currency: 'TWD',
    instructions: LONG_QR,
    method: 'wechat-pay',
  },
  'qr after a declined try': { ...BY_QR, notice: 'declined', returned: true },
  go: { screen: 'go', method: 'credit', instructions: null, startAction: GO },
  'go, in LINE': {
    screen: 'go',
    method: 'credit',
    instructions: null,
    startAction: GO,
    inApp: { app: 'LINE', openUrl: `${PAGE_URL}&openExternalBrowser=1` },
  },
  'go for a new code': { ...BY_QR, screen: 'go' },
  ...BACK,
  'ask for an e-mail': { ...AT_STRIPE, screen: 'go', instructions: null, asks: [ASKED_EMAIL] },
  'ask for more, wrong': {
    ...AT_STRIPE,
    screen: 'go',
    instructions: null,
    asks: [
      { field: 'buyer_name', value: '王小明', isWrong: false },
      { ...ASKED_EMAIL, value: 'ming@example', isWrong: true },
      { field: 'buyer_mobile', value: '091', isWrong: true },
    ],
  },
  element: { ...AT_STRIPE, screen: 'element', method: 'credit', instructions: ELEMENT, element: makeElement() },
  'element, declined': {
    ...AT_STRIPE,
    screen: 'element',
    method: 'grabpay',
    instructions: ELEMENT,
    element: makeElement(),
    returned: true,
    notice: 'declined',
  },
  'element, in Instagram': {
    ...AT_STRIPE,
    screen: 'element',
    method: 'credit',
    instructions: ELEMENT,
    element: makeElement(),
    inApp: { app: 'Instagram', openUrl: null },
  },
  insite: {
    screen: 'insite',
    method: 'ecpg',
    instructions: null,
    inSite: { formUrl: '/form?token=t', payUrl: '/create?token=t' },
  },
  'under review': {
    screen: 'waiting',
    method: 'checkout',
    gateway: 'PayPal',
    guideUrl: null,
    instructions: null,
    startAction: GO,
    flags: ['under_review'],
  },
  waiting: { screen: 'waiting', method: 'credit', instructions: null, startAction: GO },
  paid: {
    screen: 'paid',
    status: 'paid',
    paidAt: NOW - 60_000,
    instructions: null,
    method: 'cvs',
  },
  'paid by card': {
    screen: 'paid',
    status: 'paid',
    paidAt: NOW - 60_000,
    instructions: null,
    method: 'credit',
    card: { last4: '6789', bank: '國泰世華' },
  },
  'paid, nowhere to go on': {
    screen: 'paid',
    status: 'paid',
    paidAt: NOW - 60_000,
    instructions: null,
    method: 'cvs',
    successUrl: null,
    homeUrl: null,
  },
  expired: { screen: 'expired', status: 'expired', deadline: NOW - 3_600_000, now: NOW },
  'expired without a number': {
    screen: 'expired',
    status: 'expired',
    method: 'credit',
    instructions: null,
    deadline: NOW - 3_600_000,
  },
  cancelled: { screen: 'cancelled', status: 'failed', now: NOW },
  'cancelled without a number': { screen: 'cancelled', status: 'failed', method: 'credit', instructions: null },
  failed: { screen: 'failed', status: 'failed', method: 'credit', instructions: null, deadline: null },
};

export const LONG: Partial<PageModel> = {
  livemode: false,
  amount: 1_999_999_900,
  shopName: '臺北市大安區忠孝東路四段手作皮革與生活選物研究所股份有限公司',
  merchantOrderNo: 'ORDER-2026-06-26-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789',
  itemName: '手工縫製植鞣牛皮長夾'.repeat(20),
};

export const FORM_POST: FormPostModel = {
  locale: 'zh-tw',
  shopName: '山行戶外用品',
  gatewayName: '綠界',
  itemName: '輕量登山杖一對',
  homeUrl: 'https://shop.example.tw/cart',
  amount: 98_000,
  currency: 'TWD',
  action: 'https://payment.ecpay.com.tw/Cashier/AioCheckOut/V5',
  fields: { MerchantID: '3002607', ItemName: '輕量登山杖 "一對" & <袋>', Empty: '' },
  backUrl: '/zh-tw/pay/PAY202606260001QWERTYUI?token=t',
};
