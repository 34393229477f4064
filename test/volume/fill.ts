import type { Flag, KeyKind, PaymentStatus } from '../../src/core/payment.ts';
import { DAY, formatTaipei, HOUR, MINUTE } from '../../src/core/time.ts';
import { GATEWAYS } from '../../src/gateways/index.ts';
import type { TestApp } from '../support/app.ts';
import { type BulkPayment, prepareBulk } from '../support/bulk.ts';
import { seedNumbers } from '../support/clock.ts';
import { present } from '../support/parts.ts';

export { askNodes } from './nodes.ts';

/**
 * A shop that has been running for a while: many payments with their tries, timelines and notifications, in an empty
 * database. The same count gives the same data.
 */
export interface Volume {
  readonly projectId: number;
  /** Numbers of payments of the live key, evenly spread over the time. */
  readonly paymentNos: readonly string[];
  readonly orderNos: readonly string[];
  /** A payment whose timeline is as long as it can be. */
  readonly longest: string;
  /** How many there are; each is known by its place among them. */
  readonly count: number;
}

const SPAN = 400 * DAY;
const LONGEST_TIMELINE = 2000;
const SAMPLES = 5000;
const WRITTEN_AT_ONCE = 1000;

/** Picks by weight. */
type Weighted<T> = readonly (readonly [T, number])[];

const STATUSES: Weighted<PaymentStatus> = [
  ['paid', 70],
  ['expired', 20],
  ['failed', 6],
  ['pending', 4],
];
const FLAGS: Weighted<readonly Flag[]> = [
  [[], 9600],
  [['late'], 200],
  [['mismatch', 'attention'], 80],
  [['duplicate', 'attention'], 60],
  [['attention'], 40],
  [['late', 'duplicate', 'attention'], 19],
  [['under_review'], 1],
];

export async function fillVolume(app: TestApp, count: number): Promise<Volume> {
  const now = app.clock.now();
  const owner = await addOwner(app, 'shop');
  const other = await addOwner(app, 'other shop');
  const draw = seedNumbers(7);
  const methods = GATEWAYS.flatMap((gateway) => gateway.methods.map((method) => ({ gateway: gateway.id, method })));
  const samples = { paymentNos: [] as string[], orderNos: [] as string[] };
  const every = Math.max(1, Math.floor(count / SAMPLES));
  await app.tamper.hurryCommits();
  const bulk = prepareBulk(app.engine);
  let longest = '';
  for (let index = 0; index < count; index += 1) {
    const createdAt = Math.floor(now - SPAN + (SPAN / count) * index);
    const { gateway, method } = present(methods[Math.floor(draw() ** 2 * methods.length)]);
    const status = pick(STATUSES, draw());
    const isMine = index % 20 !== 0;
    const keyKind: KeyKind = index % 10 === 1 ? 'test' : 'live';
    const row: BulkPayment = {
      ...(isMine ? owner : other),
      keyKind,
      livemode: keyKind === 'live',
      paymentNo: numberPayment(createdAt, index, draw),
      orderNo: `ORDER${dayOf(createdAt)}${String(index).padStart(7, '0')}`,
      gateway,
      method: method.method,
      mode: method.mode,
      amount: 100 * (1 + Math.floor(draw() * 5000)),
      currency: method.currencies[0] ?? 'TWD',
      status,
      flags: pick(FLAGS, draw()),
      order: orderOf(index),
      paidAt: status === 'paid' ? createdAt + Math.floor(draw() * 20 * HOUR) : null,
      createdAt,
    };
    writeHistory(bulk, row, index);
    if (index % WRITTEN_AT_ONCE === 0) await bulk.write();
    if (isMine && keyKind === 'live' && index % every === 2) {
      samples.paymentNos.push(row.paymentNo);
      samples.orderNos.push(row.orderNo);
      longest = row.paymentNo;
    }
  }
  await bulk.write();
  const { id } = present((await app.deps.store.findPayment(longest))?.payment);
  for (let index = 5; index < LONGEST_TIMELINE; index += 1) bulk.event(id, null, 'sync', { result: 'unpaid' }, now);
  await bulk.write();
  await app.tamper.waitForCommits();
  return { projectId: owner.projectId, ...samples, longest, count };
}

