import type { Field } from '../../core/fields.ts';
import { toMinorUnits } from '../../core/money.ts';
import { describeDetails, type PaidDetails } from '../../core/paid-details.ts';
import type { Payment } from '../../core/payment.ts';
import { DAY, formatInstant, HOUR } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, GatewayContext, Method } from '../../gateways/gateway.ts';
import type { GatewayMethod } from '../../gateways/registry.ts';
import { CREATE_FIELDS, defaultCurrency } from '../../payments/create/request.ts';
import { listMethods } from '../../payments/projects/projects.ts';
import { describePayment } from '../../payments/serialize.ts';
import { exampleEnvironment, exampleSecrets } from './credentials.ts';
import type { Example } from './types.ts';

/** What examples are made from: the origin of this installation, and its drivers. */
export type Source = Pick<Deps, 'publicUrl' | 'gateways'>;
type Place = Pick<Source, 'publicUrl'>;

/** 2026-06-22 15:30:00 in Taipei. */
const CREATED_AT = Date.UTC(2026, 5, 22, 7, 30);
const PAGE_PATH = '/zh-tw/pay/PAY202606220001ABCDEFGH?token=kJ3vYq0W9bTzL5nR1xHc2U';
export const GATEWAY_ORDER_NO = 'PC260622K7Q2M9XW4ZT1';
export const GATEWAY_TRADE_NO = '2606221530127264';

/** The payment that every example is about. */
export function examplePayment({ gateway, method }: GatewayMethod): Payment {
  const environment = exampleEnvironment(gateway) as Payment['environment'];
  return {
    id: 1,
    paymentNo: 'PAY202606220001ABCDEFGH',
    projectId: 1,
    livemode: environment === 'production',
    keyKind: environment === 'production' ? 'live' : 'test',
    merchantOrderNo: 'ORDER202606220001',
    gateway: gateway.id,
    method: method.method,
    mode: method.mode,
    environment,
    amount: toMinorUnits(980, exampleCurrency(method), method.unit) ?? 980,
    currency: exampleCurrency(method),
    unit: method.unit,
    status: 'pending',
    reason: null,
    flags: [],
    order: { itemName: 'PayCore 測試商品', payerAccount: 'uid811118A', metadata: { cart: '42' } },
    credentialId: 1,
    attemptId: 1,
    revision: 1,
    paidAt: null,
    isCheckout: false,
    closeAt: null,
    refunded: 0,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
  };
}

/**
 * The order of a create's example: one for each, so that who tries one after the other gets a payment each time, and the
 * same one again for the same example.
 *
 * @param route what stands behind the last common part of the path: `ecpay/aio/credit`
 */
export function exampleOrderNo(route: string, variant = 1): string {
  return `ORDER-${route.toUpperCase().replace(/[^A-Z0-9]+/g, '-')}-${variant}`;
}

/** The currency of a method's examples: TWD where it is taken. */
export function exampleCurrency({ currencies }: Method): string {
  return currencies.includes('TWD') ? 'TWD' : (currencies[0] ?? 'TWD');
}

/** How the example was paid. */
export const EXAMPLE_DETAILS: PaidDetails = {
  channel: 'Credit_CreditCard',
  card: { first6: '431195', last4: '2222', bank: '玉山銀行', eci: '5', authCode: '777777' },
  fee: { amount: 2550, currency: 'TWD' },
  net: { amount: 95_450, currency: 'TWD' },
};

export function markPaid(payment: Payment): Payment {
  return { ...payment, status: 'paid', paidAt: CREATED_AT + DAY + 3 * HOUR };
}

/** `data` of the answer to a query. */
export function exampleData(source: Place, of: GatewayMethod): Record<string, unknown> {
  const payment = examplePayment(of);
  return {
    ...describePayment(payment),
    payment_url: source.publicUrl + PAGE_PATH,
    payment_info: placePage(of.method.docs.exampleInfo, source.publicUrl + PAGE_PATH),
    gateway_order_no: GATEWAY_ORDER_NO,
    gateway_trade_no: of.method.callsGateway ? GATEWAY_TRADE_NO : null,
    ...describeDetails(payment, null),
    refunded_amount: 0,
    paid_at: null,
    created_at: formatInstant(payment.createdAt),
    payer_account: payment.order.payerAccount,
    metadata: payment.order.metadata,
  };
}

/** The payment of the first method there is. */
export function exampleFirst(source: Source): Record<string, unknown> {
  const [first] = listMethods(source.gateways);
  return first ? exampleData(source, first) : {};
}

/** A payment whose answer shows the most: one with a number that the payer can pay. */
export function exampleFound(source: Source): Record<string, unknown> {
  const methods = listMethods(source.gateways);
  const shown = methods.find(({ method }) => method.callsGateway) ?? methods[0];
  return shown ? exampleData(source, shown) : {};
}

