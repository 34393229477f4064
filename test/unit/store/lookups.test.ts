import { describe, expect, test } from 'bun:test';
import { present } from '../../support/parts.ts';
import {
  addProject,
  applyFacts,
  newAttempt,
  type Opened,
  openPayment,
  paid,
  reload,
  type TestProject,
} from '../../support/payments.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** The ways from what a callback says about itself to the attempt it is about. */

const MERCHANT = '3002607';
/** It knows an order by a number of its own alone; ECPay is not asked by its numbers, so they are in no index. */
const PAYPAL = { gateway: 'paypal' } as const;
const refOf = ({ payment, attempt }: Opened) => ({ payment, attempt });

describe('an attempt is found by the number its gateway gave it', () => {
  const issue = async (t: TestStore, { attempt }: Opened, tradeNo: string) =>
    applyFacts(t, attempt.id, [paid({ tradeNo })]);

  test('with its payment, whole and in the right letters only', async () => {
    await using t = await openTestStore();
    const opened = await openPayment(t, await addProject(t), PAYPAL, PAYPAL);
    await issue(t, opened, '5O190127TN364715T');
    const found = present(await t.store.findByGatewayTradeNo('paypal', '5O190127TN364715T'));
    expect(found).toEqual({ ...(await reload(t, opened.payment.paymentNo)), attempt: present(found.attempt) });
    expect(found.attempt.id).toBe(opened.attempt.id);
    for (const other of ['5o190127tn364715t', '5O190127TN364715', '5O190127TN364715T0', '', '%', '5O190127TN36471_T']) {
      expect(await t.store.findByGatewayTradeNo('paypal', other)).toBeNull();
    }
  });

  test('at its own gateway only', async () => {
    await using t = await openTestStore();
    const opened = await openPayment(t, await addProject(t), PAYPAL, PAYPAL);
    await issue(t, opened, 'T1');
    expect(await t.store.findByGatewayTradeNo('paypal', 'T1')).not.toBeNull();
    expect(await t.store.findByGatewayTradeNo('stripe', 'T1')).toBeNull();
  });

  test('and nobody is when two carry it: numbers of two accounts may meet', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    for (const merchantOrderNo of ['A', 'B']) {
      await issue(t, await openPayment(t, project, { merchantOrderNo, ...PAYPAL }, PAYPAL), 'T1');
    }
    expect(await t.store.findByGatewayTradeNo('paypal', 'T1')).toBeNull();
  });
});

describe('a payment is found by the shop’s own number and the merchant whose it is', () => {
  const find = (t: TestStore, orderNo = 'ORDER-1', merchantId = MERCHANT) =>
    t.store.findByMerchantOrderNo('ecpay', merchantId, orderNo);
  const expire = (t: TestStore, { attempt }: Opened) =>
    applyFacts(t, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);

  test('with its current attempt', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const opened = await openPayment(t, project);
    expect(await find(t)).toEqual(refOf(opened));
    const second = present(await t.store.openAttempt(opened.payment.id, newAttempt(t, project), t.clock.now()));
    expect((await find(t))?.attempt.id).toBe(second.id);
  });

  test('at its own gateway, under its own merchant, in the same letters', async () => {
    await using t = await openTestStore();
    await openPayment(t, await addProject(t));
    expect(await find(t, 'order-1')).toBeNull();
    expect(await find(t, 'ORDER-1', '2000132')).toBeNull();
    expect(await t.store.findByMerchantOrderNo('smilepay', MERCHANT, 'ORDER-1')).toBeNull();
  });

  test('not when it was paid through another merchant of the same project', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    await addCredential(t, project, '2000132');
    await openPayment(t, project);
    expect(await find(t, 'ORDER-1', '2000132')).toBeNull();
    expect(await find(t)).not.toBeNull();
  });

  test('the one that holds the order before those that are over, and the newest when all are', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const first = await openPayment(t, project);
    await expire(t, first);
    const second = await openPayment(t, project);
    expect((await find(t))?.payment.id).toBe(second.payment.id);
    await expire(t, second);
    expect((await find(t))?.payment.id).toBe(second.payment.id);
    const third = await openPayment(t, project);
    expect((await find(t))?.payment.id).toBe(third.payment.id);
    await applyFacts(t, third.attempt.id, [paid()]);
    expect((await find(t))?.payment.id).toBe(third.payment.id);
  });

  test('and nobody is when two projects, or a test and a live key, hold the same number', async () => {
    await using t = await openTestStore();
    const [one, two] = [await addProject(t, 'one'), await addProject(t, 'two')];
    await openPayment(t, one);
    await openPayment(t, two);
    expect(await find(t)).toBeNull();
    await openPayment(t, one, { merchantOrderNo: 'B' });
    await openPayment(t, one, { merchantOrderNo: 'B', keyKind: 'live', livemode: true });
    expect(await find(t, 'B')).toBeNull();
  });

  test('nor is anybody once one of the two projects has let the number go', async () => {
    await using t = await openTestStore();
    const [one, two] = [await addProject(t, 'one'), await addProject(t, 'two')];
    const opened = [await openPayment(t, one), await openPayment(t, two)];
    for (const each of opened) {
      await expire(t, each);
      expect(await find(t)).toBeNull();
    }
  });
});

