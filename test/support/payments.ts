import { createHash } from 'node:crypto';
import type { Attempt, Fact, Instructions } from '../../src/core/attempt.ts';
import { makeGatewayOrderNo, makeId } from '../../src/core/ids.ts';
import type { LedgerPayment } from '../../src/core/lifecycle/state.ts';
import { DAY, HOUR } from '../../src/core/time.ts';
import type { FactsInput, FactsOutcome } from '../../src/store/commands/apply-facts.ts';
import type { CallbackRecord } from '../../src/store/commands/callbacks.ts';
import type { NewAttempt, NewPayment } from '../../src/store/commands/open-payment.ts';
import { present } from './parts.ts';
import { openTestStore, type TestStore } from './store.ts';

/** Every event a project can ask for. */
export const ALL_EVENTS =
  'payment.paid,payment.duplicate,payment.refunded,payment.failed,payment.expired,payment.attention';

export interface TestProject {
  readonly projectId: number;
  readonly credentialId: number;
}

/** A project with one set of credentials that is told of every event. */
export async function addProject(test: TestStore, name = 'shop', events = ALL_EVENTS): Promise<TestProject> {
  const now = test.clock.now();
  const project = await test.store.ensureProject(name, test.vault.seal('notification secret', 'whsec_test'), now);
  await test.tamper.setNotifyEvents(events, project.id);
  const credentialId = await test.store.ensureCredential({
    projectId: project.id,
    gateway: 'ecpay',
    merchantId: '3002607',
    environment: 'stage',
    fingerprint: test.vault.fingerprint(name),
    sealed: test.vault.seal('credentials ecpay', '{}'),
    now,
  });
  return { projectId: project.id, credentialId };
}

/** A store for thousands of payments, which does not wait for the disk, with one project. */
export async function openHurriedShop(): Promise<{ readonly t: TestStore; readonly project: TestProject }> {
  const t = await openTestStore();
  await t.tamper.hurryCommits();
  return { t, project: await addProject(t) };
}

/** What openPayment takes: a pending test payment of NT$980 by ATM, unless told otherwise. */
export function newPayment(test: TestStore, project: TestProject, change: Partial<NewPayment> = {}): NewPayment {
  return {
    ...project,
    livemode: false,
    keyKind: 'test',
    merchantOrderNo: 'ORDER-1',
    gateway: 'ecpay',
    method: 'atm',
    mode: 'background',
    environment: 'stage',
    amount: 98_000,
    currency: 'TWD',
    unit: 'major',
    order: { payokUrl: 'https://shop.example/payok' },
    isCheckout: false,
    closeAt: null,
    now: test.clock.now(),
    ...change,
  };
}

export function newAttempt(test: TestStore, project: TestProject, change: Partial<NewAttempt> = {}): NewAttempt {
  return {
    gatewayOrderNo: makeGatewayOrderNo(test.clock.now(), test.random),
    credentialId: project.credentialId,
    gateway: 'ecpay',
    method: 'atm',
    mode: 'background',
    status: 'open',
    locale: 'zh-tw',
    deadline: test.clock.now() + 3 * DAY,
    checkAt: test.clock.now() + HOUR,
    ...change,
  };
}

export interface Opened {
  readonly payment: LedgerPayment;
  readonly attempt: Attempt;
  readonly created: boolean;
}

export async function openPayment(
  test: TestStore,
  project: TestProject,
  change: Partial<NewPayment> = {},
  attempt: Partial<NewAttempt> = {},
): Promise<Opened> {
  const opened = await test.store.openPayment(newPayment(test, project, change), newAttempt(test, project, attempt));
  return { ...opened, attempt: present(opened.attempt, 'attempt') };
}

/** Applies facts to an attempt as a callback without a body would. */
export function applyFacts(
  test: TestStore,
  attemptId: number,
  facts: readonly Fact[],
  change: Partial<FactsInput> = {},
): Promise<FactsOutcome> {
  return test.store.applyFacts({
    attemptId,
    facts,
    now: test.clock.now(),
    source: 'callback.accepted',
    mayChooseAgain: false,
    makeWebhookId: () => makeId('msg', test.random),
    ...change,
  });
}

export function callbackOf(body: string): CallbackRecord {
  return {
    contentType: 'application/x-www-form-urlencoded',
    body: Buffer.from(body),
    digest: createHash('sha256').update(body).digest(),
  };
}

type PaidFact = Extract<Fact, { type: 'paid' }>;

/** NT$980 paid for real with trade number T1. */
export function paid(change: Partial<PaidFact> = {}): PaidFact {
  return { type: 'paid', amount: 98_000, currency: 'TWD', tradeNo: 'T1', simulated: false, ...change };
}

export const ATM: Instructions = {
  type: 'atm',
  bankCode: '822',
  virtualAccount: '9103522175887271',
  expireAt: '2026-06-29T23:59:59+08:00',
};

/** The current attempt's payment, read again. */
export async function reload(
  test: TestStore,
  paymentNo: string,
): Promise<{ payment: LedgerPayment; attempt: Attempt | null }> {
  return present(await test.store.findPayment(paymentNo), paymentNo);
}
