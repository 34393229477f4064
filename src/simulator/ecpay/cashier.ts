import { ActionError, answerPage, parseForm } from '../http.ts';
import { statusAt } from '../order.ts';
import type { Call } from '../world.ts';
import { needAccount } from './accounts.ts';
import { decline, issue, pay } from './actions.ts';
import { aioCombos, aioRules } from './aio-fields.ts';
import { chooseMethod, makeAioOrder, needsNumber, offeredMethods } from './aio-order.ts';
import { amountCombo, checkMacFault, duplicateFault, type Fault, findFault, findFirewallFault } from './fields.ts';
import { aioFields, BROWSER, infoNotice, paidNotice, signFields } from './notices.ts';
import { isNumberMethod } from './numbers.ts';
import { type EcpayOrder, findOrder, isUsed, type Notice, orders, sentField } from './order.ts';
import { cardPage, choosePage, errorPage, expiredPage, handOverPage, numberPage, paidPage } from './pages.tsx';
import { noMethodFault, readSignedForm, type SignedForm } from './service.ts';

/** Why a page is shown: results are carried to the shop only right after they came about, not on a reload. */
type Reason = 'arrival' | 'result' | 'reload';

/** The browser carries a notice to the shop. */
function handOver(order: EcpayOrder, call: Call, target: string, notice: Notice, title: string): Response {
  const { world } = call;
  const fields = signFields(aioFields(order, notice, world.now()), needAccount(world, order.merchantId));
  return answerPage(handOverPage(order, target, fields, title));
}

function showPaid(order: EcpayOrder, call: Call, reason: Reason): Response {
  const target = sentField(order, 'OrderResultURL').trim();
  // Payments that are not immediate never post to OrderResultURL (ECPay developer docs p=2862).
  if (target === '' || isNumberMethod(order.method) || reason !== 'result') return answerPage(paidPage(order));
  return handOver(order, call, target, { ...paidNotice, message: BROWSER }, 'Payment received');
}

function showNumber(order: EcpayOrder, call: Call, reason: Reason): Response {
  const target = sentField(order, 'ClientRedirectURL').trim();
  if (target === '' || reason === 'reload') return answerPage(numberPage(order));
  return handOver(order, call, target, infoNotice(order.method), 'Payment number issued');
}

/** The page that fits the order's state; a number that is due is issued on the way. */
async function showCashier(order: EcpayOrder, call: Call, reason: Reason): Promise<Response> {
  if (order.status === 'paid') return showPaid(order, call, reason);
  if (statusAt(order, call.world.now()) === 'expired') return answerPage(expiredPage(order));
  if (order.method === 'ALL') return answerPage(choosePage(order, offeredMethods(order.fields)));
  if (needsNumber(order)) return showNumber(await issue(call.world, order, {}, call.url.origin), call, 'result');
  return isNumberMethod(order.method) ? showNumber(order, call, reason) : answerPage(cardPage(order));
}

/** The payer's choice on the card page: `6`, `30N` or, for self-paid instalments, `flexible:6`. */
const readPlan = (plan: string): { flexible: boolean; installment: number } => ({
  flexible: plan.startsWith('flexible:'),
  installment: Number(/\d{1,2}/.exec(plan)?.[0] ?? 0),
});

type Step = (order: EcpayOrder, form: Readonly<Record<string, string>>, call: Call) => Promise<EcpayOrder>;

const steps: Readonly<Record<string, Step>> = {
  choose: async (order, { method = '' }, { world }) => {
    const isOffered = order.method === 'ALL' && offeredMethods(order.fields).includes(method);
    return isOffered ? orders.change(world, order, chooseMethod(method)) : order;
  },
  pay: (order, { plan = '' }, { world, url }) => pay(world, order, readPlan(plan), url.origin),
  decline: (order, _form, { world, url }) => decline(world, order, {}, url.origin),
};

/** `GET` shows where an order is; `POST …/choose|pay|decline` is what the payer pressed. */
export async function stepCashier(call: Call): Promise<Response> {
  const [merchantId = '', merchantTradeNo = '', name = ''] = call.params;
  const order = findOrder(call.world, merchantId, merchantTradeNo);
  if (order?.kind !== 'aio') throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such order.');
  const isPressed = call.request.method === 'POST' && order.status !== 'paid';
  const step = isPressed && Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) return showCashier(order, call, 'reload');
  return showCashier(await step(order, Object.fromEntries(parseForm(call.body) ?? []), call), call, 'result');
}

function findOrderFault(form: SignedForm, { world }: Call): Fault | null {
  const values = new Map(Object.entries(form));
  const method = form.ChoosePayment ?? '';
  const fault =
    findFault(aioRules, [...aioCombos, amountCombo(method, 'TotalAmount')], values, method) ??
    findFirewallFault(values);
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