const ORDER = {
  itemName: '手沖咖啡豆',
  payokUrl: 'https://shop.example/paycore/payok',
  successUrl: 'https://shop.example/thanks',
  // One who has bought everything.
  payerAccount: 'uid811118A',
  metadata: { cart: '42' },
};
const FAMILY_NAMES = [...'陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐'];
const GIVEN_NAMES = ['小明', '志豪', '雅婷', '怡君', '家豪', '淑芬', '美玲', '俊傑', '宗翰', '詩涵'];
const EXPIRE_AT = '2026-06-29T23:59:59+08:00';

/** Every buyer comes back some twenty times, and many have the same name. */
const buyerOf = (index: number) => index % 50_021;

export function nameOf(index: number): string {
  const buyer = buyerOf(index);
  return `${FAMILY_NAMES[buyer % FAMILY_NAMES.length]}${GIVEN_NAMES[buyer % GIVEN_NAMES.length]}`;
}

export const emailOf = (index: number): string => `buyer${buyerOf(index)}@shop.example`;
export const accountOf = (index: number): string => `91035221${String(index).padStart(8, '0')}`;

function orderOf(index: number): string {
  return JSON.stringify({ ...ORDER, buyerName: nameOf(index), buyerEmail: emailOf(index) });
}

async function addOwner(app: TestApp, name: string): Promise<Pick<BulkPayment, 'projectId' | 'credentialId'>> {
  const { id: projectId } = present(await app.deps.store.findProjectByName(name));
  const credentialId = await app.deps.store.ensureCredential({
    projectId,
    gateway: 'ecpay',
    merchantId: '3002607',
    environment: 'stage',
    fingerprint: app.deps.vault.fingerprint(name),
    sealed: app.deps.vault.seal('credentials ecpay', '{}'),
    now: app.clock.now(),
  });
  return { projectId, credentialId };
}

function writeHistory(bulk: ReturnType<typeof prepareBulk>, row: BulkPayment, index: number): void {
  const { createdAt, paidAt } = row;
  const account = accountOf(index);
  const id = bulk.payment(row, {
    orderNo: `PC${row.paymentNo.slice(5, 11)}${padded(index, 12)}`,
    deadline: createdAt + 3 * DAY,
    ...(paidAt === null ? {} : { tradeNo: `26${String(index).padStart(14, '0')}` }),
    ...(row.method === 'atm' ? { instructions: { type: 'atm', virtualAccount: account, expireAt: EXPIRE_AT } } : {}),
  });
  bulk.event(id, null, 'payment.created', { mode: row.mode }, createdAt);
  bulk.event(id, id, 'attempt.opened', { gateway_order_no: 'PC260622K7Q2M9XW4ZT1' }, createdAt);
  if (paidAt === null) return;
  const fact = { fact: 'paid', amount: row.amount, currency: row.currency, trade_no: '2606221530127264' };
  bulk.event(id, id, 'callback.accepted', { ...fact, simulated: false, verdict: 'applied' }, paidAt);
  bulk.event(id, id, 'payment.paid', { flags: [] }, paidAt);
  if (index % 50 === 3) {
    bulk.refund({
      ...{ refundNo: `RF${padded(index, 12)}`, paymentId: id, attemptId: id, credentialId: row.credentialId },
      ...{ projectId: row.projectId, keyKind: row.keyKind, amount: row.amount, createdAt: paidAt + HOUR },
      status: index % 1000 === 3 ? 'failed' : 'succeeded',
      source: index % 500 === 3 ? 'gateway' : 'api',
    });
  }
  const state = index % 1000 === 7 ? 'dead' : 'delivered';
  bulk.notification(`msg_${padded(index, 23)}`, id, row.projectId, 'shop.example', state, paidAt + MINUTE);
}

function padded(value: number, length: number): string {
  return value.toString(36).toUpperCase().padStart(length, '0');
}

function dayOf(at: number): string {
  return formatTaipei(at).slice(0, 10).replaceAll('-', '');
}

function numberPayment(at: number, index: number, draw: () => number): string {
  const letters = Array.from({ length: 8 }, () => String.fromCharCode(65 + Math.floor(draw() * 26)));
  return `PAY${dayOf(at)}${String(index % 10_000).padStart(4, '0')}${letters.join('')}`;
}

function pick<T>(choices: Weighted<T>, drawn: number): T {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let left = drawn * total;
  for (const [value, weight] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return present(choices[0])[0];
}
