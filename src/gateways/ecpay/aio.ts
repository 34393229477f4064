import type { NextStep } from '../../core/attempt.ts';
import { minorToMajor } from '../../core/money.ts';
import { formatTaipeiSlashed } from '../../core/time.ts';
import type { CreateInput, GatewayContext } from '../gateway.ts';
import { convertExpireDays, isNumberKind } from './expiry.ts';
import { CHOOSE_PAYMENT } from './methods.ts';
import { signFields } from './signature.ts';
import { MAX_URL, nameOrder, prepareFields } from './text.ts';

/**
 * The form that carries the payer to ECPay's cashier (AioCheckOut V5). The browser must post it itself.
 * Sources: ECPay developer documentation, pages 2862 (common), 2864 (ALL), 2866 (card), 2872, 2874, 2876.
 */
export function buildForm(input: CreateInput, ctx: GatewayContext): NextStep {
  const { payment, method, secrets } = input;
  const fields = prepareFields<Record<string, string>>({
    MerchantID: secrets.merchant_id ?? '',
    MerchantTradeNo: input.gatewayOrderNo,
    MerchantTradeDate: formatTaipeiSlashed(ctx.now),
    PaymentType: 'aio',
    TotalAmount: String(minorToMajor(payment.amount, payment.currency)),
    ...nameOrder(payment.order, payment.paymentNo),
    ReturnURL: ctx.urls.callback,
    ChoosePayment: CHOOSE_PAYMENT[method.method] ?? 'ALL',
    EncryptType: '1',
    CustomField1: payment.paymentNo,
    ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
    ...LANGUAGES[input.locale],
    ...addressesFor(method.method, ctx, payment.order.extras?.UnionPay === 1),
    ...expiryFor(method.method, payment.order.expireDays),
    // The result then tells of the card (page 5675).
    ...(takesCard(method.method) ? { NeedExtraPaidInfo: 'Y' } : {}),
    ...extraFields(payment.order.extras ?? {}),
  });
  return {
    type: 'form',
    action: `${ctx.originOf('payment', payment.environment)}/Cashier/AioCheckOut/V5`,
    method: 'POST',
    fields: { ...fields, CheckMacValue: signFields(fields, secrets) },
  };
}

/**
 * Numbers are reported to PaymentInfoURL and, through the browser, to ClientRedirectURL; cards come back through
 * OrderResultURL, which UnionPay does not support (page 2866). With ALL the payer may end either way.
 */
function addressesFor(method: string, ctx: GatewayContext, unionPayOnly: boolean): Record<string, string> {
  const takesNumber = method === 'all' || isNumberKind(method);
  return {
    ...(takesNumber ? { PaymentInfoURL: ctx.urls.callback, ClientRedirectURL: ctx.urls.browserReturn } : {}),
    ...(takesCard(method) && !unionPayOnly ? { OrderResultURL: ctx.urls.browserReturn } : {}),
    ...(takesCard(method) && ctx.urls.page.length <= MAX_URL ? { ClientBackURL: ctx.urls.page } : {}),
  };
}

/** ECPay’s cashier speaks traditional Chinese unless told otherwise, and neither Thai nor Malay (page 2862, Language). */
const LANGUAGES: Readonly<Record<CreateInput['locale'], { readonly Language?: string }>> = {
  'zh-tw': {},
  'zh-cn': { Language: 'CHI' },
  en: { Language: 'ENG' },
  ja: { Language: 'JPN' },
  ko: { Language: 'KOR' },
  th: { Language: 'ENG' },
  ms: { Language: 'ENG' },
};

function takesCard(method: string): boolean {
  return method === 'all' || method === 'credit';
}

/** With ALL only the ATM field is sent: StoreExpireDate would mean minutes for one method and days for another. */
function expiryFor(method: string, expireDays: number | undefined): Record<string, string> {
  if (expireDays === undefined) return {};
  if (method === 'all' || method === 'atm') return { ExpireDate: String(convertExpireDays('atm', expireDays)) };
  return isNumberKind(method) ? { StoreExpireDate: String(convertExpireDays(method, expireDays)) } : {};
}

/** Extras as they were checked, without what says no more than leaving it out. */
function extraFields(extras: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(extras)
      .filter(([name, value]) => !UNSENT[name]?.(value))
      .map(([name, value]) => [name, String(value)]),
  );
}

/** ECPay offers self-paid instalments by itself (page 41284), and knows no other word about bonus points than Y (page 2866). */
const UNSENT: Readonly<Record<string, (value: string | number | boolean) => boolean>> = {
  FlexibleInstallment: () => true,
  Redeem: (value) => value !== 'Y',
};
