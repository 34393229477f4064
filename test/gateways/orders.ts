import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { EndReason } from '../../src/core/payment.ts';
import { type Bench, type CallbackKind, PAID, type Say, type State, type Target } from './contract.ts';

/** One thing that may happen to a payment with one attempt, in any order and any number of times. */
type Step =
  | { readonly type: 'callback'; readonly say: Say }
  | { readonly type: 'end'; readonly reason: Extract<EndReason, 'EXPIRED' | 'CANCELLED'> };

const STEPS: readonly Step[] = [
  { type: 'callback', say: { fact: 'issued' } },
  { type: 'callback', say: { fact: 'issued as paid' } },
  { type: 'callback', say: { fact: 'declined' } },
  { type: 'callback', say: { fact: 'paid' } },
  { type: 'callback', say: { fact: 'paid', again: true } },
  { type: 'callback', say: { fact: 'paid', tradeNo: '9999999999999999' } },
  { type: 'callback', say: { fact: 'paid', simulated: true, again: true } },
  { type: 'callback', say: { fact: 'paid', amount: 1 } },
  { type: 'end', reason: 'EXPIRED' },
  { type: 'end', reason: 'CANCELLED' },
];

/** What the state tables say, told once more and more simply than the program does. */
class Model {
  status = 'pending';
  readonly flags = new Set<string>();
  #tradeNo: string | null = null;

  constructor(readonly livemode: boolean) {}

  step(step: Step): void {
    if (step.type === 'end') {
      if (this.status === 'pending') this.status = step.reason === 'EXPIRED' ? 'expired' : 'failed';
      return;
    }
    const { fact, amount, simulated, tradeNo = 'first' } = step.say;
    if (fact !== 'paid') return;
    if (amount !== undefined) {
      this.#flag('mismatch', 'attention');
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

/** Callbacks come late, twice, and in the wrong order. */
export function describeOrders(bench: () => Bench, kind: CallbackKind): void {
  for (const mode of ['test', 'live'] as const) {
    test(`whatever comes in whatever order, a ${mode} payment ends as the state tables say`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 7 }), async (steps) => {
          const { open } = bench();
          const target = await open(kind.route, mode);
          const model = new Model(mode === 'live');
          for (const step of steps) {
            await take(bench(), kind, target, step);
            model.step(step);
            expect(summarise(bench().state(target))).toEqual({
              status: model.status,
              flags: [...model.flags].sort(),
              notifications: model.status === 'paid' ? 1 : 0,
            });
          }
        }),
        { numRuns: 60, seed: 20_260_622 },
      );
    });
  }

  test('money for an expired or a failed payment makes it paid, flagged late, and the shop hears of it', async () => {
    const { app, open, post, state, contract } = bench();
    for (const reason of ['EXPIRED', 'GATEWAY_REFUSED'] as const) {
      const target = await open(kind.route);
      await end(bench(), target, reason);
      expect(state(target).status).toBe(reason === 'EXPIRED' ? 'expired' : 'failed');
      expect(await post(kind.make(target, { fact: 'paid' }))).toEqual(contract.accept);
      expect(state(target)).toEqual({ ...PAID, flags: ['late'] });
      const [row] = app.sql.query<{ body: string }, []>('SELECT body FROM outbox ORDER BY id DESC LIMIT 1').all();
      expect(JSON.parse(row?.body ?? '{}')).toMatchObject({ payment_no: target.paymentNo, flags: ['late'] });
    }
  });

  test('50 identical callbacks at once are one transition and one notification, and all are acknowledged', async () => {
    const { app, open, post, state, contract } = bench();
    await app.deliver();
    app.shop.received.length = 0;
    const target = await open(kind.route);
    const callback = kind.make(target, { fact: 'paid' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(callback)));
    expect(answers).toEqual(Array.from({ length: 50 }, () => contract.accept));
    expect(state(target)).toEqual(PAID);
    expect(timeline(bench(), target)).toEqual([
      'payment.created',
      'attempt.opened',
      ...timeline(bench(), target).filter((type) => type === 'gateway.request'),
      'callback.accepted',
      'payment.paid',
    ]);
    await app.deliver();
    expect(app.shop.received.map(({ body }) => JSON.parse(body).payment_no)).toEqual([target.paymentNo]);
  });
}

function summarise({ status, flags, notifications }: State) {
  return { status, flags: [...flags].sort(), notifications };
}

async function take(bench: Bench, kind: CallbackKind, target: Target, step: Step): Promise<void> {
  if (step.type === 'end') return end(bench, target, step.reason);
  const { contract } = bench;
  const answer = await bench.post(kind.make(target, step.say));
  const wanted = step.say.amount === undefined ? contract.accept : contract.refuse(contract.texts.amount);
  expect(answer).toEqual(wanted);
}

/** As the background work does it when a deadline has passed, or the merchant when he cancels. */
async function end({ app, contract }: Bench, target: Target, reason: EndReason): Promise<void> {
  const found = app.deps.store.findByGatewayOrderNo(contract.id, target.orderNo);
  await app.deps.store.applyFacts({
    attemptId: found?.attempt.id ?? 0,
    facts: [{ type: 'ended', reason }],
    now: app.clock.now(),
    source: 'sync',
    mayChooseAgain: false,
    makeWebhookId: () => 'msg_unused',
  });
}

function timeline({ app }: Bench, target: Target): readonly string[] {
  const id = app.deps.store.findPayment(target.paymentNo)?.payment.id ?? 0;
  return app.deps.store.listEvents(id).map((event) => event.type);
}
