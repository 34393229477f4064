import { checkMacValue, FORM_TYPE, STAGE } from '../binary/support/ecpay.ts';
import type { FilledPayment } from './fill.ts';
import type { LoadJob } from './load.ts';
import type { Order, Pool } from './pools.ts';
import { type Comparison, inTurns, measureTurn, type Sides, type Turn } from './rounds.ts';
import { type Installation, load, type Measured } from './servers.ts';
import type { CountingShop, ShopName, Shops } from './shops.ts';

/** Callbacks about payments that are not paid yet, to PayCore and to both servers written by hand. */

export interface CallbackCase {
  readonly shop: ShopName;
  readonly order: Order;
  readonly inFlight: number;
}

/** 32 before 128, random before the easier order: what the aims are about comes first. */
export const CASES: readonly CallbackCase[] = (['hangs', 'answers'] as const).flatMap((shop) =>
  (['random', 'in order'] as const).flatMap((order) => [32, 128].map((inFlight) => ({ shop, order, inFlight }))),
);

export const CALLBACK_PATH = '/api/paycore/webhooks/ecpay';
const MAX_SIZE: Readonly<Record<ShopName, number>> = { hangs: 2000, answers: 1000 };
const HEARD_MS = 20_000;

export type PayablePayment = Pick<FilledPayment, 'paymentNo' | 'orderNo' | 'amount' | 'method'>;

/** Body of the callback that reports that an account or a store code was paid, as ECPay's cashier sends it. */
export function paidBody(payment: PayablePayment): string {
  const fields = {
    CustomField1: payment.paymentNo,
    CustomField2: '',
    CustomField3: '',
    CustomField4: '',
    MerchantID: STAGE.merchant_id,
    MerchantTradeNo: payment.orderNo,
    PaymentDate: '2026/06/22 15:31:00',
    PaymentType: payment.method === 'atm' ? 'ATM_CHINATRUST' : 'CVS_CVS',
    PaymentTypeChargeFee: '15',
    RtnCode: '1',
    RtnMsg: '付款成功',
    SimulatePaid: '0',
    StoreID: '',
    TradeAmt: String(payment.amount),
    TradeDate: '2026/06/22 15:30:00',
    TradeNo: `26${payment.orderNo.slice(2)}`,
  };
  return new URLSearchParams({ ...fields, CheckMacValue: checkMacValue(fields) }).toString();
}

export interface CallbackLoad {
  readonly port: number;
  readonly path: string;
  readonly inFlight: number;
}

export function callbackJob({ port, path, inFlight }: CallbackLoad, bodies: readonly string[]): LoadJob {
  return {
    port,
    inFlight,
    method: 'POST',
    headers: { 'content-type': FORM_TYPE, accept: 'text/html' },
    requests: bodies.map((body) => [path, body] as const),
    expect: { status: 200, body: '1|OK' },
  };
}

export interface Stage {
  readonly installation: Installation;
  readonly shops: Shops;
  readonly pools: Readonly<Record<ShopName, Pool>>;
}

/** The most callbacks a round may have so that all cases get through with the payments there are. */
export function sizeRounds(pool: Pool, shop: ShopName, rounds: number): number {
  // Two numbers in flight, and one round more to warm up; a good part is left for the notifications.
  const fits = Math.min((0.6 * pool.left('random')) / (2 * rounds + 1), pool.left('in order') / (2 * rounds));
  return Math.min(MAX_SIZE[shop], Math.floor(fits));
}

export interface Extent {
  readonly rounds: number;
  readonly size: number;
}

export async function compareCallbacks(
  { installation, shops, pools }: Stage,
  { shop, order, inFlight }: CallbackCase,
  { rounds, size }: Extent,
): Promise<Comparison> {
  const bodies = Array.from({ length: rounds }, () => pools[shop].take(order, size).map(paidBody));
  const { paycore, single, group } = installation;
  const jobOf = (port: number, path: string, round: number) =>
    callbackJob({ port, path, inFlight }, bodies[round] ?? []);
  const byHand = (server: Measured) => (round: number) =>
    measureTurn(server.pid, size, () => load(jobOf(server.port, '/callback', round)));
  const sides: Sides = {
    PayCore: (round) =>
      tellAll(shop === 'answers' ? shops.answers : null, size, () =>
        measureTurn(paycore.pid, size, () => load(jobOf(paycore.port, CALLBACK_PATH, round))),
      ),
    single: byHand(single),
    ...(group ? { group: byHand(group) } : {}),
  };
  return inTurns(rounds, sides);
}

/** What is still being told must not disturb the next server's turn; where it never ends, that has to be borne. */
async function tellAll(shop: CountingShop | null, count: number, send: () => Promise<Turn>): Promise<Turn> {
  const before = shop?.heard() ?? 0;
  const turn = await send();
  const end = performance.now() + HEARD_MS;
  while (shop && shop.heard() - before < count && performance.now() < end) await Bun.sleep(10);
  return turn;
}
