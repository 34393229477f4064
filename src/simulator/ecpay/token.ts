import { formatTaipei } from '../clock.ts';
import type { Call, World } from '../world.ts';
import { choicesOf } from './choices.ts';
import {
  codes,
  duplicateFault,
  type Fault,
  type FieldValues,
  findFault,
  findFirewallFault,
  findTagFault,
  textOf,
} from './fields.ts';
import { flatten } from './payment-code.ts';
import { answerSealed, openRequest } from './service.ts';
import { TOKEN_LIFE_MS, type TradeToken } from './token-box.ts';
import { tokenCombos, tokenRules } from './token-fields.ts';

const TOKEN_BYTES = 24;
const APPLE_PAY = '7';

function findTokenFault(values: FieldValues, world: World): Fault | null {
  const texts = [textOf(values, 'OrderInfo.ItemName'), textOf(values, 'OrderInfo.TradeDesc')];
  const fault = findFault(tokenRules, tokenCombos, values, '') ?? findFirewallFault(texts) ?? findTagFault(values);
  if (fault) return fault;
  // A number may ask for token after token; only a payment that was made spends it.
  const isUsed = world.ledger.isUsed(textOf(values, 'MerchantID'), textOf(values, 'OrderInfo.MerchantTradeNo'));
  if (isUsed) return duplicateFault;
  const isOfferable = choicesOf(values).length > 0 || textOf(values, 'ChoosePaymentList') === APPLE_PAY;
  return isOfferable ? null : { code: codes.noMethod, message: 'No payment method is available for this trade' };
}

/** `POST /Merchant/GetTokenbyTrade` (ECPay developer documentation, page 9040). */
export function getToken(call: Call): Response {
  const { world } = call;
  const opened = openRequest(call.body, call.contentType, world);
  if ('response' in opened) return opened.response;
  const { account, data } = opened;
  const values = flatten(data);
  const fault = findTokenFault(values, world);
  const common = { PlatformID: textOf(values, 'PlatformID'), MerchantID: account.merchantId };
  if (fault) {
    const refusal = { RtnCode: Number(fault.code), RtnMsg: fault.message, ...common, Token: '', TokenExpireDate: '' };
    return answerSealed(refusal, account, world.now());
  }
  const token: TradeToken = {
    token: Buffer.from(world.random(TOKEN_BYTES)).toString('hex'),
    merchantId: account.merchantId,
    merchantTradeNo: textOf(values, 'OrderInfo.MerchantTradeNo'),
    data,
    expiresAt: world.now() + TOKEN_LIFE_MS,
  };
  world.tokens.putTrade(token);
  const TokenExpireDate = formatTaipei(token.expiresAt);
  return answerSealed(
    { RtnCode: 1, RtnMsg: 'Success', ...common, Token: token.token, TokenExpireDate },
    account,
    world.now(),
  );
}
