import { at, list, text } from '../binary/support/json.ts';
import { type Answer, get, post, simulatorOrder } from '../binary/support/parties.ts';
import { poll } from '../binary/support/process.ts';
import { createBrowser } from '../support/desk.ts';
import { attempt, codeOf, createOrder, type Ledger, note, type Payment, type World } from './load.ts';

/** Who else is about while shops create and payers pay: refunds, pages, questions, the owner at the desk. */

/** A payment at Stripe, and what its shop was told of the refunds it asked for. */
export interface Sale {
  readonly payment: Payment;
  readonly refunds: readonly string[];
}

export interface Crowd {
  readonly sales: Sale[];
  pages: number;
  questions: number;
  desk: number;
  /** What somebody read that cannot be. */
  readonly wrong: string[];
}

export const newCrowd = (): Crowd => ({ sales: [], pages: 0, questions: 0, desk: 0, wrong: [] });

const PRICE = 98_000;
/** Each asks for this part: two of them fit. */
const PART = 40_000;
const PARTS = 4;
const PATIENCE_MS = 60_000;

/** Sells by Stripe, and pays back in parts that come all at once and are more than was paid. */
export async function refundUntilOver(world: World, record: Ledger, crowd: Crowd, worker: number): Promise<void> {
  for (let count = 0; !world.isOver(); count += 1) {
    const order = `S${worker}-${count}`;
    const payment = await createOrder(world, record, { order, amount: PRICE, method: 'stripe/credit' });
    if (!payment) continue;
    await attempt(record, () => simulatorOrder(world.simulatorUrl, payment.gatewayOrderNo, 'pay'));
    const isKnown = await isPaidSoon(world, record, payment);
    const parts = Array.from({ length: isKnown ? PARTS : 0 }, (_, part) => `${order}-${part}`);
    const refunds = await Promise.all(parts.map((key) => refund(world, record, payment, key)));
    crowd.sales.push({ payment, refunds: refunds.filter((one) => one !== null) });
  }
}

const isPaidSoon = (world: World, record: Ledger, payment: Payment): Promise<boolean> => {
  const look = async () => ((await showPaid(world, record, payment)) ? true : null);
  return poll('paid', look, 5000).catch(() => false);
};

async function showPaid(world: World, record: Ledger, { paymentNo }: Payment): Promise<boolean> {
  const url = `${world.server()}/api/paycore/payments/${paymentNo}`;
  const answer = await attempt(record, () => get(url, world.headers));
  return answer !== null && at(answer.body, 'data', 'status') === 'paid';
}

/** Asked for again under the same key until there is an answer; gives the refund's number, null where it is too much. */
async function refund(world: World, record: Ledger, { paymentNo }: Payment, key: string): Promise<string | null> {
  const url = `${world.server()}/api/paycore/payments/${paymentNo}/refunds`;
  const headers = { ...world.headers, 'idempotency-key': key };
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await Bun.sleep(200)) {
    const answer = await attempt(record, () => post(url, { amount: PART }, headers));
    if (answer === null) continue;
    if (answer.status === 201 || answer.status === 200) return text(answer.body, 'data', 'refund_no');
    if (codeOf(answer) === 'REFUND_EXCEEDS_AMOUNT') return null;
    note(record, `refund ${answer.status} ${codeOf(answer)}`);
  }
  return null;
}

const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(Math.random() * values.length)];

/** Payers look at pages, shops ask; who was told that something is paid reads it as paid, whichever node answers. */
export async function lookUntilOver(world: World, record: Ledger, crowd: Crowd): Promise<void> {
  while (!world.isOver()) {
    await Bun.sleep(20);
    const paid = new Set(record.paid);
    const payment = pick([...record.created.values()]);
    if (!payment) continue;
    const page = await attempt(record, () => get(payment.page));
    if (page?.status === 200) crowd.pages += 1;
    else if (page) note(record, `page ${page.status}`);
    const url = `${world.server()}/api/paycore/payments/${payment.paymentNo}`;
    const shown = await attempt(record, () => get(url, world.headers));
    if (shown?.status === 200) {
      crowd.questions += 1;
      const status = at(shown.body, 'data', 'status');
      if (paid.has(payment.paymentNo) && status !== 'paid')
        crowd.wrong.push(`${payment.paymentNo} was acknowledged as paid and then read as ${String(status)}`);
    } else if (shown) note(record, `question ${shown.status} ${codeOf(shown)}`);
  }
}

