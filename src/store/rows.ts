import type { Attempt } from '../core/attempt.ts';
import type { Flag, Payment } from '../core/payment.ts';

/** Column lists and the mapping from rows to the records of the core. */

export const PAYMENT_COLUMNS = `id, payment_no, project_id, livemode, key_kind, merchant_order_no, gateway, method, mode,
  environment, amount, currency, unit, status, reason, flags, order_json, credential_id, attempt_id, revision, paid_at,
  is_checkout, close_at, refunded, created_at, updated_at`;

export interface PaymentRow {
  id: number;
  payment_no: string;
  project_id: number;
  livemode: number;
  key_kind: Payment['keyKind'];
  merchant_order_no: string;
  gateway: string;
  method: string;
  mode: string;
  environment: Payment['environment'];
  amount: number;
  currency: string;
  unit: Payment['unit'];
  status: Payment['status'];
  reason: Payment['reason'];
  flags: string;
  order_json: string;
  credential_id: number;
  attempt_id: number | null;
  revision: number;
  is_checkout: number;
  close_at: number | null;
  paid_at: number | null;
  refunded: number;
  created_at: number;
  updated_at: number;
}

export function toPayment(row: PaymentRow): Payment {
  return {
    id: row.id,
    paymentNo: row.payment_no,
    projectId: row.project_id,
    livemode: row.livemode === 1,
    keyKind: row.key_kind,
    merchantOrderNo: row.merchant_order_no,
    gateway: row.gateway,
    method: row.method,
    mode: row.mode,
    environment: row.environment,
    amount: row.amount,
    currency: row.currency,
    unit: row.unit,
    status: row.status,
    reason: row.reason,
    flags: readFlags(row.flags),
    order: JSON.parse(row.order_json),
    credentialId: row.credential_id,
    attemptId: row.attempt_id,
    revision: row.revision,
    isCheckout: row.is_checkout === 1,
    closeAt: row.close_at,
    paidAt: row.paid_at,
    refunded: row.refunded,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function readFlags(text: string): readonly Flag[] {
  return text === '' ? [] : (text.split(',') as Flag[]);
}

export const ATTEMPT_COLUMNS = `id, payment_id, gateway, gateway_order_no, gateway_trade_no, method, mode, credential_id, status,
  end_reason, instructions_json, deadline, check_at, checks, missing, declines, locale, spent, created_at, updated_at`;

export interface AttemptRow {
  id: number;
  payment_id: number;
  gateway: string;
  gateway_order_no: string;
  gateway_trade_no: string | null;
  method: string;
  mode: string;
  credential_id: number;
  status: Attempt['status'];
  end_reason: Attempt['endReason'];
  instructions_json: string | null;
  deadline: number;
  check_at: number | null;
  checks: number;
  missing: number;
  declines: number;
  locale: Attempt['locale'];
  spent: number;
  created_at: number;
  updated_at: number;
}

export function toAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    paymentId: row.payment_id,
    gateway: row.gateway,
    gatewayOrderNo: row.gateway_order_no,
    gatewayTradeNo: row.gateway_trade_no,
    method: row.method,
    mode: row.mode,
    credentialId: row.credential_id,
    status: row.status,
    endReason: row.end_reason,
    instructions: row.instructions_json === null ? null : JSON.parse(row.instructions_json),
    deadline: row.deadline,
    checkAt: row.check_at,
    checks: row.checks,
    missing: row.missing,
    declines: row.declines,
    locale: row.locale,
    spent: row.spent === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
