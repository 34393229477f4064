import type Stripe from 'stripe';
import type { Environment } from '../../core/payment.ts';
import { type GatewayContext, GatewayGarbage, type Secrets } from '../gateway.ts';
import type { GatewayHttp } from '../http.ts';
import { explainError } from './failure.ts';

/**
 * The last version that takes `payment_method_types` on PaymentIntents (Stripe API changelog, 2026-09-30.endive). It is
 * sent with every call: without it a merchant's account decides.
 */
const API_VERSION = '2026-08-26.dahlia';

/** The package is large and most installations never use it, so it is read when it is first needed. */
export async function loadPackage(): Promise<typeof Stripe> {
  return (await import('stripe')).default;
}

export interface StripeCall {
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly timeoutMs: number;
}

/**
 * Makes one call with Stripe's package over our own HTTP. Throws StripeRefusal when Stripe said no, GatewayGarbage when
 * its answer cannot be understood, GatewayCallError when there was none.
 */
export async function callStripe<T>(
  call: StripeCall,
  ctx: GatewayContext,
  run: (stripe: Stripe) => Promise<T>,
): Promise<T> {
  const Package = await loadPackage();
  const line = openLine(ctx.http, call.timeoutMs);
  const stripe = new Package(call.secrets.secret_key ?? '', {
    apiVersion: API_VERSION,
    ...addressOf(ctx.originOf('api', call.environment)),
    httpClient: Package.createFetchHttpClient(line.fetch),
    // Our own limit ends the call first, and with an error that says whether anything was sent.
    timeout: 2 * call.timeoutMs,
    // What is sent again is for the core to decide.
    maxNetworkRetries: 0,
    telemetry: false,
  });
  try {
    return await run(stripe);
  } catch (error) {
    if (line.failure !== null) throw line.failure;
    // Nothing went out: a mistake of ours, not an answer.
    if (line.status === null) throw error;
    throw explainError(error, line.status);
  }
}

/** The package takes an origin in parts. */
function addressOf(origin: string): { protocol: 'http' | 'https'; host: string; port: string } {
  const { protocol, hostname, port } = new URL(origin);
  const isPlain = protocol === 'http:';
  return { protocol: isPlain ? 'http' : 'https', host: hostname, port: port || (isPlain ? '80' : '443') };
}

interface Line {
  /** What our HTTP threw; the package would wrap it in an error of its own. */
  failure: unknown;
  /** Of the answer; null while there is none. */
  status: number | null;
  readonly fetch: typeof fetch;
}

function openLine(http: GatewayHttp, timeoutMs: number): Line {
  const exchange = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      const { status, body } = await send(http, url, init, timeoutMs);
      line.status = status;
      if (status !== 200 && (status < 400 || status > 499)) throw new GatewayGarbage(`Stripe answered HTTP ${status}`);
      return new Response(body as BodyInit, { status });
    } catch (error) {
      line.failure = error;
      // Whatever carries the code of a closed connection is sent a second time, whatever maxNetworkRetries says.
      throw new Error('the call failed');
    }
  };
  const line: Line = { failure: null, status: null, fetch: exchange as typeof fetch };
  return line;
}

function send(http: GatewayHttp, url: string, init: RequestInit, timeoutMs: number) {
  const { 'content-length': _, ...headers } = Object.fromEntries(new Headers(init.headers));
  return init.method === 'POST'
    ? http.post(url, { headers, body: String(init.body ?? ''), timeoutMs })
    : http.get(url, { headers, timeoutMs });
}
