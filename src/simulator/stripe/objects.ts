import { refuse } from './failure.ts';
import {
  type Attempt,
  automaticOf,
  type Charge,
  type Intent,
  type PaymentMethod,
  payerPath,
  toSeconds,
} from './intent.ts';
import { actionOf } from './kinds.ts';

/** Objects as Stripe answers them (Stripe API reference: PaymentIntents, Charges, PaymentMethods, Disputes). */
export type Shown = Readonly<Record<string, unknown>>;

const pick = (fields: Shown, names: string): Shown =>
  Object.fromEntries(names.split(' ').map((name) => [name, fields[name] ?? null]));

export const nulls = (names: string): Shown => pick({}, names);

/** Stripe writes the fields of an object in the order of the alphabet, after its id and what it is. */
export function makeObject(id: string, object: string, fields: Shown): Shown {
  const inOrder = Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
  return { id, object, ...Object.fromEntries(inOrder) };
}

const noAddress = nulls('city country line1 line2 postal_code state');

function viewBilling(method: PaymentMethod | null): Shown {
  const { address, ...rest } = method?.billing ?? {};
  return { address: { ...noAddress, ...address }, ...nulls('email name phone tax_id'), ...rest };
}

function viewDetails({ type, card, bank }: PaymentMethod): Shown {
  if (bank !== null) return { [type]: { bank } };
  if (card === null) return { [type]: {} };
  const { brand, expMonth, expYear, last4 } = card;
  return { [type]: { brand, country: 'US', exp_month: expMonth, exp_year: expYear, funding: 'credit', last4 } };
}

export function viewMethod(method: PaymentMethod, livemode: boolean): Shown {
  const shown = makeObject(method.id, 'payment_method', {
    allow_redisplay: 'unspecified',
    billing_details: viewBilling(method),
    created: toSeconds(method.createdAt),
    customer: null,
    livemode,
    metadata: {},
    type: method.type,
  });
  return { ...shown, ...viewDetails(method) };
}

/** What an intent and its charge have in common. */
const viewSale = ({ amount, currency, fields, livemode }: Intent): Shown => ({
  ...nulls('application application_fee_amount customer on_behalf_of review transfer_data transfer_group'),
  ...pick(fields, 'description receipt_email shipping statement_descriptor statement_descriptor_suffix'),
  amount,
  currency,
  livemode,
  metadata: fields.metadata ?? {},
});

export function viewCharge(intent: Intent, charge: Charge): Shown {
  const isPaid = charge.status === 'succeeded';
  const { lastMethod: method, lastError } = intent;
  return makeObject(charge.id, 'charge', {
    ...viewSale(intent),
    ...nulls('application_fee receipt_number'),
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: charge.amountRefunded,
    balance_transaction: isPaid ? charge.id.replace(/^(py|ch)_/, 'txn_') : null,
    billing_details: viewBilling(method),
    calculated_statement_descriptor: intent.fields.statement_descriptor ?? null,
    captured: isPaid,
    created: toSeconds(charge.createdAt),
    disputed: charge.isDisputed,
    failure_code: isPaid ? null : (lastError?.code ?? null),
    failure_message: isPaid ? null : (lastError?.message ?? null),
    fraud_details: {},
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method?.id ?? null,
    payment_method_details: method && { type: method.type, ...viewDetails(method) },
    refunded: charge.amountRefunded === intent.amount,
    status: charge.status,
  });
}

function viewAction(attempt: Attempt, action: string): Shown {
  const url = attempt.origin + payerPath(attempt);
  if (attempt.qr !== null) {
    const image = `${attempt.origin}/stripe/qr/${attempt.nonce}`;
    return {
      data: attempt.qr,
      hosted_instructions_url: url,
      ...(attempt.picture === null ? {} : { image_data_url: attempt.picture }),
      image_url_png: `${image}.png`,
      image_url_svg: `${image}.svg`,
    };
  }
  const native = action === 'alipay_handle_redirect' ? nulls('native_data native_url') : {};
  return { ...native, return_url: attempt.returnUrl, url };
}

function viewNextAction({ attempt, method, status }: Intent): Shown | null {
  if (status !== 'requires_action' || !attempt || !method) return null;
  if (attempt.isForScript) {
    const stripe_js = attempt.origin + payerPath(attempt);
    return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js } };
  }
  const action = actionOf(method.type);
  return { type: action, [action]: viewAction(attempt, action) };
}

