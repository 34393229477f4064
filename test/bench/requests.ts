import { STAGE } from '../binary/support/ecpay.ts';
import type { FilledPayment } from './fill.ts';
import type { LoadJob } from './load.ts';
import { type Comparison, inTurns, measureTurn } from './rounds.ts';
import { type Installation, load, type Measured, type PayCore } from './servers.ts';

/** Everything but callbacks: questions about payments, their pages, new payments. */

export interface Extent {
  readonly rounds: number;
  readonly size: number;
}

const IN_FLIGHT = 32;

type MakeJob<Server> = (server: Server, round: number) => Omit<LoadJob, 'inFlight'>;

function compare(
  { paycore, single }: Installation,
  { rounds, size }: Extent,
  jobs: { readonly mine: MakeJob<PayCore>; readonly theirs: MakeJob<Measured> },
): Promise<Comparison> {
  const turn =
    <Server extends Measured>(server: Server, make: MakeJob<Server>) =>
    (round: number) =>
      measureTurn(server.pid, size, () => load({ ...make(server, round), inFlight: IN_FLIGHT }));
  return inTurns(rounds, { PayCore: turn(paycore, jobs.mine), single: turn(single, jobs.theirs) });
}

interface Reads {
  readonly paths: readonly string[];
  readonly size: number;
  readonly round: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Each round goes on where the one before it stopped, around and around. */
function get(port: number, { paths, size, round, headers = {} }: Reads): Omit<LoadJob, 'inFlight'> {
  const requests = Array.from(
    { length: size },
    (_, index) => [paths[(round * size + index) % paths.length] ?? '', ''] as const,
  );
  return { port, method: 'GET', headers, requests, expect: { status: 200, body: '' } };
}

export function compareQueries(
  installation: Installation,
  payments: readonly FilledPayment[],
  extent: Extent,
): Promise<Comparison> {
  const mine = payments.map((one) => `/api/paycore/payments/${one.paymentNo}`);
  const theirs = payments.map((one) => `/payments/${one.paymentNo}`);
  return compare(installation, extent, {
    mine: ({ port, apiKey }, round) =>
      get(port, { paths: mine, size: extent.size, round, headers: { 'x-api-key': apiKey } }),
    theirs: ({ port }, round) => get(port, { paths: theirs, size: extent.size, round }),
  });
}

export function comparePages(
  installation: Installation,
  payments: readonly FilledPayment[],
  extent: Extent,
): Promise<Comparison> {
  const mine = payments.map((one) => `/zh-tw/pay/${one.paymentNo}?token=${one.token}`);
  const theirs = payments.map((one) => `/pay/${one.paymentNo}?token=${one.token}`);
  return compare(installation, extent, {
    mine: ({ port }, round) => get(port, { paths: mine, size: extent.size, round }),
    theirs: ({ port }, round) => get(port, { paths: theirs, size: extent.size, round }),
  });
}

export const CREATE_PATH = '/api/paycore/pay/ecpay/aio/credit';
const CREDENTIALS = { ...STAGE, environment: 'stage' };

/** Card payments, for which no gateway has to be called first. */
export function compareCreates(installation: Installation, payokUrl: string, extent: Extent): Promise<Comparison> {
  const orders = (round: number) => ordersOf(`NEW-${round}`, payokUrl, extent.size);
  const post = (port: number, path: string, bodies: readonly unknown[], headers = {}) => ({
    port,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', ...headers },
    requests: bodies.map((body) => [path, JSON.stringify(body)] as const),
    expect: { status: 201, body: '' },
  });
  return compare(installation, extent, {
    mine: ({ port, apiKey }, round) => {
      return post(port, CREATE_PATH, orders(round).map(withCredentials), { 'x-api-key': apiKey });
    },
    theirs: ({ port }, round) => post(port, '/payments', orders(round)),
  });
}

/** So many orders, whose numbers begin with the mark. */
export const ordersOf = (mark: string, payokUrl: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    merchant_order_no: `${mark}-${index}`,
    amount: 100 + (index % 900),
    payok_url: payokUrl,
  }));

export const withCredentials = (order: object): object => ({ ...order, gateway_credentials: CREDENTIALS });
