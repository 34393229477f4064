import { expect, test } from 'bun:test';
import type { Gateway, Hints } from '../../../../src/gateways/gateway.ts';
import { createMatcher } from '../../../../src/payments/callback/match.ts';
import { addProject, newAttempt, openPayment, type TestProject } from '../../../support/payments.ts';
import { openTestStore, type TestStore } from '../../../support/store.ts';

/** Which attempt a callback is about, by what it says of itself. */

const gatewayOf = (id: string) => ({ id }) as Gateway;

const find = async (t: TestStore, gateway: string, hints: Hints) => {
  const found = await createMatcher({ store: t.store, vault: t.vault })(gatewayOf(gateway), hints);
  return found && [found.attempt.id, found.matchedBy];
};

test('a payment number leads to the payment’s attempt at that gateway, and to none of another', async () => {
  await using t = await openTestStore();
  const { payment, attempt } = await openPayment(t, await addProject(t));
  const { paymentNo } = payment;
  expect(await find(t, 'ecpay', { paymentNo })).toEqual([attempt.id, 'paymentNo']);
  for (const other of ['paypal', 'stripe', 'smilepay', 'plus']) expect(await find(t, other, { paymentNo })).toBeNull();
});

async function addSet(t: TestStore, { projectId }: TestProject, merchantId: string): Promise<TestProject> {
  const credentialId = await t.store.ensureCredential({
    projectId,
    gateway: 'smilepay',
    merchantId,
    environment: 'production',
    fingerprint: t.vault.fingerprint(merchantId),
    sealed: t.vault.seal('credentials smilepay', '{}'),
    now: t.clock.now(),
  });
  return { projectId, credentialId };
}

test('of two merchants with one order number each is found by his own, and a stranger’s leads to whose number it is', async () => {
  await using t = await openTestStore();
  const gateway = 'smilepay';
  const one = await addSet(t, await addProject(t, 'one'), '1111');
  const two = await addSet(t, await addProject(t, 'two'), '2222');
  const open = (project: TestProject) =>
    openPayment(t, project, { merchantOrderNo: 'A1', gateway }, { ...project, gateway, preferredOrderNo: 'A1' });
  const [first, second] = [await open(one), await open(two)];
  expect([first.attempt.gatewayOrderNo, second.attempt.gatewayOrderNo === 'A1']).toEqual(['A1', false]);
  const by = (merchantId: string) => find(t, gateway, { orderNo: 'A1', merchantOrder: { merchantId, orderNo: 'A1' } });
  expect(await by('1111')).toEqual([first.attempt.id, 'orderNo']);
  expect(await by('2222')).toEqual([second.attempt.id, 'orderNo']);
  expect(await by('3333')).toEqual([first.attempt.id, 'orderNo']);
  // The number names this very attempt, whichever is the payment's current one by now.
  await t.store.openAttempt(first.payment.id, newAttempt(t, one, { gateway }), t.clock.now());
  expect(await by('1111')).toEqual([first.attempt.id, 'orderNo']);
});
