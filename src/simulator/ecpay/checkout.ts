import { answerPage, parseForm } from '../http.ts';
import type { SimulatorAccount } from '../options.ts';
import { errorPage } from '../pages/error.tsx';
import type { Call } from '../world.ts';
import { aioCombos, aioRules } from './aio-fields.ts';
import { makeAioOrder, offeredMethods } from './aio-order.ts';
import { showCashier } from './cashier.ts';
import { checkMacValue } from './checksum.ts';
import {
  checkMacFault,
  codes,
  duplicateFault,
  type Fault,
  findFault,
  findFirewallFault,
  hasHtmlTag,
} from './fields.ts';
import { amountCombo } from './rules.ts';

export type SignedForm = Readonly<Record<string, string>>;

/** The fields of a form whose signature is right, or the fault ECPay would show for it. */
export function readSignedForm(
  call: Pick<Call, 'contentType' | 'body'>,
  findAccount: (merchantId: string) => SimulatorAccount | undefined,
): SignedForm | Fault {
  if (call.contentType !== 'application/x-www-form-urlencoded') return checkMacFault;
  const pairs = parseForm(call.body);
  if (!pairs) return checkMacFault;
  const form: SignedForm = Object.fromEntries(pairs);
  // A name that comes twice is joined by ECPay's server and then never verifies.
  if (Object.keys(form).length !== pairs.length) return checkMacFault;
  if (pairs.some(([, value]) => hasHtmlTag(value))) return checkMacFault;
  const account = findAccount(form.MerchantID ?? '');
  // A number of the other environment is unknown here and reads the same as a wrong key.
  if (!account) return checkMacFault;
  return form.CheckMacValue === checkMacValue(pairs, account) ? form : checkMacFault;
}

export function isFault(value: SignedForm | Fault): value is Fault {
  return 'code' in value && 'message' in value && !('CheckMacValue' in value);
}

function findOrderFault(form: SignedForm, isUsed: boolean): Fault | null {
  const values = new Map(Object.entries(form));
  const method = form.ChoosePayment ?? '';
  const fault =
    findFault(aioRules, [...aioCombos, amountCombo(method, 'TotalAmount')], values, method) ??
    findFirewallFault([form.ItemName ?? '', form.TradeDesc ?? '']);
  if (fault) return fault;
  if (isUsed) return duplicateFault;
  if (offeredMethods(form).length > 0) return null;
  return { code: codes.noMethod, message: 'No payment method is available for this trade' };
}

/** `POST /Cashier/AioCheckOut/V5`: the payer's browser arrives with an order. */
export async function checkOut(call: Call): Promise<Response> {
  const { ledger } = call.world;
  const form = readSignedForm(call, (merchantId) => ledger.account(merchantId));
  // ECPay shows its refusals as a page with status 200.
  if (isFault(form)) return answerPage(errorPage(form));
  const isUsed = ledger.isUsed(form.MerchantID ?? '', form.MerchantTradeNo ?? '');
  const fault = findOrderFault(form, isUsed);
  if (fault) return answerPage(errorPage(fault));
  return showCashier(ledger.put(makeAioOrder(form, call.world)), call, 'arrival');
}
