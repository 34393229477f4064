import { decline, pay } from '../actions.ts';
import { ActionError, answerPage, isRecord } from '../http.ts';
import { type Order, sentField, statusAt } from '../order.ts';
import { expiredPage } from '../pages/cashier.tsx';
import { handOverPage, paidPage } from '../pages/results.tsx';
import { declinedResultPage, securePage } from '../pages/secure.tsx';
import type { Call } from '../world.ts';
import { seal } from './envelope.ts';
import { codes } from './fields.ts';
import { backgroundData, declinedNotice, envelopeOutgoing, paidNotice } from './notices.ts';

const secureFailed = { ...declinedNotice, code: codes.secureFailed, message: '3D 驗證失敗' };

export function securePath(method: string, merchantId: string, merchantTradeNo: string): string {
  return `/Merchant/${method === 'UnionPay' ? 'UnionPay' : 'ThreeD'}/${merchantId}/${merchantTradeNo}`;
}

/** CreatePayment's answer when the payer has to be sent away first (ECPay developer documentation, page 9053). */
export function secureData(order: Order): Record<string, unknown> {
  const { ThreeDURL, UnionPayURL } = order.info;
  return {
    RtnCode: 1,
    RtnMsg: 'Success',
    PlatformID: sentField(order, 'PlatformID'),
    MerchantID: order.merchantId,
    OrderInfo: { MerchantTradeNo: order.merchantTradeNo },
    ...(UnionPayURL ? { UnionPayInfo: { UnionPayURL } } : { ThreeDInfo: { ThreeDURL: ThreeDURL ?? '' } }),
  };
}

function resultUrl(order: Order): string {
  const info = order.fields[order.method === 'UnionPay' ? 'UnionPayInfo' : 'CardInfo'];
  return isRecord(info) && typeof info.OrderResultURL === 'string' ? info.OrderResultURL.trim() : '';
}

/** The browser carries the envelope as a text in one form field (ECPay developer documentation, page 15076). */
function carryResult(order: Order, call: Call): Response {
  const isPaid = order.status === 'paid';
  const target = resultUrl(order);
  const account = call.world.ledger.account(order.merchantId);
  if (target === '' || !account) return showSecure(order, call);
  const now = call.world.now();
  const data = seal(backgroundData(order, isPaid ? paidNotice : secureFailed, now), account);
  const ResultData = envelopeOutgoing(target, order.merchantId, data, now).body;
  return answerPage(handOverPage(order, target, { ResultData }, isPaid ? 'Payment received' : 'Payment failed'));
}

function showSecure(order: Order, call: Call): Response {
  if (order.status === 'paid') return answerPage(paidPage(order));
  if (order.status === 'declined') return answerPage(declinedResultPage(order));
  if (statusAt(order, call.world.now()) === 'expired') return answerPage(expiredPage(order));
  return answerPage(securePage(order, securePath(order.method, order.merchantId, order.merchantTradeNo)));
}

const steps: Readonly<Record<string, (order: Order, call: Call) => Promise<Order>>> = {
  confirm: (order, call) => pay(call.world, order, {}, call.url.origin),
  fail: (order, call) => decline(call.world, order, secureFailed),
};

/** `GET` shows the bank's page, `POST …/confirm|fail` is what the payer pressed there. */
export async function stepSecure(call: Call): Promise<Response> {
  const [kind = '', merchantId = '', merchantTradeNo = '', name = ''] = call.params;
  const order = call.world.ledger.find(merchantId, merchantTradeNo);
  const isHere = order?.kind === 'ecpg' && (order.info.ThreeDURL ?? order.info.UnionPayURL ?? '').includes(`/${kind}/`);
  if (!order || !isHere) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such order.');
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  // One answer per try: pressed again, or after a step back, the page only shows how it ended.
  const isOver = order.status === 'paid' || order.status === 'declined';
  return step && !isOver ? carryResult(await step(order, call), call) : showSecure(order, call);
}
