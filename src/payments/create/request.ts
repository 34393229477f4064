import { PayCoreError } from '../../core/errors.ts';
import { checkFields, type Field, isLeftOut } from '../../core/fields.ts';
import { LOCALES } from '../../core/locale.ts';
import { toMinorUnits } from '../../core/money.ts';
import type { Order } from '../../core/payment.ts';
import { type ProjectUrls, URL_NAMES } from '../../core/settings.ts';
import type { Deps } from '../../deps.ts';
import { isFineEnough, takesCurrency, takesDecimals } from '../../gateways/amounts.ts';
import type { Gateway, Method } from '../../gateways/gateway.ts';
import { checkTargetUrl } from '../../notify/target.ts';
import type { ProjectLimits } from '../../store/queries/projects.ts';
import { findMisplaced, readExtras } from './extras.ts';

/** Largest amount in the unit of a route; beyond it minor units would leave the exact integers. */
const MAX_AMOUNT = 1_000_000_000_000;

/** One line that somebody reads: control characters would end up in logs, exports and on the shop's screen. */
export const PLAIN_TEXT = {
  type: 'string',
  required: true,
  max: 100,
  pattern: /^(?=.*\S)[^\p{Cc}]+$/u,
  expected: 'text without control characters',
} as const satisfies Partial<Field>;

/** The body of every create route, as data: checks and documentation are made from it. */
export const CREATE_FIELDS: readonly Field[] = [
  {
    name: 'merchant_order_no',
    ...PLAIN_TEXT,
    description: 'Your order number. While its payment is pending or paid, the same number means the same payment.',
    example: 'ORDER202606220001',
  },
  {
    name: 'amount',
    type: 'amount',
    required: true,
    min: 1,
    max: MAX_AMOUNT,
    description: 'Whole units of the currency: an integer, or a string of digits.',
    example: 980,
  },
  { name: 'currency', type: 'string', max: 10, description: 'ISO 4217 code.', example: 'TWD', default: 'TWD' },
  {
    name: 'payer_account',
    type: 'string',
    max: 100,
    description: 'Your identifier of the payer.',
    example: 'uid811118A',
  },
  {
    name: 'success_url',
    type: 'url',
    description: 'Where the payer goes after paying; the project’s own address when left out.',
    example: 'https://merchant.example/success',
  },
  {
    name: 'return_url',
    type: 'url',
    description: 'Used as success_url when that is left out.',
    example: 'https://merchant.example/return',
  },
  {
    name: 'cancel_url',
    type: 'url',
    description: 'Where the payer goes to give up; the project’s own address when left out.',
    example: 'https://merchant.example/cancel',
  },
  {
    name: 'payok_url',
    type: 'url',
    description: 'Notified by PayCore after payment; the project’s own address when left out.',
    example: 'https://merchant.example/paycore/payok',
  },
  { name: 'item_name', type: 'string', max: 200, description: 'What is paid for.', example: 'PayCore 測試商品' },
  {
    name: 'description',
    type: 'string',
    max: 200,
    description: 'Used as item name when that is left out.',
    example: 'Order payment',
  },
  { name: 'buyer_name', type: 'string', max: 100, description: 'Name of the buyer.', example: '王小明' },
  { name: 'buyer_mobile', type: 'string', max: 30, description: 'Mobile number.', example: '0912345678' },
  { name: 'buyer_phone', type: 'string', max: 30, description: 'Phone number.', example: '0912345678' },
  { name: 'buyer_tel', type: 'string', max: 30, description: 'Telephone number.', example: '02-12345678' },
  { name: 'buyer_email', type: 'email', max: 150, description: 'E-mail address.', example: 'buyer@example.com' },
  { name: 'expire_days', type: 'integer', min: 1, max: 60, description: 'Days until the payment expires.', example: 7 },
  {
    name: 'locale',
    type: 'string',
    oneOf: LOCALES,
    description:
      'Language of the payer: of `payment_url`, and of the gateway’s own pages as far as it speaks it. Left out, the payer’s browser says which.',
    example: 'en',
  },
  {
    name: 'metadata',
    type: 'metadata',
    description: 'At most 20 string pairs, given back everywhere.',
    example: { cart: '42' },
  },
];

const MINOR: Partial<Field> = {
  description: 'Minor units of the currency (98000 is NT$980, 1099 is USD 10.99): an integer, or a string of digits.',
};

