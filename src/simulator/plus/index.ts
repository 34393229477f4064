import { payerRoutes } from '../payer.ts';
import { routesOf } from '../route.ts';
import { doc, type Stand, standOver } from '../stand.ts';
import { plusConsole } from './accounts.ts';
import { forgeKinds, works } from './actions.ts';
import { orders, viewOrder } from './order.ts';
import { payerPage } from './page.tsx';
import { createOrder, queryBalance, queryOrder, readForm } from './services.ts';
import { signings } from './sign.ts';

const route = routesOf('plus');

/**
 * A stand-in for PLUS. PLUS's documents are not public: this is the contract PayCore documents, unverified against the
 * vendor. Answers are JSON with `code` 0 and `data`, or `code` 4xxx and `message`. A callback counts as received when
 * the answer is JSON with `success: true`.
 */
export const plusStand: Stand = {
  id: 'plus',
  name: 'PLUS',
  routes: [
    route('POST', '/api/atm', createOrder, 'plus-atm'),
    route('POST', '/api/query', queryOrder, 'plus-query'),
    route('POST', '/api/balance', queryBalance, 'plus-balance'),
    ...payerRoutes({
      path: '/plus/pay/(PL\\d{14})',
      orders,
      show: payerPage,
      steps: { approve: works.pay, decline: works.decline },
    }),
    ...plusConsole,
  ],
  ...standOver(orders, viewOrder, works),
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
  readCaller: ({ body }) => {
    const form = readForm(body);
    return { merchantId: form?.appid ?? '', orderNo: form?.order_no ?? '' };
  },
};