async function addCredential(t: TestStore, { projectId }: TestProject, merchantId: string, change: object = {}) {
  const text = `${merchantId} ${JSON.stringify(change)}`;
  return t.store.ensureCredential({
    projectId,
    gateway: 'ecpay',
    merchantId,
    environment: 'stage',
    fingerprint: t.vault.fingerprint(text),
    sealed: t.vault.seal('credentials ecpay', text),
    now: t.clock.now(),
    ...change,
  });
}

describe('the newest credentials of a project for one merchant', () => {
  const list = async (t: TestStore, { projectId }: TestProject, limit: number, change: object = {}) => {
    const owner = { projectId, gateway: 'ecpay', environment: 'stage' as const, merchantId: MERCHANT, ...change };
    return (await t.store.listRecentCredentials(owner, limit)).map(({ id }) => id);
  };

  test('come newest first, as many as are asked for', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const ids = [project.credentialId];
    for (const fill of [1, 2, 3]) {
      ids.unshift(await addCredential(t, project, MERCHANT, { fingerprint: new Uint8Array([fill]) }));
    }
    expect(await list(t, project, 10)).toEqual(ids);
    expect(await list(t, project, 2)).toEqual(ids.slice(0, 2));
  });

  test('are nobody else’s: not another project’s, merchant’s, gateway’s or environment’s', async () => {
    await using t = await openTestStore();
    const [project, other] = [await addProject(t, 'shop'), await addProject(t, 'other')];
    await addCredential(t, project, '2000132');
    await addCredential(t, project, MERCHANT, { gateway: 'smilepay' });
    await addCredential(t, project, MERCHANT, { environment: 'production' });
    expect(await list(t, project, 10)).toEqual([project.credentialId]);
    expect(await list(t, other, 10)).toEqual([other.credentialId]);
    expect(await list(t, project, 10, { environment: 'production' })).toHaveLength(1);
    expect(await list(t, project, 10, { merchantId: '' })).toEqual([]);
  });
});

describe('the number an attempt would like to have', () => {
  const open = (t: TestStore, project: TestProject, merchantOrderNo: string, preferredOrderNo: string, change = {}) =>
    openPayment(t, project, { merchantOrderNo, ...change }, { preferredOrderNo, ...change });

  test('is its own while nobody else at this gateway has it', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { attempt } = await open(t, project, 'A1', 'A1');
    expect(attempt.gatewayOrderNo).toBe('A1');
    expect((await t.store.findByGatewayOrderNo('ecpay', 'A1'))?.attempt.id).toBe(attempt.id);
    const opened = (await t.store.listEvents(attempt.paymentId)).find(({ type }) => type === 'attempt.opened');
    expect(JSON.stringify(opened)).toContain('"A1"');
  });

  test('is given to the first only, and to another gateway’s all the same', async () => {
    await using t = await openTestStore();
    const [one, two] = [await addProject(t, 'one'), await addProject(t, 'two')];
    await open(t, one, 'A1', 'A1');
    const second = await open(t, two, 'A1', 'A1');
    expect(second.created).toBe(true);
    expect(second.attempt.gatewayOrderNo).toMatch(/^PC\d{6}/);
    expect((await open(t, two, 'A2', 'A1', { gateway: 'smilepay' })).attempt.gatewayOrderNo).toBe('A1');
  });

  test('is not given again to a later attempt, whatever became of the first', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const { attempt } = await open(t, project, 'A1', 'A1');
    await applyFacts(t, attempt.id, [{ type: 'ended', reason: 'EXPIRED' }]);
    expect((await open(t, project, 'A1', 'A1')).attempt.gatewayOrderNo).not.toBe('A1');
  });

  test('of many at once exactly one gets it, and all are opened', async () => {
    await using t = await openTestStore();
    const project = await addProject(t);
    const opened = await Promise.all(Array.from({ length: 20 }, (_, i) => open(t, project, `A${i}`, 'WANTED')));
    expect(opened.filter(({ attempt }) => attempt.gatewayOrderNo === 'WANTED')).toHaveLength(1);
    expect(new Set(opened.map(({ attempt }) => attempt.gatewayOrderNo)).size).toBe(20);
  });
});