function viewError({ charge, lastError, lastMethod, livemode }: Intent): Shown | null {
  if (!lastError) return null;
  const method = lastMethod && { payment_method: viewMethod(lastMethod, livemode) };
  return { ...(charge?.status === 'failed' ? { charge: charge.id } : {}), ...lastError, ...method };
}

function showIntent(intent: Intent): Shown {
  const { canceledAt, types } = intent;
  return makeObject(intent.id, 'payment_intent', {
    ...viewSale(intent),
    ...nulls('excluded_payment_method_types payment_method_configuration_details setup_future_usage'),
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    automatic_payment_methods: automaticOf(intent),
    canceled_at: canceledAt === null ? null : toSeconds(canceledAt),
    cancellation_reason: intent.cancellationReason,
    capture_method: 'automatic',
    client_secret: intent.clientSecret,
    confirmation_method: 'automatic',
    created: toSeconds(intent.createdAt),
    last_payment_error: viewError(intent),
    latest_charge: intent.charge?.id ?? null,
    next_action: viewNextAction(intent),
    payment_method: intent.method?.id ?? null,
    payment_method_options: Object.fromEntries(types.map((type) => [type, intent.options[type] ?? {}])),
    payment_method_types: types,
    processing: intent.status === 'processing' ? { type: intent.method?.type ?? 'card' } : null,
    status: intent.status,
  });
}

const FEE_PER_MILLE = 34;

/** What an account is charged for a charge and what it gets, in the currency of both. */
function viewBalance({ amount, currency }: Intent, charge: Charge): Shown | null {
  if (charge.status !== 'succeeded') return null;
  const fee = Math.round((amount * FEE_PER_MILLE) / 1000);
  const created = toSeconds(charge.createdAt);
  return makeObject(charge.id.replace(/^(py|ch)_/, 'txn_'), 'balance_transaction', {
    amount,
    available_on: created,
    created,
    currency,
    exchange_rate: null,
    fee,
    fee_details: [
      { amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' },
    ],
    net: amount - fee,
    reporting_category: 'charge',
    source: charge.id,
    status: 'pending',
    type: 'charge',
  });
}

const expanders: Readonly<Record<string, (intent: Intent) => unknown>> = {
  latest_charge: (intent) => intent.charge && viewCharge(intent, intent.charge),
  payment_method: (intent) => intent.method && viewMethod(intent.method, intent.livemode),
};

/** Named behind what it is a part of, which comes whole as well. */
const BALANCE = 'latest_charge.balance_transaction';

export function checkExpand(expand: readonly string[] = []): readonly string[] {
  const stray = expand.find((name) => name !== BALANCE && !Object.hasOwn(expanders, name));
  if (stray === undefined) return expand;
  return refuse(`This property cannot be expanded (${stray.slice(0, 100)}).`, { param: 'expand' });
}

/** `expand` names what comes whole instead of as an id. */
export function viewIntent(intent: Intent, expand: readonly string[] = []): Shown {
  const names = expand.filter((name) => name !== BALANCE);
  const shown = {
    ...showIntent(intent),
    ...Object.fromEntries(names.map((name) => [name, expanders[name]?.(intent)])),
  };
  const { charge } = intent;
  if (!expand.includes(BALANCE) || !charge) return shown;
  return {
    ...shown,
    latest_charge: { ...viewCharge(intent, charge), balance_transaction: viewBalance(intent, charge) },
  };
}

/** What a publishable key gets to see: neither metadata nor charges. */
const PUBLIC =
  'id object amount amount_details automatic_payment_methods canceled_at cancellation_reason capture_method ' +
  'client_secret confirmation_method created currency description last_payment_error livemode next_action ' +
  'payment_method payment_method_configuration_details payment_method_types processing receipt_email ' +
  'setup_future_usage shipping status';

export const viewPublicIntent = (intent: Intent): Shown => pick(showIntent(intent), PUBLIC);

/** Banks give a week at least to answer. */
const EVIDENCE_SECONDS = 7 * 86_400;

export function makeDispute(
  id: string,
  now: number,
  intent: Intent,
  wish: { readonly amount: number; readonly reason: string },
): Shown {
  const created = toSeconds(now);
  return makeObject(id, 'dispute', {
    ...wish,
    balance_transactions: [],
    charge: intent.charge?.id,
    created,
    currency: intent.currency,
    evidence_details: { due_by: created + EVIDENCE_SECONDS, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    livemode: intent.livemode,
    metadata: {},
    payment_intent: intent.id,
    status: 'needs_response',
  });
}
