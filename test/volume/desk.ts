import { expect } from 'bun:test';
import { DAY } from '../../src/core/time.ts';
import { QUARTER } from '../../src/store/counters.ts';
import type { TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import { newAttempt, newPayment, paid } from '../support/payments.ts';
import type { Volume } from './fill.ts';

/** What the overview shows, and what needs a person: raised, listed, seen to, and over. */
export async function askDesk(app: TestApp, volume: Volume): Promise<void> {
  const { store } = app.deps;
  const now = app.clock.now();
  const { payment, attempt } = present(await store.findPayment(present(volume.paymentNos[0])));
  const end = now - (now % QUARTER) + QUARTER;
  for (const projectId of [volume.projectId, null]) {
    const scope = { projectId, keyKind: 'live' } as const;
    await store.sumByMethod(scope, end - 30 * DAY, end);
    await store.countOutcomes(scope, end - 30 * DAY, end);
  }
  const makeWebhookId = () => 'msg_desk';
  await store.flagForReview(payment.id, 'unsettled', { now, makeWebhookId });
  const asked = { source: 'sync', mayChooseAgain: false, now, makeWebhookId } as const;
  await store.applyFacts({ attemptId: present(attempt).id, facts: [paid({ amount: 1 })], ...asked });
  const mine = { projectId: payment.projectId, gateway: 'ecpay', environment: 'stage' } as const;
  const refused = { kind: 'credentials_refused', subject: '1', data: {}, since: now } as const;
  for (let n = 0; n < 2; n += 1) await store.raiseTrouble(refused);
  expect(await store.hasTrouble('credentials_refused', '1')).toBe(true);
  await store.closeTrouble('credentials_refused', '1', now);
  await store.closeReplacedTroubles({ ...mine, kept: 0, now });
  const claim = { now, limit: 10, owner: 'desk', leaseMs: 1000 };
  const [item] = await store.claimDueNotifications(claim);
  await store.finishDelivery(present(item), { outcome: 'dead', status: 410, reason: 'gone' }, now, claim.owner);
  await store.resendIfDead(present(item).id, { type: 'operator' }, now);
  for (const projectId of [payment.projectId, null]) {
    const scope = { projectId, keyKind: payment.keyKind };
    const [first] = await store.listTroubles({ scope, now, after: null, limit: 20 });
    const { id } = present(first).trouble;
    await store.findTrouble(id);
    expect(await store.countTroubles(scope, now, 100)).toBeGreaterThan(0);
    await store.handleTrouble({ id, by: { type: 'operator' }, now });
  }
  await store.closeStaleTroubles(now, 100);
  const opened = await openRefunded(app, payment.projectId);
  await store.listRefunds(opened);
  await store.findRefund('RF-none');
}

/** Paid late, and paid back in full. */
async function openRefunded(app: TestApp, projectId: number): Promise<number> {
  const { store } = app.deps;
  const now = app.clock.now();
  const makeWebhookId = () => 'msg_back';
  const test = { clock: app.clock, random: app.deps.random } as Parameters<typeof newPayment>[0];
  const credentialId = present((await store.listCredentials(projectId, 1))[0]).id;
  const owner = { projectId, credentialId };
  const { payment, attempt } = await store.openPayment(
    newPayment(test, owner, { merchantOrderNo: 'BACK' }),
    newAttempt(test, owner),
  );
  const { id: attemptId } = present(attempt);
  await store.cancelPayment({ paymentId: payment.id, by: { type: 'operator' }, now, makeWebhookId });
  await store.flagForReview(payment.id, 'unanswered', { now, makeWebhookId });
  const telling = { source: 'sync', mayChooseAgain: false, now, makeWebhookId } as const;
  await store.applyFacts({ attemptId, facts: [paid({ tradeNo: 'BACK' })], ...telling });
  const refund = { isRepeatable: false, paymentId: payment.id, attemptId, credentialId, reason: '', now } as const;
  await store.openRefund({ ...refund, makeRefundNo: () => 'RF-back', amount: null, by: { type: 'operator' } });
  const answer = { status: 'succeeded', gatewayRefundNo: 're_back', message: '', credentialId } as const;
  await store.settleRefund('RF-back', answer, { now, makeWebhookId });
  return payment.id;
}
