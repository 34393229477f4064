import type { Fact } from '../../core/attempt.ts';
import { minorToMajor } from '../../core/money.ts';
import type { Order } from '../../core/payment.ts';
import { formatTaipeiSlashed, MINUTE, parseTaipei, SECOND } from '../../core/time.ts';
import {
  type CreateInput,
  type GatewayContext,
  GatewayGarbage,
  GatewayRefusal,
  type InSite,
  type InSiteForm,
  type InSiteResult,
  type PageOrigins,
} from '../gateway.ts';
import { readContact } from './contact.ts';
import { callEnvelope, objectOf, textOf } from './envelope.ts';
import { errors } from './errors.ts';
import { convertExpireDays } from './expiry.ts';
import { readIssuedParts, readPaid } from './facts.ts';
import { cleanText, nameOrder } from './text.ts';

/**
 * ECPay in-site payment 2.0: a token for ECPay's form in our page, then CreatePayment with what the form gives back.
 * Sources: ECPay developer documentation, pages 9040 (GetTokenbyTrade), 8989 to 9008 (script), 9053 (CreatePayment).
 */
const TOKEN_TIMEOUT = 30 * SECOND;
/** The bank may take its time; ECPay asks for at least 30 s (page 9053). */
const PAY_TIMEOUT = 40 * SECOND;
const TOKEN_LIFETIME = 10 * MINUTE;

/** `methods` of the request → ECPay's numbers for ChoosePaymentList. */
export const IN_SITE_METHODS = {
  credit: '1',
  installment: '2',
  atm: '3',
  cvs: '4',
  barcode: '5',
  unionpay: '6',
} as const;
type InSiteMethod = keyof typeof IN_SITE_METHODS;

function isInSiteMethod(name: string): name is InSiteMethod {
  return Object.hasOwn(IN_SITE_METHODS, name);
}

async function prepare(input: CreateInput, ctx: GatewayContext): Promise<InSiteForm> {
  const data = await call('/Merchant/GetTokenbyTrade', buildTokenRequest(input, ctx), TOKEN_TIMEOUT, input, ctx);
  requireSuccess(data);
  const token = textOf(data.Token);
  if (token === '') throw new GatewayGarbage('ECPay’s answer has no Token');
  const origin = scriptOrigin(ctx, input.payment.environment);
  return {
    token,
    expiresAt: parseTaipei(textOf(data.TokenExpireDate)) ?? ctx.now + TOKEN_LIFETIME,
    scriptUrl: `${origin}/Scripts/sdk-1.0.0.js`,
    settings: {
      environment: input.payment.environment === 'production' ? 'Prod' : 'Stage',
      // Its script speaks these two (page 8989).
      language: input.locale.startsWith('zh') ? 'zh-TW' : 'en-US',
    },
  };
}

function buildTokenRequest(input: CreateInput, ctx: GatewayContext): Record<string, unknown> {
  const { payment, secrets } = input;
  const { order } = payment;
  const offered = listOffered(order);
  const offers = (...names: InSiteMethod[]) => names.some((name) => offered.includes(name));
  const card = pick(order.extras ?? {}, ['CreditInstallment', 'FlexibleInstallment']);
  const expiry = (kind: 'atm' | 'cvs' | 'barcode') =>
    order.expireDays === undefined ? undefined : convertExpireDays(kind, order.expireDays);
  const returns = { OrderResultURL: ctx.urls.browserReturn };
  return {
    ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
    MerchantID: secrets.merchant_id,
    RememberCard: 0,
    PaymentUIType: 2,
    ChoosePaymentList: offered.map((name) => IN_SITE_METHODS[name]).join(','),
    OrderInfo: {
      MerchantTradeDate: formatTaipeiSlashed(ctx.now),
      MerchantTradeNo: input.gatewayOrderNo,
      TotalAmount: minorToMajor(payment.amount, payment.currency),
      ReturnURL: ctx.urls.callback,
      ...nameOrder(order, payment.paymentNo),
    },
    ...(offers('credit', 'installment') ? { CardInfo: { ...returns, ...card } } : {}),
    ...(offers('unionpay') ? { UnionPayInfo: returns } : {}),
    ...(offers('atm') ? { ATMInfo: defined({ ExpireDate: expiry('atm') }) } : {}),
    ...(offers('cvs') ? { CVSInfo: defined({ StoreExpireDate: expiry('cvs') }) } : {}),
    ...(offers('barcode') ? { BarcodeInfo: defined({ StoreExpireDate: expiry('barcode') }) } : {}),
    ConsumerInfo: defined({ ...readContact(order), Name: cleanText('Name', order.buyerName ?? '') }),
    CustomField: payment.paymentNo,
  };
}

/**
 * What the order names, else everything; never ECPay's own "all" (0), which means Apple Pay too and would need Apple's
 * script in the page. Instalments are offered of themselves only when their periods are known.
 */
