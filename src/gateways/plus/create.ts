import type { Instructions, NextStep } from '../../core/attempt.ts';
import { isWebUrl } from '../../core/fields.ts';
import { minorToMajor } from '../../core/money.ts';
import { formatInstant, parseTaipei } from '../../core/time.ts';
import { type CreateInput, type GatewayContext, GatewayGarbage, GatewayRefusal } from '../gateway.ts';
import { errors } from './errors.ts';
import { type Answer, callPlus, readAnswer, readMoney, readTradeNo, requireOurs, textOf } from './wire.ts';

const TIMEOUT_MS = 30_000;

/** From here on PLUS routes a payment through its channel for large amounts; whole TWD. */
const LARGE_FROM = 20_000;

/** Asks PLUS for a virtual account. */
export async function requestAccount(input: CreateInput, ctx: GatewayContext): Promise<NextStep> {
  const { payment, secrets } = input;
  const money = minorToMajor(payment.amount, payment.currency);
  const text = await callPlus(
    {
      path: '/api/atm',
      environment: payment.environment,
      secrets,
      fields: {
        order_no: input.gatewayOrderNo,
        money: String(money),
        channel: money < LARGE_FROM ? 'small' : 'large',
        callback_url: `${ctx.urls.callback}?t=${ctx.callbackToken}`,
        return_url: ctx.urls.browserReturn,
      },
      timeoutMs: TIMEOUT_MS,
    },
    ctx,
  );
  return readIssued(readAnswer(text, 'call'), input);
}

function readIssued(answer: Answer, input: CreateInput): NextStep {
  const { verdict, code, message, fields } = answer;
  const account = textOf(fields.account_code);
  if (verdict === 'refused' && account === '') throw new GatewayRefusal(errors.PLUS_REQUEST_REJECTED, code, message);
  if (verdict !== 'accepted') throw new GatewayGarbage('PLUS’s answer does not say whether the account was issued');
  requireOurs(fields, { ...input, tradeNo: null });
  if (textOf(fields.money) !== '' && readMoney(fields.money) !== input.payment.amount) {
    throw new GatewayGarbage('PLUS’s answer is about another amount');
  }
  return { type: 'instructions', instructions: readInstructions(account, answer, input), ...readTradeNo(fields) };
}

function readInstructions(virtualAccount: string, { fields }: Answer, input: CreateInput): Instructions {
  const bankCode = textOf(fields.bank_code);
  const payUrl = textOf(fields.pay_url);
  const usable = /^[0-9A-Za-z-]{4,32}$/.test(virtualAccount) && /^(\d{3,7})?$/.test(bankCode);
  if (!usable) throw new GatewayGarbage('PLUS’s answer has no usable account_code and bank_code');
  return {
    type: 'atm',
    virtualAccount,
    expireAt: formatInstant(readDeadline(textOf(fields.expire_at)) ?? input.deadline),
    ...(bankCode === '' ? {} : { bankCode }),
    ...(isWebUrl(payUrl) ? { payUrl } : {}),
  };
}

/** Taipei time without offset, an instant with one, or unix seconds: the contract does not say which. */
function readDeadline(text: string): number | null {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  const wall = parseTaipei(text);
  if (wall !== null) return wall;
  const instant = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? null : instant;
}
