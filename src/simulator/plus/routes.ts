import type { Gateway } from '../gateways.ts';
import { payerRoutes } from '../payer.ts';
import type { Route } from '../world.ts';
import { plusConsole } from './accounts.ts';
import { actions } from './actions.ts';
import { orders } from './order.ts';
import { payerPage } from './page.tsx';
import { createOrder, queryBalance, queryOrder } from './services.ts';

const json = (what: string): Gateway => ({ name: `plus-${what}`, shape: 'json', stand: 'plus' });

export const plusRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/api\/atm$/, gateway: json('atm'), answer: createOrder },
  { method: 'POST', path: /^\/api\/query$/, gateway: json('query'), answer: queryOrder },
  { method: 'POST', path: /^\/api\/balance$/, gateway: json('balance'), answer: queryBalance },
  ...payerRoutes({
    path: '/plus/pay/(PL\\d{14})',
    orders,
    show: payerPage,
    steps: { approve: actions.pay, decline: actions.decline },
  }),
  ...plusConsole,
];
