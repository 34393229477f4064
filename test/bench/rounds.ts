import { FORM_TYPE, paidForm } from '../binary/support/ecpay.ts';
import { poll } from '../binary/support/process.ts';
import type { LoadJob, LoadResult } from './load.ts';
import { type CountingShop, load, type Measured, type OpenPayment, type PayCore } from './servers.ts';

/** One comparison: the same requests to both servers in turns, the order changing every round. */

export interface Candidates {
  readonly paycore: PayCore;
  readonly baseline: Measured;
  readonly inFlight: number;
}

export interface Figures {
  /** Requests a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Comparison {
  readonly name: string;
  readonly paycore: Figures;
  readonly baseline: Figures;
  /** Median of the rounds' own ratios: what disturbs the machine for a while disturbs both. */
  readonly ratio: number;
}

interface Extent {
  readonly rounds: number;
  readonly size: number;
}

type Side = (round: number) => Promise<LoadResult>;

/** Round 0 warms both up and does not count. */
async function inTurns(name: string, { rounds, size }: Extent, paycore: Side, baseline: Side): Promise<Comparison> {
  const mine: LoadResult[] = [];
  const theirs: LoadResult[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % 2 === 0;
    const a = first ? await paycore(round) : null;
    const b = await baseline(round);
    const result = a ?? (await paycore(round));
    if (round === 0) continue;
    mine.push(result);
    theirs.push(b);
  }
  const figures = (results: readonly LoadResult[]): Figures => ({
    rate: median(results.map((one) => size / one.seconds)),
    p50: median(results.map((one) => one.p50)),
    p99: median(results.map((one) => one.p99)),
  });
  const ratio = median(mine.map((one, index) => (theirs[index]?.seconds ?? Number.NaN) / one.seconds));
  return { name, paycore: figures(mine), baseline: figures(theirs), ratio };
}

/** Each round takes the next payments, so every callback is the first of its payment. */
export function callbackRounds(
  { paycore, baseline, inFlight }: Candidates,
  name: string,
  payments: readonly OpenPayment[],
  extent: Extent,
  shop: CountingShop | null,
): Promise<Comparison> {
  const job = (port: number, path: string, round: number): LoadJob => ({
    port,
    inFlight,
    method: 'POST',
    headers: { 'content-type': FORM_TYPE, accept: 'text/html' },
    requests: payments
      .slice(round * extent.size, (round + 1) * extent.size)
      .map((one) => [path, paidForm({ ...one, tradeNo: `26${one.orderNo.slice(2)}` })] as const),
    expect: { status: 200, body: '1|OK' },
  });
  const mine: Side = async (round) => {
    const before = shop?.heard() ?? 0;
    const result = await load(job(paycore.port, '/api/paycore/webhooks/ecpay', round));
    // What is still being told must not disturb the other side's turn.
    if (shop) await poll('notifications', () => (shop.heard() - before >= extent.size ? true : null), 60_000);
    return result;
  };
  return inTurns(name, extent, mine, (round) => load(job(baseline.port, '/callback', round)));
}

function reads(port: number, inFlight: number, size: number, paths: readonly string[], headers = {}): LoadJob {
  const requests = Array.from({ length: size }, (_, index) => [paths[index % paths.length] ?? '', ''] as const);
  return { port, inFlight, method: 'GET', headers, requests, expect: { status: 200, body: '' } };
}

export function queryRounds(
  { paycore, baseline, inFlight }: Candidates,
  payments: readonly OpenPayment[],
  extent: Extent,
): Promise<Comparison> {
  const mine = payments.map((one) => `/api/paycore/payments/${one.paymentNo}`);
  const theirs = payments.map((one) => `/payments/${one.paymentNo}`);
  return inTurns(
    'query of a payment',
    extent,
    () => load(reads(paycore.port, inFlight, extent.size, mine, { 'x-api-key': paycore.apiKey })),
    () => load(reads(baseline.port, inFlight, extent.size, theirs)),
  );
}

export function pageRounds(
  { paycore, baseline, inFlight }: Candidates,
  name: string,
  payments: readonly OpenPayment[],
  extent: Extent,
): Promise<Comparison> {
  const mine = payments.map((one) => one.pagePath);
  const theirs = payments.map((one) => `/pay/${one.paymentNo}?token=${one.token}`);
  return inTurns(
    name,
    extent,
    () => load(reads(paycore.port, inFlight, extent.size, mine)),
    () => load(reads(baseline.port, inFlight, extent.size, theirs)),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
