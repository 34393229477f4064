import { refuse } from './failure.ts';
import { toSeconds } from './ids.ts';
import { type Attempt, type Charge, type Intent, type PaymentMethod, payerPath } from './intent.ts';
import { kindOf } from './kinds.ts';

/** Objects as Stripe answers them (Stripe API reference: PaymentIntents, Charges, PaymentMethods, Disputes). */
type Shown = Readonly<Record<string, unknown>>;

const noAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

function viewBilling(method: PaymentMethod | null): Shown {
  const { address, ...rest } = method?.billing ?? {};
  const given = typeof address === 'object' ? address : {};
  return { address: { ...noAddress, ...given }, email: null, name: null, phone: null, tax_id: null, ...rest };
}

function viewDetails(method: PaymentMethod): Shown {
  const { card, bank } = method;
  if (bank !== null) return { bank };
  if (card === null) return {};
  return { brand: card.brand, exp_month: card.expMonth, exp_year: card.expYear, funding: 'credit', last4: card.last4 };
}

export function viewMethod(method: PaymentMethod, livemode: boolean): Shown {
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: viewBilling(method),
    created: toSeconds(method.createdAt),
    customer: null,
    livemode,
    metadata: {},
    type: method.type,
    [method.type]: viewDetails(method),
  };
}

export function viewCharge(intent: Intent, charge: Charge): Shown {
  const isPaid = charge.status === 'succeeded';
  const method = intent.lastMethod;
  return {
    id: charge.id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: charge.amountRefunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: isPaid ? charge.id.replace('py_', 'txn_').replace('ch_', 'txn_') : null,
    billing_details: viewBilling(method),
    calculated_statement_descriptor: intent.descriptor,
    captured: isPaid,
    created: toSeconds(charge.createdAt),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: charge.isDisputed,
    failure_code: isPaid ? null : (intent.lastError?.code ?? null),
    failure_message: isPaid ? null : (intent.lastError?.message ?? null),
    fraud_details: {},
    livemode: intent.livemode,
    metadata: intent.metadata,
    on_behalf_of: null,
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method?.id ?? null,
    payment_method_details: method && { type: method.type, [method.type]: viewDetails(method) },
    receipt_email: intent.receiptEmail,
    receipt_number: null,
    refunded: charge.amountRefunded === intent.amount,
    review: null,
    shipping: intent.shipping,
    statement_descriptor: intent.descriptor,
    statement_descriptor_suffix: intent.descriptorSuffix,
    status: charge.status,
    transfer_data: null,
    transfer_group: null,
  };
}

function viewQr(attempt: Attempt, origin: string): Shown {
  const image = `${origin}/stripe/qr/${attempt.nonce}`;
  return {
    data: attempt.qr,
    hosted_instructions_url: origin + payerPath(attempt),
    ...(attempt.picture === null ? {} : { image_data_url: attempt.picture }),
    image_url_png: `${image}.png`,
    image_url_svg: `${image}.svg`,
  };
}

function viewAction(attempt: Attempt, action: string): Shown {
  const url = attempt.origin + payerPath(attempt);
  if (attempt.qr !== null) return viewQr(attempt, attempt.origin);
  const redirect = { return_url: attempt.returnUrl, url };
  return action === 'alipay_handle_redirect' ? { native_data: null, native_url: null, ...redirect } : redirect;
}

function viewNextAction(intent: Intent): Shown | null {
  const { attempt, method, status } = intent;
  if (status !== 'requires_action' || !attempt || !method) return null;
  if (attempt.isForScript) {
    const stripe_js = attempt.origin + payerPath(attempt);
    return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js } };
  }
  const { action } = kindOf(method.type);
  return { type: action, [action]: viewAction(attempt, action) };
}

function viewError(intent: Intent): Shown | null {
  const { lastError, lastMethod } = intent;
  if (!lastError) return null;
  const method = lastMethod && { payment_method: viewMethod(lastMethod, intent.livemode) };
  const charge = intent.charge?.status === 'failed' ? { charge: intent.charge.id } : {};
  return { ...charge, ...lastError, ...method };
}

function viewOptions(intent: Intent): Shown {
  return Object.fromEntries(intent.types.map((type) => [type, intent.options[type] ?? {}]));
}

function showIntent(intent: Intent): Shown {
  const isPaid = intent.status === 'succeeded';
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: isPaid ? intent.amount : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: intent.automatic && {
      allow_redirects: intent.automatic.allowRedirects,
      enabled: true,
    },
    canceled_at: intent.canceledAt === null ? null : toSeconds(intent.canceledAt),
    cancellation_reason: intent.cancellationReason,
    capture_method: 'automatic',
    client_secret: intent.clientSecret,
    confirmation_method: 'automatic',
    created: toSeconds(intent.createdAt),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: viewError(intent),
    latest_charge: intent.charge?.id ?? null,
    livemode: intent.livemode,
    metadata: intent.metadata,
    next_action: viewNextAction(intent),
    on_behalf_of: null,
    payment_method: intent.method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: viewOptions(intent),
    payment_method_types: intent.types,
    processing: intent.status === 'processing' ? { type: intent.method?.type ?? 'card' } : null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: intent.shipping,
    statement_descriptor: intent.descriptor,
    statement_descriptor_suffix: intent.descriptorSuffix,
    status: intent.status,
    transfer_data: null,
    transfer_group: null,
  };
}

const expanders: Readonly<Record<string, (intent: Intent) => unknown>> = {
  latest_charge: (intent) => intent.charge && viewCharge(intent, intent.charge),
  payment_method: (intent) => intent.method && viewMethod(intent.method, intent.livemode),
};

export function checkExpand(expand: readonly string[]): readonly string[] {
  const stray = expand.find((name) => !Object.hasOwn(expanders, name));
  if (stray === undefined) return expand;
  return refuse(`This property cannot be expanded (${stray.slice(0, 100)}).`, { param: 'expand' });
}

/** `expand` names what comes whole instead of as an id. */
export function viewIntent(intent: Intent, expand: readonly string[] = []): Shown {
  const expanded = expand.map((name) => [name, expanders[name]?.(intent)] as const);
  return { ...showIntent(intent), ...Object.fromEntries(expanded) };
}

/** What a publishable key gets to see: neither metadata nor charges. */
const PUBLIC = [
  'id',
  'object',
  'amount',
  'amount_details',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_configuration_details',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'status',
] as const;

export function viewPublicIntent(intent: Intent): Shown {
  const shown = showIntent(intent);
  return Object.fromEntries(PUBLIC.map((name) => [name, shown[name]]));
}

export interface Dispute {
  readonly id: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly reason: string;
}

/** Banks give a week at least to answer. */
const EVIDENCE_DAYS = 7;

export function viewDispute(intent: Intent, charge: Charge, dispute: Dispute): Shown {
  const created = toSeconds(dispute.createdAt);
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: intent.currency,
    evidence_details: {
      due_by: created + EVIDENCE_DAYS * 86_400,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: intent.livemode,
    metadata: {},
    payment_intent: intent.id,
    reason: dispute.reason,
    status: 'needs_response',
  };
}
