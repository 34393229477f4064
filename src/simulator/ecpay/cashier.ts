import { decline, issue, pay } from '../actions.ts';
import { ActionError, answerPage, parseForm } from '../http.ts';
import { type Order, sentField, statusAt } from '../order.ts';
import { cardPage, choosePage, declinedPage, expiredPage } from '../pages/cashier.tsx';
import { handOverPage, numberPage, paidPage } from '../pages/results.tsx';
import type { Call } from '../world.ts';
import { chooseMethod, needsNumber, offeredMethods } from './aio-order.ts';
import { aioFields, BROWSER, infoNotice, paidNotice, signFields } from './notices.ts';
import { isNumberMethod } from './numbers.ts';

/** Why a page is shown: results are carried to the shop only right after they came about, not on a reload. */
type Reason = 'arrival' | 'result' | 'reload';

function signedResult(order: Order, call: Call, fields: Record<string, string>): Record<string, string> {
  const account = call.world.ledger.account(order.merchantId);
  return account ? signFields(fields, account) : fields;
}

function showPaid(order: Order, call: Call, reason: Reason): Response {
  const target = sentField(order, 'OrderResultURL').trim();
  // Payments that are not immediate never post to OrderResultURL (ECPay developer docs p=2862).
  if (target === '' || isNumberMethod(order.method) || reason !== 'result') return answerPage(paidPage(order));
  const fields = aioFields(order, { ...paidNotice, message: BROWSER }, call.world.now());
  return answerPage(handOverPage(order, target, signedResult(order, call, fields), 'Payment received'));
}

function showNumber(order: Order, call: Call, reason: Reason): Response {
  const target = sentField(order, 'ClientRedirectURL').trim();
  if (target === '' || reason === 'reload') return answerPage(numberPage(order));
  const fields = aioFields(order, infoNotice(order.method), call.world.now());
  return answerPage(handOverPage(order, target, signedResult(order, call, fields), 'Payment number issued'));
}

/** The page that fits the order's state; a number that is due is issued on the way. */
export async function showCashier(order: Order, call: Call, reason: Reason): Promise<Response> {
  if (order.status === 'paid') return showPaid(order, call, reason);
  if (statusAt(order, call.world.now()) === 'expired') return answerPage(expiredPage(order));
  if (order.method === 'ALL') return answerPage(choosePage(order, offeredMethods(order.fields)));
  if (needsNumber(order)) return showNumber(await issue(call.world, order, {}, call.url.origin), call, 'result');
  if (isNumberMethod(order.method)) return showNumber(order, call, reason);
  if (order.status === 'declined') return answerPage(declinedPage(order));
  return answerPage(cardPage(order));
}

/** The payer's choice on the card page: `6`, `30N` or, for self-paid instalments, `flexible:6`. */
function readPlan(plan: string): { flexible: boolean; installment: number } {
  return { flexible: plan.startsWith('flexible:'), installment: Number(/\d{1,2}/.exec(plan)?.[0] ?? 0) };
}

const steps: Readonly<Record<string, (order: Order, form: Record<string, string>, call: Call) => Promise<Order>>> = {
  choose: async (order, form, call) => {
    const method = form.method ?? '';
    if (order.method !== 'ALL' || !offeredMethods(order.fields).includes(method)) return order;
    return call.world.ledger.change(order, (current) => chooseMethod(current, method));
  },
  pay: async (order, form, call) =>
    order.status === 'paid' ? order : pay(call.world, order, readPlan(form.plan ?? ''), call.url.origin),
  decline: async (order, _form, call) => (order.status === 'paid' ? order : decline(call.world, order, {})),
};

/** `GET` shows where an order is; `POST …/choose|pay|decline` is what the payer pressed. */
export async function stepCashier(call: Call): Promise<Response> {
  const [merchantId = '', merchantTradeNo = '', name = ''] = call.params;
  const order = call.world.ledger.find(merchantId, merchantTradeNo);
  if (order?.kind !== 'aio') throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such order.');
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) return showCashier(order, call, 'reload');
  const form = Object.fromEntries(parseForm(call.body) ?? []);
  const wasPaid = order.status === 'paid';
  return showCashier(await step(order, form, call), call, wasPaid ? 'reload' : 'result');
}
