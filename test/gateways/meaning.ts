import { expect, test } from 'bun:test';
import type { Payment } from '../../src/core/payment.ts';
import type { TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import { type Bench, type CallbackKind, PAID, type Saying, type Target, UNTOUCHED } from './contract.ts';

/** What the ordinary callbacks do. */
export function describeMeaning(bench: () => Bench, kind: CallbackKind): void {
  describePaid(bench, kind);
  describeOthers(bench, kind);
  describeMismatch(bench, kind);
  describeStrangers(bench, kind);
  describeUnknown(bench, kind);
  describeHint(bench, kind);
}

const says = (kind: CallbackKind, saying: Saying): boolean => kind.says.includes(saying);

function describePaid(bench: () => Bench, kind: CallbackKind): void {
  test('a payment is acknowledged with the exact bytes, makes the payment paid and notifies once', async () => {
    const { open, make, post, state } = bench();
    const target = await open(kind);
    expect(await post(await make(kind, target, { fact: 'paid' }))).toEqual(kind.accept);
    expect(await state(target)).toEqual(PAID);
  });

  test('a callback that comes again, in the same words or others, is acknowledged and changes nothing', async () => {
    const { app, open, make, post, state } = bench();
    const target = await open(kind);
    const first = await make(kind, target, { fact: 'paid' });
    await post(first);
    const before = await remembered(app, target.paymentNo);
    for (const again of [false, true, true, false]) {
      expect(await post(await make(kind, target, { fact: 'paid', again }))).toEqual(kind.accept);
      expect(await post(first)).toEqual(kind.accept);
    }
    expect(await state(target)).toEqual(PAID);
    expect(await remembered(app, target.paymentNo)).toEqual(before);
  });

  if (says(kind, 'other trade number')) {
    test('a trade number other than that of the issued number is the payment’s own, not a second payment', async () => {
      const { open, make, post, state } = bench();
      const target = await open(kind);
      if (says(kind, 'issued')) await post(await make(kind, target, { fact: 'issued' }));
      for (const again of [false, true]) {
        const paid = await make(kind, target, { fact: 'paid', tradeNo: '8888888888888888', again });
        expect(await post(paid)).toEqual(kind.accept);
      }
      expect(await state(target)).toEqual(PAID);
    });
  }
}

function describeOthers(bench: () => Bench, kind: CallbackKind): void {
  for (const fact of ['issued', 'issued as paid'] as const) {
    if (!says(kind, fact)) continue;
    test(`a number that was ${fact} never pays`, async () => {
      const { open, make, post, state } = bench();
      const target = await open(kind);
      expect(await post(await make(kind, target, { fact }))).toEqual(kind.accept);
      expect(await state(target)).toEqual(UNTOUCHED);
    });
  }

  if (says(kind, 'declined')) {
    test('a declined try ends nothing: the payer may still pay', async () => {
      const { open, make, post, state } = bench();
      const target = await open(kind);
      expect(await post(await make(kind, target, { fact: 'declined' }))).toEqual(kind.accept);
      expect(await state(target)).toEqual(UNTOUCHED);
      await post(await make(kind, target, { fact: 'paid' }));
      expect(await state(target)).toEqual(PAID);
    });
  }

  if (says(kind, 'simulated')) {
    test('a simulated payment counts with test keys, and with real ones only raises a flag', async () => {
      const { open, make, post, state } = bench();
      const play = await open(kind);
      expect(await post(await make(kind, play, { fact: 'paid', simulated: true }))).toEqual(kind.accept);
      expect(await state(play)).toEqual({ ...PAID, flags: ['simulated'] });
      const real = await open(kind, 'live');
      expect(await post(await make(kind, real, { fact: 'paid', simulated: true }))).toEqual(kind.accept);
      expect(await state(real)).toEqual({ ...UNTOUCHED, flags: ['simulated'] });
      expect(await post(await make(kind, real, { fact: 'paid' }))).toEqual(kind.accept);
      expect(await state(real)).toEqual({ ...PAID, flags: ['simulated'] });
    });
  }
}

function describeMismatch(bench: () => Bench, kind: CallbackKind): void {
  const { mismatch } = kind;
  if (!mismatch) return;
  test('another amount is answered as it should be and flagged; the right one still counts', async () => {
    const { open, make, post, state } = bench();
    for (const difference of [1, -1]) {
      const target = await open(kind);
      const wrong = await make(kind, target, { fact: 'paid', amount: target.amount + difference });
      for (let i = 0; i < 2; i++) expect(await post(wrong)).toEqual(mismatch.answer);
      expect(await state(target)).toEqual({ ...UNTOUCHED, flags: mismatch.flags });
      expect(await post(await make(kind, target, { fact: 'paid' }))).toEqual(kind.accept);
      expect(await state(target)).toMatchObject({ status: 'paid', notifications: 1 });
    }
  });
}

function describeStrangers(bench: () => Bench, kind: CallbackKind): void {
  const { makeForeign, merchant = kind.unknown } = kind;
  if (!makeForeign) return;
  test('another merchant proves nothing, whether he names himself or us', async () => {
    const { app, open, post, state } = bench();
    const target = await open(kind);
    const himself = await post(await makeForeign(target, { fact: 'paid' }, 'himself', app));
    expect([kind.unknown, merchant]).toContainEqual(himself);
    const us = await post(await makeForeign(target, { fact: 'paid' }, 'us', app));
    expect(us).toEqual(kind.unproved);
    expect(await state(target)).toEqual(UNTOUCHED);
  });

  test('another project that stores keys of its own under our merchant’s number proves nothing with them', async () => {
    const { app, contract, open, post, state } = bench();
    const target = await open(kind);
    await storeForeign(bench());
    const credentials = await app.rows.credentials({ gateway: contract.id });
    expect(new Set(credentials.map(({ projectId }) => projectId)).size).toBe(2);
    expect(await post(await makeForeign(target, { fact: 'paid' }, 'us', app))).toEqual(kind.unproved);
    expect(await state(target)).toEqual(UNTOUCHED);
  });
}

/** Credentials are stored before the gateway is called, so it does not matter whether it takes them. */
async function storeForeign({ app, contract }: Bench): Promise<void> {
  const { route, credentials } = contract.foreign;
  const order = { ...contract.order('test'), gateway_credentials: credentials };
  await app.create(route, order, { 'x-api-key': app.keys.other.api_key });
}

/** A payment whose numbers are all nobody's. */
function strangerTo(target: Target): Target {
  const spoil = (text: string) => `${text.slice(0, -4)}0000`;
  return {
    ...target,
    paymentNo: spoil(target.paymentNo),
    merchantOrderNo: spoil(target.merchantOrderNo),
    orderNo: spoil(target.orderNo),
    tradeNo: target.tradeNo === null ? null : spoil(target.tradeNo),
    token: spoil(target.token),
  };
}

function describeUnknown(bench: () => Bench, kind: CallbackKind): void {
  test('an order that is not ours is answered as it should be and touches nothing', async () => {
    const { open, make, post, state } = bench();
    const target = await open(kind);
    const unknown = (kind.unknownOf ?? strangerTo)(target);
    expect(await post(await make(kind, unknown, { fact: 'paid' }))).toEqual(kind.unknown);
    expect(await state(target)).toEqual(UNTOUCHED);
  });

  const { crossed } = kind;
  if (!crossed) return;
  test('a genuine callback that names another payment of ours pays neither', async () => {
    const { open, make, post, state } = bench();
    const [one, two] = [await open(kind), await open(kind)];
    const mixed = { ...one, paymentNo: two.paymentNo };
    expect(await post(await make(kind, mixed, { fact: 'paid' }))).toEqual(crossed);
    expect([(await state(one)).status, (await state(two)).status]).toEqual(['pending', 'pending']);
  });
}

function describeHint(bench: () => Bench, kind: CallbackKind): void {
  const { hint } = kind;
  if (!hint) return;
  test('what counts only with the gateway’s word pays nothing until the gateway says so', async () => {
    const { app, open, post, state } = bench();
    const target = await open(kind);
    for (let i = 0; i < 2; i++) expect(await post(await hint.make(target, app))).toEqual(hint.answer);
    expect(await state(target)).toEqual(UNTOUCHED);
    await hint.pay(target, app);
    expect(await post(await hint.make(target, app))).toEqual(kind.accept);
    expect(await state(target)).toEqual(PAID);
  });

  test('50 of them at once, with the gateway’s word, are one payment and one notification', async () => {
    const { app, open, post, state } = bench();
    const target = await open(kind);
    await hint.pay(target, app);
    const posts = await Promise.all(Array.from({ length: 50 }, () => hint.make(target, app)));
    const answers = await Promise.all(posts.map((one) => post(one)));
    expect(answers).toEqual(answers.map(() => kind.accept));
    expect(await state(target)).toEqual(PAID);
  });
}

/** Payment and attempt, without when the gateway is asked about refunds: what proves nothing may make us ask. */
async function remembered(app: TestApp, paymentNo: string) {
  const { payment, attempt } = present(await app.deps.store.findPayment(paymentNo));
  const { refundCheckAt: _, ...kept } = payment as Payment & { readonly refundCheckAt?: unknown };
  return { payment: kept, attempt };
}
