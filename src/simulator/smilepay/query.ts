import { answerPage, answerText } from '../http.ts';
import { messagePage } from '../pages/layout.tsx';
import type { Call, World } from '../world.ts';
import { post } from './actions.ts';
import { paidCallback } from './callback.ts';
import { merchantOf } from './merchants.ts';
import { orders, paymentNo, type SmilePayOrder } from './order.ts';
import { payerPage } from './page.tsx';
import { type Params, readParams } from './params.ts';
import { answerXml } from './xml.ts';

type Found = SmilePayOrder | undefined;

/** By Smseid when there is one, else the newest of that Data_id. No key is asked for, only Dcvc and Rvg2c that fit. */
function findAsked(world: World, params: Params): Found {
  const smseid = params.get('Smseid');
  const dataId = params.get('Data_id');
  if (smseid === '' && dataId === '') return undefined;
  return orders
    .shelf(world)
    .find(
      (order) =>
        order.dcvc === params.get('Dcvc') &&
        order.rvg2c === params.get('Rvg2c') &&
        (smseid === '' || order.smilePayNo === smseid) &&
        (dataId === '' || order.dataId === dataId),
    );
}

/** Status 1 says that the order exists; only an Amount above 0 says that it is paid. */
function answerState(order: Found): Response {
  const isPaid = order?.status === 'paid';
  return answerXml({
    Status: order ? '1' : '0',
    Amount: isPaid ? String(order.amount) : '0',
    Payment_no: isPaid ? paymentNo(order) : '',
  });
}

async function postAgain(order: Found, world: World): Promise<Response> {
  if (order?.status !== 'paid') return answerText('查無繳費資料');
  const { mid } = merchantOf(world, order.dcvc);
  const wording = { shape: 'form', encoding: 'big5', validationToken: null } as const;
  const outgoing = paidCallback(order, mid, wording, world.now());
  const record = await world.sender.post(post(world, order, 'resent', outgoing));
  return answerText(record.acknowledged ? '資料已返送完成' : '資料返送失敗');
}

/** `roturl.asp`: `types=xml` tells a program, `types=url` calls back again, anything else shows a page. */
export function answerQuery(call: Call): Promise<Response> | Response {
  const params = readParams(call);
  const order = findAsked(call.world, params);
  const types = params.get('types').toLowerCase();
  if (types === 'xml') return answerState(order);
  if (types === 'url') return postAgain(order, call.world);
  return answerPage(order ? payerPage(order, call.world.now()) : messagePage('SmilePay', 'No such order 查無資料'));
}