const DECIMAL: Field = {
  name: 'amount',
  type: 'decimal',
  required: true,
  min: 0.01,
  max: MAX_AMOUNT,
  description: 'Amount in whole units of the currency: an integer, or a text with decimals ("10.99").',
  example: 980,
};

/** A create request that is sound; credentials are looked at separately. */
export interface CreateRequest {
  readonly merchantOrderNo: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly order: Order;
}

/** Throws VALIDATION_FAILED with every bad field, or INVALID_ARGUMENT for a currency the method does not take. */
export function readCreateRequest(
  body: Readonly<Record<string, unknown>>,
  gateway: Gateway,
  method: Method,
  deps: Pick<Deps, 'config' | 'gateways'> & { readonly limits: ProjectLimits; readonly settings: ProjectUrls },
): CreateRequest {
  const extrasField: Field = { name: gateway.id, type: 'object', description: '' };
  const { values, errors } = checkFields(fillUrls(body, deps.settings), [...createFields(method), extrasField]);
  const fields: Record<string, readonly string[]> = { ...errors, ...checkNeeds(values, method) };
  const currency = textOf(values.currency)?.toUpperCase() ?? defaultCurrency(method);
  const amount = readAmount(values.amount, currency, method, fields);
  const payokUrl = textOf(values.payok_url);
  const target = payokUrl === undefined ? null : checkTargetUrl(payokUrl, deps.config.notifyAllow);
  if (target) fields.payok_url = [target.message];
  const order: Order = { ...readOrder(values, ORDER_FIELDS), ...readOwn(values, method) };
  const { extras, problems } = readExtras(values[gateway.id], gateway, { method, amount, currency, order });
  Object.assign(fields, problems, findMisplaced(body, deps.gateways.list, { ...method, gateway: gateway.id }));
  if (Object.keys(fields).length > 0) throw new PayCoreError('VALIDATION_FAILED', { details: { fields } });
  if (!takesCurrency(method, currency)) throw refuseCurrency(gateway, method, currency);
  const outside = checkLimits(Number(values.amount), gateway, method, deps.limits);
  if (outside) throw outside;
  return {
    merchantOrderNo: String(values.merchant_order_no),
    amount,
    currency,
    order: { ...order, ...(Object.keys(extras).length > 0 ? { extras } : {}) },
  };
}

/** The body of the All-in-One route: the payer chooses the rest. */
export const CHECKOUT_FIELDS: readonly Field[] = CREATE_FIELDS.map((field) =>
  field.name === 'amount' ? DECIMAL : field,
);

/** A request that leaves the method to the payer. Throws VALIDATION_FAILED with every bad field. */
export function readCheckoutRequest(
  body: Readonly<Record<string, unknown>>,
  deps: Pick<Deps, 'config' | 'gateways'> & { readonly settings: ProjectUrls },
): CreateRequest {
  const { values, errors } = checkFields(fillUrls(body, deps.settings), CHECKOUT_FIELDS);
  const misplaced = findMisplaced(body, deps.gateways.list, { path: 'checkout' });
  const fields: Record<string, readonly string[]> = { ...errors, ...misplaced };
  const currency = textOf(values.currency)?.toUpperCase() ?? deps.config.currency;
  if (!/^[A-Z]{3}$/.test(currency)) fields.currency = ['The currency field must be an ISO 4217 code.'];
  const amount = readAmount(values.amount, currency, { unit: 'major' }, fields);
  const payokUrl = textOf(values.payok_url);
  const target = payokUrl === undefined ? null : checkTargetUrl(payokUrl, deps.config.notifyAllow);
  if (target) fields.payok_url = [target.message];
  if (Object.keys(fields).length > 0) throw new PayCoreError('VALIDATION_FAILED', { details: { fields } });
  return {
    merchantOrderNo: String(values.merchant_order_no),
    amount,
    currency,
    order: readOrder(values, ORDER_FIELDS),
  };
}

/** The amount is one the project's terms, else the gateway, are known to take; in the method's unit. */
export function isWithinLimits(amount: number, gateway: Gateway, method: Method, own: ProjectLimits): boolean {
  return checkLimits(amount, gateway, method, own) === null;
}

/** The project's own addresses where the request names none. */
function fillUrls(body: Readonly<Record<string, unknown>>, settings: ProjectUrls): Readonly<Record<string, unknown>> {
  const isGiven = (name: string) => Object.hasOwn(body, name) && !isLeftOut(body[name]);
  const missing = URL_NAMES.filter((name) => settings[name] !== undefined && !isGiven(name));
  // A request's return_url stands for its success_url.
  const filled = missing.filter((name) => name !== 'success_url' || !isGiven('return_url'));
  return { ...body, ...Object.fromEntries(filled.map((name) => [name, settings[name]])) };
}

