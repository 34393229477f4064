import { faultRoutes } from './fault-console.ts';
import { faultKinds } from './faults.ts';
import { doc } from './stand.ts';
import { stands } from './stands.ts';

const ORDER = '/simulator/orders/{number}';

const plan = {
  times: '1-100 callbacks',
  parallel: 'boolean, all at once',
  delay_ms: '0-86400000; answers at once and calls back later',
};

/** What `GET /simulator/api` answers: the JSON API in a form that a program and a person can read. */
export const apiListing = {
  about:
    'Stand-in for the gateways. No real money. JSON in, JSON out; errors are {"error":{"code","message"}}. {number} is the shop’s or the gateway’s own; ?gateway= tells two of one number apart.',
  order: {
    shape:
      '{gateway, order_no, trade_no, method, amount, currency, status, paid, created_at, payer_page, info, fields, callbacks}; ECPay’s in its own words',
    callbacks: '[{at, kind, url, status, answer, acknowledged, error?}] oldest first, the last 200',
  },
  routes: [
    doc('GET /simulator/orders?limit=50&gateway=', '{orders:[order]} newest first, limit 1-500'),
    doc(`GET ${ORDER}`, 'order'),
    doc(`POST ${ORDER}/pay`, 'order, after the callbacks', {
      ...plan,
      callback: 'boolean, false: pay without telling the shop',
    }),
    doc(`POST ${ORDER}/decline`, 'order'),
    doc(`POST ${ORDER}/expire`, 'order'),
    doc(`POST ${ORDER}/repeat`, 'order, after the last callback went out again', plan),
    doc(`POST ${ORDER}/forge`, 'order; a forged callback never comes again and changes no state', {
      kind: 'one of the gateway’s',
    }),
    doc(
      'POST /simulator/faults',
      '201 and {id, route, kind, times, fired, active, …}; the first one that fits a call happens to it',
      {
        route: `${faultRoutes.join(' | ')}; * = every route the kind can happen to`,
        kind: faultKinds.join(' | '),
        times: '1 when absent, 0 = until cleared',
        seconds: 'slow 5 (the work is done at once, the answer late), trickle 60 for the whole answer, clock 660 ahead',
        status: 'unavailable: 400-599, standard 503',
        code: 'refuse, duplicate: RtnCode',
        message: 'refuse, duplicate: RtnMsg',
      },
    ),
    doc('GET /simulator/faults', '{faults:[…], kinds, routes}; fired = how often it happened'),
    doc('DELETE /simulator/faults', '{cleared}; also POST /simulator/faults/clear'),
    doc(
      'GET /simulator/requests?limit=100&route=&merchant_trade_no=',
      '{requests:[{at, route, merchant_id, merchant_trade_no, fault?, status}]} newest gateway calls first, the last 1000; status null: still running, or the connection broke',
    ),
    doc('GET /simulator/limits', '{queries_per_minute, rest_seconds, resting:[{merchant_id, until}]}'),
    doc('POST /simulator/limits', 'the limits; every rest ends. One merchant’s queries above it get 403', {
      queries_per_minute: '0-100000, 0 = no limit',
      rest_seconds: '1-86400',
    }),
    doc(
      'POST /simulator/reset',
      '{reset:true}; forgets orders, numbers, added accounts, tokens, faults, requests and changed limits',
    ),
  ],
  notes: ['A callback that is not acknowledged in the gateway’s own way comes again, at most 4 more times.'],
  gateways: stands.map((stand) => ({
    gateway: stand.id,
    actions: Object.keys(stand.actions),
    forge: stand.forgeKinds,
    routes: stand.docs,
  })),
};
