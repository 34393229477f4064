import { present } from './parts.ts';
import {
  addProject,
  applyFacts,
  callbackOf,
  newAttempt,
  newPayment,
  openPayment,
  paid,
  type TestProject,
} from './payments.ts';
import { openRefunds } from './refunds.ts';
import type { TestStore } from './store.ts';

/** Paid with two refunds, pending, cancelled, paid through a link of single use, and pending at another shop. */
export async function fillLedger(t: TestStore): Promise<void> {
  const project = await addProject(t);
  const refunds = await openRefunds(t, project, 'PAID');
  for (const amount of [10_000, 5000]) await refunds.answer(await refunds.make(amount));
  const pending = await openPayment(t, project, { merchantOrderNo: 'PENDING' });
  const callback = callbackOf('nothing yet');
  await applyFacts(t, pending.attempt.id, [{ type: 'note', code: '10100073', message: '' }], { callback });
  const cancelled = await openPayment(t, project, { merchantOrderNo: 'CANCELLED' });
  const makeWebhookId = () => 'msg_cancelled';
  const by = { type: 'api_key', id: 1 } as const;
  await t.store.cancelPayment({ paymentId: cancelled.payment.id, by, now: t.clock.now(), makeWebhookId });
  await payThroughLink(t, project);
  await openPayment(t, await addProject(t, 'other'), { merchantOrderNo: 'OTHER' });
  for (const key of ['first', 'second']) {
    const claim = { projectId: project.projectId, key, fingerprint: new Uint8Array(32), owner: 'proc' };
    await t.store.claimIdempotencyKey({ ...claim, takeOver: false, now: t.clock.now(), lifetimeMs: 1000 });
    await t.store.finishIdempotencyKey(claim, { status: 200, body: '{}' });
  }
}

async function payThroughLink(t: TestStore, project: TestProject): Promise<void> {
  const now = t.clock.now();
  const terms = { amount: 98_000, minAmount: null, maxAmount: null, currency: 'TWD' };
  const link = await t.store.addLink({
    ...{ ...terms, projectId: project.projectId, keyKind: 'test', title: 'Tea', isSingleUse: true },
    ...{ order: {}, expiresAt: null, createdAt: now },
  });
  const way = { gateway: 'checkout', method: 'checkout', mode: 'checkout', isCheckout: true, closeAt: now + 1000 };
  const payment = newPayment(t, project, { ...way, merchantOrderNo: link.linkNo });
  const use = { linkId: link.id, payment, formKey: null, makeWebhookId: () => 'msg_used' };
  const used = await t.store.openLinkPayment(use);
  if (!('payment' in used)) throw new Error(`the link is ${used.state}`);
  const attempt = present(await t.store.openAttempt(used.payment.id, newAttempt(t, project), now));
  await applyFacts(t, attempt.id, [paid({ tradeNo: 'T LINK' })]);
}
