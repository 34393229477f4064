import { answerText } from './http.ts';

const ORDER = '[A-Za-z0-9_-]+';

/**
 * What the browser of whoever pays may ask for: pages, scripts and what they post. Everything else is the gateways' API
 * and the console, and stays inside when the simulator stands where strangers can reach it.
 */
const OPEN: readonly RegExp[] = [
  '/favicon\\.ico',
  '/simulator/assets/[a-z-]+\\.(?:css|js)',
  `/simulator/orders/${ORDER}/(?:page|pay|decline|expire)`,
  '/Cashier/(?:AioCheckOut/V5|Order/.+)',
  '/PaymentRule/CVSBarCode',
  '/Scripts/.+',
  '/Merchant/(?:SimulatorPayToken|(?:ThreeD|UnionPay)/.+)',
  '/checkoutnow(?:/[a-z]+)?',
  '/(?:dahlia/stripe\\.js|v3/?)',
  '/smilepay/pay/.+',
  '/plus/pay/.+',
  '/stripe/.+',
  '/v1/payment_intents/[^/]+(?:/confirm)?',
  '/v1/payment_methods',
].map((path) => new RegExp(`^${path}$`));

type Answer = (request: Request) => Promise<Response>;

/** The simulator as strangers may have it, under the address by which it is known to them. */
export function forPayers(answer: Answer, origin: string): Answer {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    if (!OPEN.some((path) => path.test(pathname))) return answerText('Not found', 404, 'text/plain; charset=utf-8');
    return answer(new Request(origin + pathname + search, request));
  };
}