const DESK_PAGES = ['/admin', '/admin/payments', '/admin/refunds', '/admin/deliveries'];

/** Someone who is signed in stays it, on every node. */
export async function deskUntilOver(world: World, record: Ledger, crowd: Crowd, cookies: Browsing): Promise<void> {
  const desk = browserAt(world.server(), cookies);
  for (let turn = 0; !world.isOver(); turn += 1) {
    await Bun.sleep(100);
    const answer = await attempt(record, async (): Promise<Answer> => {
      const { status, text: body } = await desk.get(DESK_PAGES[turn % DESK_PAGES.length] ?? '');
      return { status, body };
    });
    if (answer?.status === 200) crowd.desk += 1;
    else if (answer?.status === 303) crowd.wrong.push('the owner was signed out');
    else if (answer) note(record, `desk ${answer.status}`);
  }
}

export type Browsing = Map<string, string>;

/** A browser that goes to this address with these cookies. */
export const browserAt = (url: string, cookies: Browsing) =>
  createBrowser(
    {
      request: (path, init) =>
        fetch(`${url}${path}`, { ...init, redirect: 'manual', signal: AbortSignal.timeout(20_000) }),
    },
    cookies,
  );

const SETTLED_MS = 120_000;

/** What money Stripe took, and what it gave back, PayCore knows in the end. */
/** Sales that are asked about at a time. */
const AT_ONCE = 8;

export async function settleSales(world: World, record: Ledger, crowd: Crowd): Promise<string[]> {
  // All of them are questions to one account, which is asked four times a second: who is behind too many is turned away.
  const wrong: string[] = [];
  for (let at = 0; at < crowd.sales.length; at += AT_ONCE) {
    const some = crowd.sales.slice(at, at + AT_ONCE).map((sale) => settleSale(world, record, sale));
    wrong.push(...(await Promise.all(some)).flat());
  }
  return wrong;
}

async function settleSale(world: World, record: Ledger, { payment, refunds }: Sale): Promise<string[]> {
  const { paymentNo, gatewayOrderNo } = payment;
  const readOrder = async () => (await simulatorOrder(world.simulatorUrl, gatewayOrderNo)).body;
  if (at(await readOrder(), 'paid') !== true) return [];
  const url = `${world.server()}/api/paycore/payments/${paymentNo}`;
  const ask = async () => {
    await post(`${url}/sync`, {}, world.headers);
    return (await showPaid(world, record, payment)) ? true : null;
  };
  if (!(await poll('paid', ask, SETTLED_MS).catch(() => false)))
    return [`Stripe took the money of ${paymentNo}, and it is not paid`];
  record.paid.add(paymentNo);
  const readRefunds = async () => list((await get(`${url}/refunds`, world.headers)).body, 'data', 'refunds');
  const settled = async () => {
    const rows = await readRefunds();
    return rows.some((row) => ['unknown', 'pending'].includes(String(at(row, 'status')))) ? null : rows;
  };
  const rows = await poll('settled refunds', settled, SETTLED_MS).catch(() => null);
  if (!rows) return [`${paymentNo} has a refund that is not settled`];
  const given = rows.filter((row) => at(row, 'status') === 'succeeded');
  const sum = given.reduce((total: number, row) => total + Number(at(row, 'amount')), 0);
  const atStripe = Math.round(Number(at(await readOrder(), 'info', 'refunded') ?? 0) * 100);
  const numbers = new Set(given.map((row) => at(row, 'refund_no')));
  return [
    ...(sum > PRICE ? [`${paymentNo}: ${sum} was paid back of ${PRICE}`] : []),
    ...(sum === atStripe ? [] : [`${paymentNo}: ${sum} was paid back, at Stripe ${atStripe}`]),
    ...(new Set(refunds).size === refunds.length ? [] : [`${paymentNo}: two keys, one refund`]),
    ...refunds.filter((no) => !numbers.has(no)).map((no) => `${paymentNo}: refund ${no} was acknowledged and is gone`),
  ];
}
