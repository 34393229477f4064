import { QUARTER } from '../../src/store/counters.ts';
import { addProject, type TestProject } from '../support/payments.ts';
import type { EventRecord } from '../support/reader.ts';
import type { TestStore } from '../support/store.ts';
import type { OpenTwo, TwoStores } from './open.ts';

/** A shop, and two processes that take its payments. */

export interface TwoProcesses extends TwoStores {
  readonly project: TestProject;
}

export async function start(open: OpenTwo): Promise<TwoProcesses> {
  const stores = await open();
  return { ...stores, project: await addProject(stores.one) };
}

/** Half of the work for each of two stores, all at once. */
export function share<T>(
  { both }: TwoStores,
  count: number,
  work: (store: TestStore, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(both[index % 2] ?? both[0], index)));
}

let messages = 0;
export const makeWebhookId = (): string => `msg_${++messages}`;

/** What the timeline of a payment tells, in order. */
export async function typesOf({ rows }: TestStore, paymentId: number): Promise<readonly EventRecord['type'][]> {
  return (await rows.events({ paymentId })).map(({ type }) => type);
}

/** Which notifications a payment has, by name. */
export async function toldOf({ rows }: TestStore, paymentId: number): Promise<readonly string[]> {
  return (await rows.outbox({ paymentId })).map(({ event }) => event).sort();
}

/** The figures that are kept of a project's test payments, and those that counting and adding up give. */
export async function readFigures({ rows, store }: TestStore, { projectId }: TestProject) {
  const scope = { projectId, keyKind: 'test' } as const;
  const counted: Record<string, number> = {};
  let sum = 0;
  for (const { status, amount } of await rows.payments({ projectId })) {
    counted[status] = (counted[status] ?? 0) + 1;
    if (status === 'paid') sum += amount;
  }
  const sums = await store.sumPaid(scope, 0, QUARTER * 2 ** 30);
  return {
    kept: { counts: await store.countByStatus(scope), sum: sums.reduce((total, { amount }) => total + amount, 0) },
    counted: { counts: counted, sum },
  };
}
