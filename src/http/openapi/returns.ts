import type { Gateway } from '../../gateways/gateway.ts';
import { RETURN_TOKEN } from '../../payments/urls.ts';
import { nameOf } from './names.ts';
import { type Parameter, type Route, refer } from './types.ts';

const PAGE = { 'text/html': { schema: { type: 'string' as const } } };

const query = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: { type: 'string' },
});

/** `GET /{locale}/payment/{gateway}/return/{paymentNo}`: the payer's browser is back from the gateway. */
export function describeReturn(gateway: Gateway): Route {
  const own = gateway.returnsTradeNoAs;
  return {
    verb: 'get',
    path: `/{locale}/payment/${gateway.id}/return/{paymentNo}`,
    operation: {
      operationId: `return${nameOf(gateway)}Payer`,
      tags: [gateway.name],
      summary: `Payer comes back from ${gateway.name}`,
      description:
        'The gateway sends the payer’s browser here; a shop never calls it. Nothing in the address proves a payment: the gateway is asked, and the payment page shows what it says. A payment number alone shows only that the payer is back.',
      security: [],
      parameters: [
        refer('parameters', 'pageLocale'),
        refer('parameters', 'paymentNo'),
        query(RETURN_TOKEN, 'Token of the payment page.'),
        ...(own === undefined ? [] : [query(own, `${gateway.name}’s own number, added by the gateway.`)]),
      ],
      responses: {
        '200': { description: 'The payment page.', content: PAGE },
        '404': { description: 'Payment not found.', content: PAGE },
        '429': {
          description: 'Too many come back from this address; the page says to wait.',
          headers: { 'Retry-After': refer('headers', 'Retry-After') },
          content: PAGE,
        },
        '503': { description: 'The page cannot be made at the moment.', content: PAGE },
      },
    },
  };
}
