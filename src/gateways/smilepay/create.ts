import type { NextStep } from '../../core/attempt.ts';
import { minorToMajor } from '../../core/money.ts';
import { formatInstant, formatTaipeiSlashed } from '../../core/time.ts';
import { type CreateInput, type GatewayContext, GatewayGarbage } from '../gateway.ts';
import { type Answer, MAX_ANSWER, readAnswer } from './answer.ts';
import { chooseKind, type Kind, planDeadline } from './kinds.ts';
import { makeRoturl } from './roturl.ts';
import { explainRefusal, ISSUED, isStatus } from './statuses.ts';
import { cleanText } from './text.ts';
import { readTaipei } from './times.ts';

const TIMEOUT_MS = 30_000;

/** What a callback has to be acknowledged with. */
export const ROTURL_STATUS = 'OK';

/** Longest texts that are known to be taken. */
const MAX = { item: 40, name: 50, phone: 20, email: 50 } as const;

/**
 * Asks SmilePay for a number without the payer’s browser (背景取號, SPPayment.asp). Source: SmilePay’s plug-ins for
 * WooCommerce (3.0.5) and PrestaShop (2.2.5).
 */
export async function requestNumber(input: CreateInput, ctx: GatewayContext): Promise<NextStep> {
  const kind = chooseKind(input);
  const deadline = planDeadline(kind, input.deadline, ctx.now);
  const response = await ctx.http.post(`${ctx.originOf('api', input.payment.environment)}/api/SPPayment.asp`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/xml' },
    body: new URLSearchParams(buildRequest(kind, deadline, input, ctx)).toString(),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER,
  });
  return readStep(kind, deadline, readAnswer(response, 'smilepay'), input, ctx);
}

function buildRequest(kind: Kind, deadline: number, input: CreateInput, ctx: GatewayContext): Record<string, string> {
  const { payment, secrets, gatewayOrderNo, locale } = input;
  const { order } = payment;
  const [date = '', time = ''] = formatTaipeiSlashed(deadline).split(' ');
  const item = cleanText(order.itemName ?? order.description ?? '', MAX.item);
  return {
    Dcvc: secrets.dcvc ?? '',
    Rvg2c: secrets.rvg2c ?? '',
    Verify_key: secrets.verify_key ?? '',
    Pay_zg: kind.payZg,
    Data_id: gatewayOrderNo,
    Od_sob: item === '' ? payment.paymentNo : item,
    Amount: String(minorToMajor(payment.amount, payment.currency)),
    Deadline_date: date,
    ...(kind.toTheMinute ? { Deadline_time: time } : {}),
    ...describeBuyer(order),
    Roturl: makeRoturl(secrets, gatewayOrderNo, ctx),
    Roturl_status: ROTURL_STATUS,
    ...(locale.startsWith('zh') ? {} : { Language: 'EN' }),
  };
}

/** All of it is optional. A name may be cut, but half a telephone number or address is none. */
function describeBuyer(order: CreateInput['payment']['order']): Record<string, string> {
  const whole = (text: string, max: number) => (text.length <= max ? text : '');
  const fields = {
    Pur_name: cleanText(order.buyerName ?? '', MAX.name),
    Mobile_number: whole(cleanText(order.buyerMobile ?? order.buyerPhone ?? '', 100), MAX.phone),
    Tel_number: whole(cleanText(order.buyerTel ?? order.buyerPhone ?? '', 100), MAX.phone),
    Email: whole(order.buyerEmail ?? '', MAX.email),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function readStep(kind: Kind, deadline: number, answer: Answer, input: CreateInput, ctx: GatewayContext): NextStep {
  const status = answer.get('status') ?? '';
  if (!isStatus(status)) throw new GatewayGarbage('SmilePay’s answer has no Status');
  if (status !== ISSUED) throw explainRefusal(kind, status, answer.get('desc') ?? '');
  requireOurs(answer, input);
  const tradeNo = answer.get('smilepayno') ?? '';
  if (!/^[0-9A-Za-z_-]{1,50}$/.test(tradeNo)) throw new GatewayGarbage('SmilePay’s answer has no usable SmilePayNO');
  // An account without an end comes back without one, and what lies in the past cannot be meant.
  const end = readTaipei(answer.get('payenddate') ?? '');
  const instructions = kind.read(answer, formatInstant(end !== null && end > ctx.now ? end : deadline));
  if (!instructions) throw new GatewayGarbage('SmilePay’s answer has no usable number');
  return { type: 'instructions', instructions, tradeNo };
}

/** What the answer repeats has to be what was asked; what it leaves empty says nothing. */
function requireOurs(answer: Answer, { payment, secrets, gatewayOrderNo }: CreateInput): void {
  const asked = { Dcvc: secrets.dcvc ?? '', Data_id: gatewayOrderNo };
  for (const [name, wanted] of Object.entries(asked)) {
    const told = answer.get(name.toLowerCase()) ?? '';
    if (told !== '' && told !== wanted) throw new GatewayGarbage(`SmilePay’s answer is about another ${name}`);
  }
  const amount = answer.get('amount') ?? '';
  if (amount !== '' && Number(amount) !== minorToMajor(payment.amount, payment.currency)) {
    throw new GatewayGarbage('SmilePay’s answer is about another amount');
  }
}
