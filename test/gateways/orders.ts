import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { EndReason } from '../../src/core/payment.ts';
import { sameRuns } from '../support/clock.ts';
import { type Bench, type CallbackKind, PAID, type Say, type Saying, type State, type Target } from './contract.ts';

/** One thing that may happen to a payment with one attempt, in any order and any number of times. */
type Step =
  | { readonly type: 'callback'; readonly say: Say; readonly needs?: Saying }
  | { readonly type: 'end'; readonly reason: Extract<EndReason, 'EXPIRED' | 'CANCELLED'> };

const STEPS: readonly Step[] = [
  { type: 'callback', say: { fact: 'issued' }, needs: 'issued' },
  { type: 'callback', say: { fact: 'issued as paid' }, needs: 'issued as paid' },
  { type: 'callback', say: { fact: 'declined' }, needs: 'declined' },
  { type: 'callback', say: { fact: 'paid' } },
  { type: 'callback', say: { fact: 'paid', again: true } },
  { type: 'callback', say: { fact: 'paid', tradeNo: '9999999999999999' }, needs: 'other trade number' },
  { type: 'callback', say: { fact: 'paid', simulated: true, again: true }, needs: 'simulated' },
  { type: 'callback', say: { fact: 'paid', amount: 1 } },
  { type: 'end', reason: 'EXPIRED' },
  { type: 'end', reason: 'CANCELLED' },
];

/** Where the gateway itself tells the amount, it cannot tell two at a time. */
function listSteps({ says, mismatch, proof }: CallbackKind): readonly Step[] {
  const tellsAmount = mismatch !== undefined && proof === 'callback';
  return STEPS.filter((step) => {
    if (step.type === 'end') return true;
    if (step.say.amount !== undefined) return tellsAmount;
    return step.needs === undefined || says.includes(step.needs);
  });
}

/** What the state tables say, told once more and more simply than the program does. */
class Model {
  status = 'pending';
  readonly flags = new Set<string>();
  #tradeNo: string | null = null;

  constructor(
    readonly livemode: boolean,
    readonly mismatchFlags: readonly string[],
  ) {}

  step(step: Step): void {
    if (step.type === 'end') {
      if (this.status === 'pending') this.status = step.reason === 'EXPIRED' ? 'expired' : 'failed';
      return;
    }
    const { fact, amount, simulated, tradeNo = 'first' } = step.say;
    if (fact !== 'paid') return;
    if (amount !== undefined) {
      this.#flag(...this.mismatchFlags);
      return;
    }
    if (simulated) this.#flagSimulated();
    if (simulated && this.livemode) return;
    if (this.status !== 'paid') {
      if (this.status !== 'pending') this.#flag('late');
      this.status = 'paid';
      this.#tradeNo = tradeNo;
    } else if (tradeNo !== this.#tradeNo) this.#flag('duplicate', 'attention');
  }

  /** A repeated payment is not looked at again, so its simulation mark no longer counts. */
  #flagSimulated(): void {
    if (this.livemode || this.status !== 'paid') this.#flag('simulated');
  }

  #flag(...flags: string[]): void {
    for (const flag of flags) this.flags.add(flag);
  }
}

const TOLD_ONCE = ['payment.created', 'attempt.opened', 'callback.accepted', 'payment.paid'];

/** Callbacks come late, twice, and in the wrong order. */
export function describeOrders(bench: () => Bench, kind: CallbackKind): void {
  for (const mode of ['test', 'live'] as const) {
    test(`whatever comes in whatever order, a ${mode} payment ends as the state tables say`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...listSteps(kind)), { minLength: 1, maxLength: 7 }),
          async (steps) => {
            const { open } = bench();
            const target = await open(kind, mode);
            const model = new Model(mode === 'live', kind.mismatch?.flags ?? []);
            for (const step of steps) {
              await take(bench(), kind, target, step);
              model.step(step);
              expect(summarise(await bench().state(target))).toEqual({
                status: model.status,
                flags: [...model.flags].sort(),
                notifications: model.status === 'paid' ? 1 : 0,
              });
            }
          },
        ),
        sameRuns(60),
      );
    });
  }

  test('money for an expired or a failed payment makes it paid, flagged late, and the shop hears of it', async () => {
    const { app, open, make, post, state } = bench();
    for (const reason of ['EXPIRED', 'GATEWAY_REFUSED'] as const) {
      const target = await open(kind);
      await end(bench(), target, reason);
      expect((await state(target)).status).toBe(reason === 'EXPIRED' ? 'expired' : 'failed');
      expect(await post(await make(kind, target, { fact: 'paid' }))).toEqual(kind.accept);
      expect(await state(target)).toEqual({ ...PAID, flags: ['late'] });
      const row = (await app.rows.outbox()).at(-1);
      expect(JSON.parse(row?.body ?? '{}')).toMatchObject({ payment_no: target.paymentNo, flags: ['late'] });
    }
  });

  test('50 identical callbacks at once are one transition and one notification, and all are acknowledged', async () => {
    const { app, open, make, post, state } = bench();
    await app.deliver();
    app.shop.received.length = 0;
    const target = await open(kind);
    const callback = await make(kind, target, { fact: 'paid' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(callback)));
    expect(answers).toEqual(Array.from({ length: 50 }, () => kind.accept));
    expect(await state(target)).toEqual(PAID);
    const told = (await timeline(bench(), target)).filter((type) => type !== 'gateway.request');
    if (kind.proof === 'callback') expect(told).toEqual(TOLD_ONCE);
    // What the gateway was asked is written down before the callback that made us ask.
    else expect(told.filter((type) => type !== 'sync').sort()).toEqual([...TOLD_ONCE].sort());
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body).payment_no)).toEqual([target.paymentNo]);
  });
}

function summarise({ status, flags, notifications }: State) {
  return { status, flags: [...flags].sort(), notifications };
}

async function take(bench: Bench, kind: CallbackKind, target: Target, step: Step): Promise<void> {
  if (step.type === 'end') return end(bench, target, step.reason);
  const answer = await bench.post(await bench.make(kind, target, step.say));
  expect(answer).toEqual(step.say.amount === undefined ? kind.accept : (kind.mismatch?.answer ?? kind.accept));
}

/** As the background work does it when a deadline has passed, or the merchant when he cancels. */
async function end({ app, contract }: Bench, target: Target, reason: EndReason): Promise<void> {
  const found = await app.deps.store.findByGatewayOrderNo(contract.id, target.orderNo);
  await app.deps.store.applyFacts({
    attemptId: found?.attempt.id ?? 0,
    facts: [{ type: 'ended', reason }],
    now: app.clock.now(),
    source: 'sync',
    mayChooseAgain: false,
    makeWebhookId: () => 'msg_unused',
  });
}

async function timeline({ app }: Bench, target: Target): Promise<string[]> {
  const id = (await app.deps.store.findPayment(target.paymentNo))?.payment.id ?? 0;
  return (await app.deps.store.listEvents(id)).map((event) => event.type);
}