function checkNeeds(values: Readonly<Record<string, unknown>>, method: Method): Record<string, readonly string[]> {
  const needs = (!method.asksPayer && method.needs) || [];
  const unmet = needs.filter((list) => list.every((name) => values[name] === undefined));
  return Object.fromEntries(
    unmet.flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const unless =
        others.length === 0 ? '' : ` when ${others.join(' and ')} ${others.length === 1 ? 'is' : 'are'} not given`;
      return [[first, [`The ${first} field is required${unless}.`]]];
    }),
  );
}

/** Amounts the project's own terms allow, else those the gateway is known to take. */
function checkLimits(amount: number, gateway: Gateway, method: Method, own: ProjectLimits): PayCoreError | null {
  const { min, max } = own[`${gateway.id}/${method.path}`] ?? method.limits;
  if (amount >= min && amount <= max) return null;
  const text = `The amount field must be from ${min} to ${max} for ${gateway.id} ${method.path}.`;
  return new PayCoreError('INVALID_ARGUMENT', { message: text, details: { fields: { amount: [text] } } });
}

/** The fields of a method's create route. */
export function createFields(method: Method): readonly Field[] {
  const common = CREATE_FIELDS.map((field) => (field.name === 'amount' ? describeAmount(field, method) : field));
  return [...common, ...(method.fields ?? [])];
}

function describeAmount(field: Field, method: Method): Field {
  if (takesDecimals(method)) return DECIMAL;
  return method.unit === 'minor' ? { ...field, ...MINOR } : field;
}

/** What a request means that names no currency. */
export function defaultCurrency({ currencies }: Method): string {
  const [first, ...others] = currencies;
  return first !== undefined && others.length === 0 ? first : 'TWD';
}

/** In minor units; what is wrong with it is added to `fields`. */
function readAmount(
  value: unknown,
  currency: string,
  method: Pick<Method, 'unit' | 'decimals'>,
  fields: Record<string, readonly string[]>,
): number {
  if (typeof value !== 'number' && typeof value !== 'string') return 0;
  const amount = toMinorUnits(value, currency, method.unit);
  if (amount !== null && Number.isSafeInteger(amount) && isFineEnough(amount, currency, method)) return amount;
  fields.amount = [`The amount field has more decimals, or fewer zeros at its end, than ${currency} takes here.`];
  return 0;
}

/** Longer lists of currencies are read in the documentation. */
const MAX_NAMED = 20;

function refuseCurrency(gateway: Gateway, method: Method, currency: string): PayCoreError {
  const { currencies } = method;
  const allowed = currencies.length > MAX_NAMED ? 'a code it takes' : currencies.join(' or ');
  const text = `The currency field must be ${allowed} for ${gateway.id} ${method.path}, not ${currency}.`;
  const code = gateway.currencyRefusal ?? 'INVALID_ARGUMENT';
  return new PayCoreError(code, { message: text, details: { fields: { currency: [text] } } });
}

const ORDER_FIELDS = {
  itemName: 'item_name',
  description: 'description',
  payerAccount: 'payer_account',
  buyerName: 'buyer_name',
  buyerMobile: 'buyer_mobile',
  buyerPhone: 'buyer_phone',
  buyerTel: 'buyer_tel',
  buyerEmail: 'buyer_email',
  successUrl: 'success_url',
  returnUrl: 'return_url',
  cancelUrl: 'cancel_url',
  payokUrl: 'payok_url',
  expireDays: 'expire_days',
  metadata: 'metadata',
  locale: 'locale',
} as const satisfies Record<keyof Omit<Order, 'extras' | 'own'>, string>;

/** What is given of an order, by the names that its fields have in a body. */
export function readOrder(
  values: Readonly<Record<string, unknown>>,
  names: Readonly<Partial<Record<keyof Order, string>>>,
): Order {
  const entries = Object.entries(names).map(([key, name]) => [key, values[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Order;
}

function readOwn(values: Readonly<Record<string, unknown>>, { fields = [] }: Method): Pick<Order, 'own'> {
  const entries = fields.map(({ name }) => [name, values[name]] as const);
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length > 0 ? { own: Object.fromEntries(given) } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
