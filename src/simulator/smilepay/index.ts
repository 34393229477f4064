import { doc, keptOrders, type Stand } from '../stand.ts';
import { actions, forgeKinds } from './actions.ts';
import { orders, viewOrder } from './order.ts';
import { readParams } from './params.ts';
import { smilepayRoutes } from './routes.ts';

/**
 * A stand-in for SmilePay (速買配). SmilePay publishes no reference; names, codes and quirks are those of its own
 * WooCommerce plug-in and of callbacks that were recorded.
 *
 * Gateway: `GET|POST /api/SPPayment.asp` (Pay_zg 2 ATM, 3 barcode, 4 ibon, 6 FamiPort) and
 * `GET|POST /ezpos/roturl.asp` (`types` xml, url, web). A payer is sent to `/smilepay/pay/{SmilePayNO}`.
 *
 * `pay` and `repeat` take, besides `times`, `parallel` and `delay_ms`, `shape` (`form`, `catalogue`), `encoding`
 * (`big5`, `utf8`) and `validation_token`; `forge` takes them as well. A callback counts as received when the answer is
 * `<Roturlstatus>X</Roturlstatus>` with the Roturl_status of the order, or `OK` for the catalogue shape.
 *
 * - `POST /simulator/smilepay/services` `{dcvc, pay_zg, enabled, status}`: switches a method off and on
 * - `GET` and `POST /simulator/smilepay/merchants` `{dcvc, mid, verify_key}`
 */
export const smilepayStand: Stand = {
  id: 'smilepay',
  name: 'SmilePay',
  routes: smilepayRoutes,
  ...keptOrders(orders, viewOrder),
  actions,
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