/** Where a gateway's example shows the payment page, it is the page of this installation. */
function placePage(info: Readonly<Record<string, unknown>>, pageUrl: string): Record<string, unknown> {
  const place = (value: unknown): unknown => {
    if (typeof value === 'string') return /^https:\/\/pay\.example\//.test(value) ? pageUrl : value;
    return typeof value === 'object' && value !== null ? placePage(value as Record<string, unknown>, pageUrl) : value;
  };
  return Object.fromEntries(Object.entries(info).map(([name, value]) => [name, place(value)]));
}

/** `data` of the answer to a create, with the form the driver itself signs for the example account. */
export async function exampleCreated(source: Place, of: GatewayMethod): Promise<Record<string, unknown>> {
  const data = { ...exampleData(source, of), merchant_order_no: exampleOrderNo(routeOf(of)) };
  if (of.method.callsGateway) return { ...data, ...of.method.docs.exampleLinks, created: true };
  const step = await of.gateway.create(
    {
      method: of.method,
      payment: examplePayment(of),
      gatewayOrderNo: GATEWAY_ORDER_NO,
      secrets: exampleSecrets(of.gateway),
      locale: 'zh-tw',
      deadline: CREATED_AT + of.method.defaultLifetimeMs,
    },
    exampleContext(source, of),
  );
  if (step.type !== 'form') return { ...data, created: true };
  return { ...data, redirect_form: { action: step.action, method: step.method, fields: step.fields }, created: true };
}

function exampleContext({ publicUrl }: Place, { gateway }: GatewayMethod): GatewayContext {
  const refuse = () => Promise.reject(new Error('an example never calls a gateway'));
  return {
    http: { get: refuse, post: refuse },
    now: CREATED_AT,
    memory: new Map(),
    settings: {},
    callbackToken: '',
    originOf: (service, environment) => gateway.services[service]?.[environment] ?? '',
    urls: {
      callback: `${publicUrl}/api/paycore/webhooks/${gateway.id}`,
      page: publicUrl + PAGE_PATH,
      browserReturn: `${publicUrl}/zh-tw/payment/${gateway.id}/return/PAY202606220001ABCDEFGH?page=kJ3vYq0W9bTzL5nR1xHc2U`,
    },
  };
}

const routeOf = ({ gateway, method }: GatewayMethod): string => `${gateway.id}/${method.path}`;

/** Said only where credentials do not say it themselves and there is a choice. */
function describeChoice(gateway: Gateway): Record<string, string> {
  const hasChoice = !gateway.credentials.environmentOf && Object.keys(gateway.credentials.environments).length > 1;
  return hasChoice ? { environment: exampleEnvironment(gateway) } : {};
}

/** Fields of the ordinary example, in the order in which they are shown. */
const SHOWN = [
  'merchant_order_no',
  'amount',
  'payer_account',
  'success_url',
  'cancel_url',
  'payok_url',
  'item_name',
  'metadata',
];

/** Bodies of a create: with credentials and without, and with everything there is. */
export function createExamples(of: GatewayMethod): Record<string, Example> {
  const { gateway, method } = of;
  const needed = {
    ...exampleValues(CREATE_FIELDS.filter((field) => method.needs?.some(([first]) => field.name === first))),
    ...(exampleCurrency(method) === defaultCurrency(method) ? {} : { currency: exampleCurrency(method) }),
  };
  const direct = {
    ...exampleValues(CREATE_FIELDS.filter((field) => SHOWN.includes(field.name))),
    currency: exampleCurrency(method),
    ...needed,
    ...exampleValues(method.fields ?? []),
    gateway_credentials: { ...exampleSecrets(gateway), ...describeChoice(gateway) },
  };
  const stored = { ...exampleValues(CREATE_FIELDS.filter((field) => field.required)), ...needed };
  const extras = exampleValues(method.extras);
  const variants: readonly (readonly [string, string, object])[] = [
    ['direct', 'Credentials in the request', direct],
    ['stored', 'Credentials kept by the project', stored],
    ...(method.extras.length === 0
      ? []
      : [['extras', `Every field of ${gateway.name}’s own`, { ...stored, [gateway.id]: extras }] as const]),
  ];
  return Object.fromEntries(
    variants.map(([name, summary, body], at) => [
      name,
      { summary, value: { ...body, merchant_order_no: exampleOrderNo(routeOf(of), at + 1) } },
    ]),
  );
}

function exampleValues(fields: readonly Field[]): Record<string, unknown> {
  const told = fields.filter((field) => field.example !== undefined && field.example !== '');
  return Object.fromEntries(told.map((field) => [field.name, field.example]));
}
