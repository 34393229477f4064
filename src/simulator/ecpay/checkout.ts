import { answerPage } from '../http.ts';
import type { Call } from '../world.ts';
import { aioCombos, aioRules } from './aio-fields.ts';
import { makeAioOrder, offeredMethods } from './aio-order.ts';
import { showCashier } from './cashier.ts';
import { amountCombo, checkMacFault, duplicateFault, type Fault, findFault, findFirewallFault } from './fields.ts';
import { isUsed } from './order.ts';
import { errorPage } from './pages.tsx';
import { noMethodFault, readSignedForm, type SignedForm } from './service.ts';

function findOrderFault(form: SignedForm, { world }: Call): Fault | null {
  const values = new Map(Object.entries(form));
  const method = form.ChoosePayment ?? '';
  const fault =
    findFault(aioRules, [...aioCombos, amountCombo(method, 'TotalAmount')], values, method) ??
    findFirewallFault([form.ItemName ?? '', form.TradeDesc ?? '']);
  if (fault) return fault;
  if (isUsed(world, form.MerchantID ?? '', form.MerchantTradeNo ?? '')) return duplicateFault;
  return offeredMethods(form).length > 0 ? null : noMethodFault;
}

/** `POST /Cashier/AioCheckOut/V5`: the payer's browser arrives with an order. */
export async function checkOut(call: Call): Promise<Response> {
  const signed = readSignedForm(call);
  const fault = signed ? findOrderFault(signed.form, call) : checkMacFault;
  // ECPay shows its refusals as a page with status 200.
  if (!signed || fault) return answerPage(errorPage(fault ?? checkMacFault));
  return showCashier(makeAioOrder(signed.form, call.world), call, 'arrival');
}