function listOffered(order: Order): readonly InSiteMethod[] {
  const named = readMethods(order);
  if (named) return named.filter(isInSiteMethod);
  const all = Object.keys(IN_SITE_METHODS).filter(isInSiteMethod);
  return order.extras?.CreditInstallment === undefined ? all.filter((name) => name !== 'installment') : all;
}

/** Older payments have them beside the fields that all methods take. */
function readMethods(order: Order & { readonly methods?: unknown }): readonly string[] | null {
  const methods = order.own?.methods ?? order.methods;
  return Array.isArray(methods) ? methods.map(String) : null;
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}

/** Self-paid instalments name their longest period here, unlike at the cashier (6, 12, 24 or 30: page 41284). */
function pick(extras: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const picked = defined(Object.fromEntries(names.map((name) => [name, extras[name]])));
  const { FlexibleInstallment, ...rest } = picked;
  return FlexibleInstallment === true ? { ...rest, FlexibleInstallment: 30 } : rest;
}

async function pay(input: CreateInput & { payToken: string }, ctx: GatewayContext): Promise<InSiteResult> {
  const { secrets } = input;
  const request = {
    ...(secrets.platform_id ? { PlatformID: secrets.platform_id } : {}),
    MerchantID: secrets.merchant_id,
    PayToken: input.payToken,
    MerchantTradeNo: input.gatewayOrderNo,
  };
  return readPayment(await call('/Merchant/CreatePayment', request, PAY_TIMEOUT, input, ctx), input);
}

function call(
  path: string,
  data: Readonly<Record<string, unknown>>,
  timeoutMs: number,
  input: CreateInput,
  ctx: GatewayContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { environment } = input.payment;
  return callEnvelope(
    {
      service: 'ecpg',
      path,
      environment,
      secrets: input.secrets,
      data,
      timeoutMs,
      refusal: errors.ECPAY_PAYMENT_FAILED,
    },
    ctx,
  );
}

/** The addresses come first: an answer that sends the payer on need not carry RtnCode at all. */
function readPayment(data: Readonly<Record<string, unknown>>, input: CreateInput): InSiteResult {
  const order = objectOf(data.OrderInfo);
  const orderNo = textOf(order.MerchantTradeNo);
  const onward = textOf(objectOf(data.ThreeDInfo).ThreeDURL) || textOf(objectOf(data.UnionPayInfo).UnionPayURL);
  if (onward === '') requireSuccess(data);
  if (orderNo !== '' && orderNo !== input.gatewayOrderNo) {
    throw new GatewayGarbage('ECPay’s answer is about another MerchantTradeNo');
  }
  if (onward !== '') {
    if (!/^https?:\/\//.test(onward) || !URL.canParse(onward))
      throw new GatewayGarbage('ECPay sends the payer to no address');
    return { type: 'redirect', url: onward };
  }
  const fact = readOutcome(data, order);
  if (!fact || orderNo === '') throw new GatewayGarbage('ECPay’s answer names neither a payment nor a number');
  return { type: 'facts', facts: [fact] };
}

function readOutcome(data: Readonly<Record<string, unknown>>, order: Readonly<Record<string, unknown>>): Fact | null {
  const issued = readIssuedParts(data, { method: 'ecpg' });
  if (issued) return issued;
  const paid = textOf(order.TradeStatus) === '1' || textOf(order.PaymentDate) !== '';
  return paid ? readPaid(order, false, objectOf(data.CardInfo)) : null;
}

function requireSuccess(data: Readonly<Record<string, unknown>>): void {
  const code = textOf(data.RtnCode);
  if (code === '') throw new GatewayGarbage('ECPay’s answer has no RtnCode');
  if (code !== '1') throw new GatewayRefusal(errors.ECPAY_PAYMENT_FAILED, code, textOf(data.RtnMsg));
}

/** Stage and production share one script, served by the production host; `initialize` tells them apart (page 8989). */
function scriptOrigin(
  ctx: Pick<GatewayContext, 'originOf'>,
  environment: CreateInput['payment']['environment'],
): string {
  const stage = ctx.originOf('ecpg', environment);
  return stage === 'https://ecpg-stage.ecpay.com.tw' ? 'https://ecpg.ecpay.com.tw' : stage;
}

/** In the stage environment the script comes from one host and asks another. */
function origins(
  ctx: Pick<GatewayContext, 'originOf'>,
  environment: CreateInput['payment']['environment'],
): PageOrigins {
  const own = [...new Set([scriptOrigin(ctx, environment), ctx.originOf('ecpg', environment)])];
  return { script: own, frame: own, connect: own, img: own, font: own, style: own, inlineStyle: true };
}

export const inSite: InSite = { prepare, pay, origins, errors: [errors.ECPAY_PAYMENT_FAILED] };
