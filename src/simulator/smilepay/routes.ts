import type { Gateway } from '../gateways.ts';
import { payerRoutes } from '../payer.ts';
import type { Route } from '../world.ts';
import { actions } from './actions.ts';
import { issueNumber } from './create.ts';
import { smilepayConsole } from './merchants.ts';
import { orders } from './order.ts';
import { payerPage } from './page.tsx';
import { answerQuery } from './query.ts';

const payment: Gateway = { name: 'smilepay-payment', shape: 'xml', stand: 'smilepay' };
const query: Gateway = { name: 'smilepay-query', shape: 'xml', stand: 'smilepay' };

/** Windows servers do not care how a path is written. */
const PAYMENT = /^\/api\/sppayment\.asp$/i;
const QUERY = /^\/ezpos\/roturl\.asp$/i;

export const smilepayRoutes: readonly Route[] = [
  { method: 'POST', path: PAYMENT, gateway: payment, answer: issueNumber },
  { method: 'GET', path: PAYMENT, gateway: payment, answer: issueNumber },
  { method: 'POST', path: QUERY, gateway: query, answer: answerQuery },
  { method: 'GET', path: QUERY, gateway: query, answer: answerQuery },
  ...payerRoutes({
    path: '/smilepay/pay/(\\d{12})',
    orders,
    show: payerPage,
    steps: { pay: actions.pay, decline: actions.decline },
  }),
  ...smilepayConsole,
];
