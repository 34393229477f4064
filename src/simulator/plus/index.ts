import { doc, keptOrders, type Stand } from '../stand.ts';
import { actions, forgeKinds } from './actions.ts';
import { orders, viewOrder } from './order.ts';
import { plusRoutes } from './routes.ts';
import { readForm } from './services.ts';
import { signings } from './sign.ts';

/**
 * A stand-in for PLUS. PLUS's documents are not public: this is the contract PayCore documents, unverified against the
 * vendor.
 *
 * Gateway: `POST /api/atm`, `/api/query`, `/api/balance`. A payer is sent to `/plus/pay/{plat_no}`. Answers are JSON
 * with `code` 0 and `data`, or `code` 4xxx and `message`.
 *
 * `pay` and `repeat` take, besides `times`, `parallel` and `delay_ms`, `shape` (`form`, `json`); `forge` takes it as
 * well. A callback counts as received when the answer is JSON with `success: true`.
 *
 * - `GET` and `POST /simulator/plus/settings` `{sign}`: how requests and callbacks are signed
 * - `GET` and `POST /simulator/plus/accounts` `{appid, secret_key, balance}`; `PLUS_APPID` is always known
 */
export const plusStand: Stand = {
  id: 'plus',
  name: 'PLUS',
  routes: plusRoutes,
  ...keptOrders(orders, viewOrder),
  actions,
  forgeKinds,
  docs: [
    doc('POST /simulator/orders/{order_no or plat_no}/pay, repeat, forge', 'order, after the callbacks', {
      shape: 'form | json',
    }),
    doc('POST /simulator/plus/settings', 'the settings; GET shows them', { sign: signings.join(' | ') }),
    doc(
      'POST /simulator/plus/accounts',
      'the account, without its secret; GET lists them; PLUS_APPID is always there',
      { appid: 'text', secret_key: 'text', balance: 'whole number' },
    ),
  ],
  readCaller: (call) => {
    const form = readForm(call.body);
    return { merchantId: form?.appid ?? '', orderNo: form?.order_no ?? '' };
  },
};
