import type { Call, World } from '../world.ts';
import { readWish, type Wish } from './checks.ts';
import { issueNumbers, makeSmilePayNo } from './numbers.ts';
import { orderShelf, payEndDate, type SmilePayOrder } from './order.ts';
import { readParams } from './params.ts';
import { describe, SUCCEEDED } from './statuses.ts';
import { answerXml } from './xml.ts';

function withoutSecret(pairs: Wish['params']['sent']): (readonly [string, string])[] {
  return pairs.filter(([name]) => name.toLowerCase() !== 'verify_key');
}

function makeOrder({ params, method, deadline, amount }: Wish, world: World): SmilePayOrder {
  const shelf = orderShelf(world);
  const now = world.now();
  const smilePayNo = makeSmilePayNo(now, world.random, (number) => shelf.get(number) !== undefined);
  const fields = withoutSecret(params.sent);
  return {
    smilePayNo,
    dcvc: params.get('Dcvc'),
    rvg2c: params.get('Rvg2c'),
    payZg: method.payZg,
    dataId: params.get('Data_id'),
    amount,
    deadline,
    status: 'issued',
    createdAt: now,
    paidAt: null,
    numbers: issueNumbers(method, smilePayNo, { amount, deadline, random: world.random }),
    sent: Object.fromEntries(fields.map(([name]) => [name.toLowerCase(), params.get(name)])),
    fields: Object.fromEntries(fields),
    callbacks: [],
    last: null,
  };
}

/**
 * `SPPayment.asp`: issues a number without the payer's browser (背景取號). A Data_id may come again and gets a number of
 * its own each time.
 */
export function issueNumber(call: Call): Response {
  const { world } = call;
  const wish = readWish(readParams(call), world);
  if (typeof wish === 'number') return answerXml({ Status: String(wish), Desc: describe(wish) });
  const order = makeOrder(wish, world);
  orderShelf(world).put(order.smilePayNo, order);
  return answerXml({
    Status: String(SUCCEEDED),
    Desc: describe(SUCCEEDED),
    Rvg2c: order.rvg2c,
    Dcvc: order.dcvc,
    SmilePayNO: order.smilePayNo,
    Data_id: order.dataId,
    Amount: String(order.amount),
    PayEndDate: payEndDate(order),
    ...order.numbers,
  });
}
