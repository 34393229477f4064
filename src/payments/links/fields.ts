import { failValidation } from '../../core/errors.ts';
import { checkFields, type Field } from '../../core/fields.ts';
import { toMinorUnits } from '../../core/money.ts';
import type { Order } from '../../core/payment.ts';
import { DAY_OR_INSTANT, readTime } from '../../core/payment-query.ts';
import { DAY, parseTaipei } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import { checkTargetUrl } from '../../notify/target.ts';
import type { NewLink } from '../../store/commands/links/keep.ts';
import { findMisplaced } from '../create/extras.ts';
import { CHECKOUT_FIELDS, PLAIN_TEXT, readOrder } from '../create/request.ts';

/** A field that means what it means when a payment is created. */
function takeOver(name: string, change: Partial<Field> = {}): Field {
  const field = CHECKOUT_FIELDS.find((one) => one.name === name);
  if (!field) throw new Error(`there is no field ${name}`);
  return { ...field, ...change };
}

/** Major units; the largest amount any route takes. */
export const MAX_AMOUNT = takeOver('amount').max ?? 0;

/** No link outlives this: an address that was forgotten must not take money for ever. */
const MAX_DAYS = 3650;

/** The body of `POST /api/paycore/links`: checks and documentation are made from it. */
export const LINK_FIELDS: readonly Field[] = [
  {
    name: 'title',
    ...PLAIN_TEXT,
    description: 'What the payer reads above the amount.',
    example: '手沖課程報名費',
  },
  takeOver('amount', {
    required: false,
    description:
      'Amount in whole units of the currency: an integer, or a text with decimals ("10.99"). When the field is missing, the payer enters it; null and empty text are refused.',
  }),
  takeOver('amount', {
    name: 'min_amount',
    required: false,
    description: 'Least that the payer may enter; only without `amount`.',
    example: 100,
  }),
  takeOver('amount', {
    name: 'max_amount',
    required: false,
    description: 'Most that the payer may enter; only without `amount`.',
    example: 5000,
  }),
  takeOver('currency'),
  {
    name: 'single_use',
    type: 'boolean',
    description:
      'True: it is used up when one payment is paid. Left out, everybody who opens it makes a payment of his own.',
    example: false,
  },
  {
    name: 'expires_at',
    type: 'string',
    max: 40,
    description: `From then on nobody can begin to pay: ${DAY_OR_INSTANT}; of a day, its end is meant.`,
    example: '2026-12-31',
  },
  {
    name: 'expire_days',
    type: 'integer',
    min: 1,
    max: MAX_DAYS,
    description: 'Days until it expires, instead of `expires_at`. With neither it stays open until it is closed.',
    example: 30,
  },
  takeOver('item_name', { description: 'What is paid for; the title when left out.' }),
  takeOver('success_url'),
  takeOver('cancel_url'),
  takeOver('payok_url'),
  takeOver('locale', {
    description:
      'Language of the payers: of `link_url` and of every payment of the link. Left out, their browsers say which.',
  }),
  takeOver('metadata', { description: 'At most 20 string pairs, given to every payment of the link.' }),
];

type Values = Readonly<Record<string, unknown>>;
type Problems = Record<string, readonly string[]>;

/** Everything about a new link but whose it is. Throws VALIDATION_FAILED with every bad field. */
export function readLinkRequest(
  body: Values,
  { config, gateways, now }: Pick<Deps, 'config' | 'gateways'> & { readonly now: number },
): Omit<NewLink, 'projectId' | 'keyKind'> {
  const { values, errors } = checkFields(body, LINK_FIELDS);
  const problems: Problems = { ...errors, ...findMisplaced(body, gateways.list, { path: 'links' }) };
  const currency = typeof values.currency === 'string' ? values.currency.toUpperCase() : config.currency;
  if (!/^[A-Z]{3}$/.test(currency)) problems.currency = ['The currency field must be an ISO 4217 code.'];
  const amounts = readAmounts(values, currency, problems);
  const expiresAt = readExpiry(values, now, problems);
  const target = typeof values.payok_url === 'string' ? checkTargetUrl(values.payok_url, config.notifyAllow) : null;
  if (target) problems.payok_url = [target.message];
  if (Object.keys(problems).length > 0) throw failValidation(problems);
  return {
    ...amounts,
    title: String(values.title),
    currency,
    isSingleUse: values.single_use === true,
    expiresAt,
    order: readOrder(values, ORDER_FIELDS),
    createdAt: now,
  };
}

type Amounts = Pick<NewLink, 'amount' | 'minAmount' | 'maxAmount'>;

/** In minor units; what is wrong with them is added to `problems`. */
function readAmounts(values: Values, currency: string, problems: Problems): Amounts {
  const read = (name: string): number | null => {
    const value = values[name];
    if (typeof value !== 'string') return null;
    const amount = toMinorUnits(value, currency, 'major');
    if (amount !== null && Number.isSafeInteger(amount)) return amount;
    problems[name] = [`The ${name} field has more decimals than ${currency} takes.`];
    return null;
  };
  const [amount, minAmount, maxAmount] = [read('amount'), read('min_amount'), read('max_amount')];
  for (const name of ['min_amount', 'max_amount']) {
    if (values.amount === undefined || values[name] === undefined) continue;
    problems[name] = [`The ${name} field is for links without amount.`];
  }
  if (minAmount !== null && maxAmount !== null && minAmount > maxAmount) {
    problems.max_amount = ['The max_amount field must not be less than min_amount.'];
  }
  return { amount, minAmount, maxAmount };
}

function readExpiry({ expires_at: at, expire_days: days }: Values, now: number, problems: Problems): number | null {
  if (typeof days === 'number') {
    if (at !== undefined) problems.expire_days = ['The expire_days field is for links without expires_at.'];
    return now + days * DAY;
  }
  if (typeof at !== 'string') return null;
  // Of a day, its last second, as gateways write their deadlines.
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(at) ? parseTaipei(at) : readTime(at, 'end');
  if (typeof moment !== 'number') problems.expires_at = [`The expires_at field must be ${DAY_OR_INSTANT}.`];
  else if (moment <= now) problems.expires_at = ['The expires_at field must be in the future.'];
  else if (moment > now + MAX_DAYS * DAY) {
    problems.expires_at = [`The expires_at field must be within ${MAX_DAYS} days.`];
  } else return moment;
  return null;
}

const ORDER_FIELDS = {
  itemName: 'item_name',
  successUrl: 'success_url',
  cancelUrl: 'cancel_url',
  payokUrl: 'payok_url',
  metadata: 'metadata',
  locale: 'locale',
} as const satisfies Partial<Record<keyof Order, string>>;
