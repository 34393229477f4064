import { ActionError, answerPage, isRecord } from '../http.ts';
import { statusAt } from '../order.ts';
import type { Call } from '../world.ts';
import { needAccount } from './accounts.ts';
import { decline, pay } from './actions.ts';
import { seal } from './envelope.ts';
import { codes } from './fields.ts';
import { backgroundData, declinedNotice, paidNotice, writeEnvelope } from './notices.ts';
import { type EcpayOrder, findOrder } from './order.ts';
import { declinedPage, expiredPage, handOverPage, paidPage, securePage } from './pages.tsx';

const secureFailed = { ...declinedNotice, code: codes.secureFailed, message: '3D 驗證失敗' };

type Named = Pick<EcpayOrder, 'method' | 'merchantId' | 'merchantTradeNo'>;

export const securePath = ({ method, merchantId, merchantTradeNo }: Named): string =>
  `/Merchant/${method === 'UnionPay' ? 'UnionPay' : 'ThreeD'}/${merchantId}/${merchantTradeNo}`;

function resultUrl(order: EcpayOrder): string {
  const info = order.fields[order.method === 'UnionPay' ? 'UnionPayInfo' : 'CardInfo'];
  return isRecord(info) && typeof info.OrderResultURL === 'string' ? info.OrderResultURL.trim() : '';
}

/** The browser carries the envelope as a text in one form field (ECPay developer documentation, page 15076). */
function carryResult(order: EcpayOrder, call: Call): Response {
  const { world } = call;
  const target = resultUrl(order);
  if (target === '') return showSecure(order, call);
  const isPaid = order.status === 'paid';
  const told = backgroundData(order, isPaid ? paidNotice : secureFailed, world.now());
  const data = seal(told, needAccount(world, order.merchantId));
  const ResultData = writeEnvelope(order.merchantId, data, world.now());
  return answerPage(handOverPage(order, target, { ResultData }, isPaid ? 'Payment received' : 'Payment failed'));
}

function showSecure(order: EcpayOrder, call: Call): Response {
  if (order.status === 'paid') return answerPage(paidPage(order));
  if (order.status === 'declined') return answerPage(declinedPage(order));
  if (statusAt(order, call.world.now()) === 'expired') return answerPage(expiredPage(order));
  return answerPage(securePage(order, securePath(order)));
}

const steps: Readonly<Record<string, (order: EcpayOrder, call: Call) => Promise<EcpayOrder>>> = {
  confirm: (order, { world, url }) => pay(world, order, {}, url.origin),
  fail: (order, { world, url }) => decline(world, order, secureFailed, url.origin),
};

/** `GET` shows the bank's page, `POST …/confirm|fail` is what the payer pressed there. */
export async function stepSecure(call: Call): Promise<Response> {
  const [kind = '', merchantId = '', merchantTradeNo = '', name = ''] = call.params;
  const order = findOrder(call.world, merchantId, merchantTradeNo);
  const isHere = order?.kind === 'ecpg' && (order.info.ThreeDURL ?? order.info.UnionPayURL ?? '').includes(`/${kind}/`);
  if (!order || !isHere) throw new ActionError(404, 'ORDER_NOT_FOUND', 'No such order.');
  // One answer per try: pressed again, or after a step back, the page only shows how it ended.
  const isOver = order.status === 'paid' || order.status === 'declined';
  const isPressed = call.request.method === 'POST' && !isOver;
  const step = isPressed && Object.hasOwn(steps, name) ? steps[name] : undefined;
  return step ? carryResult(await step(order, call), call) : showSecure(order, call);
}
