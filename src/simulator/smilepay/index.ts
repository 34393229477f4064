import { payerRoutes } from '../payer.ts';
import { routesOf } from '../route.ts';
import { doc, type Stand, standOver } from '../stand.ts';
import { forgeKinds, works } from './actions.ts';
import { issueNumber } from './create.ts';
import { smilepayConsole } from './merchants.ts';
import { orders, viewOrder } from './order.ts';
import { payerPage } from './page.tsx';
import { readParams } from './params.ts';
import { answerQuery } from './query.ts';

const route = routesOf('smilepay');

/**
 * A stand-in for SmilePay (速買配). SmilePay publishes no reference; names, codes and quirks are those of its own
 * WooCommerce plug-in and of callbacks that were recorded. A callback counts as received when the answer is
 * `<Roturlstatus>X</Roturlstatus>` with the Roturl_status of the order, or `OK` for the catalogue shape.
 */
export const smilepayStand: Stand = {
  id: 'smilepay',
  name: 'SmilePay',
  routes: [
    // Windows servers do not care how a path is written.
    route('GET POST', '(?i:/api/sppayment\\.asp)', issueNumber, 'smilepay-payment'),
    route('GET POST', '(?i:/ezpos/roturl\\.asp)', answerQuery, 'smilepay-query'),
    ...payerRoutes({
      path: '/smilepay/pay/(\\d{12})',
      orders,
      show: payerPage,
      steps: { pay: works.pay, decline: works.decline },
    }),
    ...smilepayConsole,
  ],
  ...standOver(orders, viewOrder, works),
  forgeKinds,
  docs: [
    doc('POST /simulator/orders/{Data_id or SmilePayNO}/pay, repeat, forge', 'order, after the callbacks', {
      shape: 'form | catalogue',
      encoding: 'big5 | utf8',
      validation_token: 'goes along in the catalogue shape',
    }),
    doc('POST /simulator/smilepay/services', 'the services of the merchant', {
      dcvc: 'merchant',
      pay_zg: '2 | 3 | 4 | 6',
      enabled: 'boolean',
      status: 'code of the refusal, -3003 when absent',
    }),
    doc('POST /simulator/smilepay/merchants', 'the merchant, without its key; GET lists them', {
      dcvc: 'merchant',
      mid: 'merchant verification parameter',
      verify_key: '32 hex digits',
    }),
  ],
  readCaller: (call) => {
    const params = readParams(call);
    return { merchantId: params.get('Dcvc'), orderNo: params.get('Data_id') };
  },
};
