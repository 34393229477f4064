import { minorToMajor } from '../../core/money.ts';
import type { Extras, ExtrasContext, ExtrasResult } from '../gateway.ts';
import { MAX_EMAIL, readContact } from './contact.ts';
import { type Extra, listExtras } from './extras.ts';
import { cleanUrl, MAX_URL } from './text.ts';

/** What ECPay wants of the extras together. Sources: ECPay developer documentation, pages 2864 to 2870, 9040 and 41284. */
interface Subject {
  readonly extras: Extras;
  /** Whole TWD. */
  readonly amount: number;
  readonly order: ExtrasContext['order'];
  readonly isInSite: boolean;
  offers(name: 'card' | 'installment' | 'atm'): boolean;
}

interface Rule {
  /** Names of the request. */
  readonly field: string;
  readonly text: string;
  broken(subject: Subject): boolean;
}

const LEAST_SELF_PAID = 1000;
const LEAST_30N = 20_000;

/** Extras that ask for something, by what can give it. A word that says no more than leaving it out asks for nothing. */
const WISHES: readonly (readonly [name: string, giver: 'card' | 'atm', is: (value: unknown) => boolean])[] = [
  ['FlexibleInstallment', 'card', (value) => value === true],
  ['Redeem', 'card', (value) => value === 'Y'],
  ['UnionPay', 'card', (value) => value === 1],
  ['BindingCard', 'card', (value) => value === 1],
  ['ExpireDate', 'atm', (value) => value !== undefined],
];

const periodsOf = ({ extras: { CreditInstallment } }: Subject): readonly string[] =>
  typeof CreditInstallment === 'string' ? CreditInstallment.split(',') : [];

const RULES: readonly Rule[] = [
  {
    field: 'ecpay.CreditInstallment',
    text: 'The ecpay.CreditInstallment field cannot be combined with Redeem or UnionPay 1.',
    broken: (s) => periodsOf(s).length > 0 && (s.extras.Redeem === 'Y' || s.extras.UnionPay === 1),
  },
  {
    field: 'ecpay.CreditInstallment',
    text: 'The ecpay.CreditInstallment field offers 30N only from NT$20,000.',
    broken: (s) => periodsOf(s).includes('30N') && s.amount < LEAST_30N,
  },
  {
    field: 'ecpay.CreditInstallment',
    text: 'The ecpay.CreditInstallment field must name each period once.',
    broken: (s) => new Set(periodsOf(s)).size < periodsOf(s).length,
  },
  {
    field: 'ecpay.CreditInstallment',
    text: 'The ecpay.CreditInstallment field needs card payment among what is offered.',
    broken: (s) => periodsOf(s).length > 0 && !s.offers('card') && !s.offers('installment'),
  },
  {
    field: 'ecpay.CreditInstallment',
    text: 'The ecpay.CreditInstallment field is required when methods offers installment.',
    broken: (s) => s.isInSite && s.offers('installment') && periodsOf(s).length === 0,
  },
  {
    field: 'ecpay.FlexibleInstallment',
    text: 'The ecpay.FlexibleInstallment field cannot be combined with UnionPay 1.',
    broken: (s) => s.extras.FlexibleInstallment === true && s.extras.UnionPay === 1,
  },
  ...WISHES.map(([name, giver, is]) => ({
    field: `ecpay.${name}`,
    text: `The ecpay.${name} field needs ${giver === 'card' ? 'card payment' : 'ATM'} among what is offered.`,
    broken: (s: Subject) => is(s.extras[name]) && !s.offers(giver),
  })),
  {
    field: 'ecpay.FlexibleInstallment',
    text: 'The ecpay.FlexibleInstallment field needs an amount of at least 1000.',
    broken: (s) => s.extras.FlexibleInstallment === true && s.amount < LEAST_SELF_PAID,
  },
  {
    field: 'ecpay.MerchantMemberID',
    text: 'The ecpay.MerchantMemberID field is required when BindingCard is 1.',
    broken: (s) => s.extras.BindingCard === 1 && s.extras.MerchantMemberID === undefined,
  },
  {
    field: 'buyer_email',
    text: `The buyer_email field must not be greater than ${MAX_EMAIL} characters when no phone number is given that ECPay takes.`,
    broken: (s) => s.isInSite && s.order.buyerEmail !== undefined && !isReachable(s),
  },
  ...(['buyer_mobile', 'buyer_phone'] as const).map((field) => ({
    field,
    text: `The ${field} field must be 6 to 20 digits, with + before and - between them, when no buyer_email is given.`,
    broken: (s: Subject) => {
      const { buyerEmail, buyerMobile, buyerPhone } = s.order;
      const given = field === 'buyer_mobile' ? buyerMobile : buyerPhone;
      return s.isInSite && buyerEmail === undefined && given !== undefined && !isReachable(s);
    },
  })),
];

function isReachable({ order }: Subject): boolean {
  return Object.keys(readContact(order)).length > 0;
}

/** What the payer can choose from at ECPay, as far as an extra may depend on it. */
function offersOf({ method, order }: ExtrasContext, extras: Extras): Subject['offers'] {
  if (method.mode === 'ecpg') {
    const named = order.own?.methods;
    const installment = extras.CreditInstallment !== undefined;
    if (!Array.isArray(named)) return (name) => name !== 'installment' || installment;
    return (name) => named.includes(name === 'card' ? 'credit' : name);
  }
  const ignored = String(extras.IgnorePayment ?? '').split('#');
  return (name) => !ignored.includes(name === 'atm' ? 'ATM' : 'Credit');
}

export function checkExtras(given: Extras, context: ExtrasContext): ExtrasResult {
  const rows = listExtras(context.method.path);
  const extras = capAll(given, rows);
  const subject: Subject = {
    extras,
    amount: minorToMajor(context.amount, context.currency),
    order: context.order,
    isInSite: context.method.mode === 'ecpg',
    offers: offersOf(context, extras),
  };
  const broken = RULES.filter((rule) => rule.broken(subject));
  const fields = {
    ...Object.fromEntries(broken.map(({ field, text }) => [field, [text]])),
    ...Object.fromEntries(listLong(extras, rows).map((name) => [`ecpay.${name}`, [tellLong(name)]])),
  };
  return Object.keys(fields).length > 0 ? { ok: false, fields } : { ok: true, extras };
}

function capAll(extras: Extras, rows: readonly Extra[]): Extras {
  const caps = new Map(rows.map(({ name, cap }) => [name, cap]));
  const capOne = (name: string, value: Extras[string]) =>
    typeof value === 'number' ? Math.min(value, caps.get(name) ?? value) : value;
  return Object.fromEntries(Object.entries(extras).map(([name, value]) => [name, capOne(name, value)]));
}

/** Addresses that grow too long when they are written as ECPay takes them. */
function listLong(extras: Extras, rows: readonly Extra[]): readonly string[] {
  const names = rows.filter(({ type }) => type === 'url').map(({ name }) => name);
  return names.filter((name) => cleanUrl(String(extras[name] ?? '')).length > MAX_URL);
}

const tellLong = (name: string) =>
  `The ecpay.${name} field must not be greater than ${MAX_URL} characters as ECPay takes it.`;
