import type { NextStep } from '../../core/attempt.ts';
import { minorToMajor } from '../../core/money.ts';
import { formatTaipeiSlashed } from '../../core/time.ts';
import { type CreateInput, type GatewayContext, GatewayGarbage, GatewayRefusal } from '../gateway.ts';
import { callEnvelope, objectOf, textOf } from './envelope.ts';
import { errors } from './errors.ts';
import { convertExpireDays, isNumberKind, type NumberKind } from './expiry.ts';
import { PARTS, readIssuedParts } from './facts.ts';
import { CHOOSE_PAYMENT } from './methods.ts';
import { nameOrder } from './text.ts';

const TIMEOUT_MS = 30_000;

/**
 * Asks ECPay for a number without a visit to its cashier (GenPaymentCode). Source: ECPay developer documentation,
 * pages 27995 (CVS), 28000 (barcode), 28005 (ATM). Here the deadline is `ExpireDate` for all three.
 */
export async function requestNumber(input: CreateInput, ctx: GatewayContext): Promise<NextStep> {
  const kind = input.method.method;
  if (!isNumberKind(kind)) throw new Error(`ECPay issues no number for ${kind}`);
  const data = await callEnvelope(
    {
      service: 'ecpayment',
      path: '/1.0.0/Cashier/GenPaymentCode',
      environment: input.payment.environment,
      secrets: input.secrets,
      data: buildRequest(kind, input, ctx),
      timeoutMs: TIMEOUT_MS,
      refusal: errors.ECPAY_BACKGROUND_CODE_FAILED,
    },
    ctx,
  );
  return readAnswer(kind, data, input);
}

function buildRequest(kind: NumberKind, input: CreateInput, ctx: GatewayContext): Record<string, unknown> {
  const { payment, secrets } = input;
  const { Remark, ATMBankCode, CVSCode, StoreExpireDate, ExpireDate, ...descriptions } = payment.order.extras ?? {};
  const { expireDays } = payment.order;
  const deadline =
    StoreExpireDate ?? ExpireDate ?? (expireDays === undefined ? undefined : convertExpireDays(kind, expireDays));
  return {
    ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
    MerchantID: secrets.merchant_id,
    ChoosePayment: CHOOSE_PAYMENT[kind],
    OrderInfo: {
      MerchantTradeDate: formatTaipeiSlashed(ctx.now),
      MerchantTradeNo: input.gatewayOrderNo,
      TotalAmount: minorToMajor(payment.amount, payment.currency),
      ReturnURL: ctx.urls.callback,
      ...nameOrder(payment.order, payment.paymentNo),
      ...(Remark === undefined ? {} : { Remark }),
    },
    [PARTS[kind]]: {
      ...(deadline === undefined ? {} : { ExpireDate: deadline }),
      ...(kind === 'atm' ? { ATMBankCode: ATMBankCode ?? '' } : {}),
      ...(kind === 'cvs' ? { CVSCode: CVSCode ?? 'CVS', ...descriptions } : {}),
    },
    CustomField: payment.paymentNo,
  };
}

function readAnswer(kind: NumberKind, data: Readonly<Record<string, unknown>>, input: CreateInput): NextStep {
  const code = textOf(data.RtnCode);
  if (code === '') throw new GatewayGarbage('ECPay’s answer has no RtnCode');
  if (code !== '1') throw new GatewayRefusal(errors.ECPAY_BACKGROUND_CODE_FAILED, code, textOf(data.RtnMsg));
  const order = objectOf(data.OrderInfo);
  if (textOf(order.MerchantTradeNo) !== input.gatewayOrderNo) {
    throw new GatewayGarbage('ECPay’s answer is about another MerchantTradeNo');
  }
  const amount = textOf(order.TradeAmt);
  if (amount !== '' && Number(amount) !== minorToMajor(input.payment.amount, input.payment.currency)) {
    throw new GatewayGarbage('ECPay’s answer is about another amount');
  }
  const issued = readIssuedParts(data, { method: kind });
  if (issued?.type !== 'instructions') throw new GatewayGarbage(`ECPay’s answer has no usable ${PARTS[kind]}`);
  const { instructions, tradeNo } = issued;
  return { type: 'instructions', instructions, ...(tradeNo === undefined ? {} : { tradeNo }) };
}
