import { ActionError, answerJson, parseForm } from '../http.ts';
import type { Call, World } from '../world.ts';
import { type Choice, choicesOf } from './choices.ts';
import { flatten } from './payment-code.ts';
import type { PayToken, TradeToken } from './token-box.ts';

/** The form stands in a page of another origin, which sends no cookies and gets none. */
const openToAll = { 'access-control-allow-origin': '*' };

function answerOpen(value: unknown, status = 200): Response {
  const response = answerJson(value, status);
  for (const [name, text] of Object.entries(openToAll)) response.headers.set(name, text);
  return response;
}

interface Asked {
  readonly trade: TradeToken;
  readonly choices: readonly Choice[];
  readonly form: Readonly<Record<string, string>>;
}

function readAsked(call: Call): Asked {
  const form = Object.fromEntries(parseForm(call.body) ?? []);
  const { tokens, now } = call.world;
  const trade = tokens.findTrade(form.Token ?? '');
  if (!trade) throw new ActionError(422, 'TOKEN_UNKNOWN', 'Token error 驗證碼錯誤');
  if (trade.expiresAt < now()) throw new ActionError(422, 'TOKEN_EXPIRED', 'Token expired 驗證碼已逾時');
  return { trade, choices: choicesOf(flatten({ ...trade.data })), form };
}

/** ECPay documents 64 characters, while integrators got signed tokens of more than 200 with dots in them. */
function makePayToken(world: World): string {
  const part = (bytes: number) => Buffer.from(world.random(bytes)).toString('base64url');
  return [part(27), part(120), part(32)].join('.');
}

function giveMethods({ trade, choices }: Asked): unknown {
  return {
    MerchantTradeNo: trade.merchantTradeNo,
    Methods: choices.map(({ id, zh, en }) => ({ id, zh, en })),
  };
}

function givePayToken({ trade, choices, form }: Asked, world: World): unknown {
  const choice = choices.find((one) => one.id === form.Method);
  if (!choice) throw new ActionError(422, 'METHOD_UNKNOWN', 'Choose a payment method 請選擇付款方式');
  const token: PayToken = { payToken: makePayToken(world), trade, choice, isUsed: false };
  world.tokens.putPay(token);
  return { PayToken: token.payToken, PaymentType: choice.paymentType };
}

/**
 * `POST /Merchant/SimulatorPayToken`, the simulator's own: with `Token` the ways to pay, with `Method` besides the
 * PayToken. ECPay's script asks ECPay's server the same in a way of its own.
 */
export function askPayToken(call: Call): Response {
  try {
    const asked = readAsked(call);
    return answerOpen(asked.form.Method === undefined ? giveMethods(asked) : givePayToken(asked, call.world));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return answerOpen({ error: { code: error.code, message: error.message } }, error.status);
  }
}
