import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { CALL_LIMIT } from '../../../src/core/lifecycle/schedule.ts';
import type { Refund, ReportedRefund } from '../../../src/core/refund.ts';
import { sameRuns } from '../../support/clock.ts';
import { present } from '../../support/parts.ts';
import { openHurriedShop, type TestProject } from '../../support/payments.ts';
import { openRefunds, type Refunds } from '../../support/refunds.ts';
import type { TestStore } from '../../support/store.ts';

/**
 * Histories of one payment's refunds: a shop that asks, a gateway that pays back, changes its mind and has a desk of its
 * own, answers that come late or never, callbacks and looks in any order. What must hold is known from the gateway alone.
 */
const PAID = 98_000;

/** A gateway that never pays back more than it was paid. */
class FakeGateway {
  readonly refunds: ReportedRefund[] = [];
  readonly tellsNumbers: boolean;

  constructor(tellsNumbers: boolean) {
    this.tellsNumbers = tellsNumbers;
  }

  get paidBack(): number {
    return sum(this.refunds.filter(({ status }) => status !== 'failed'));
  }

  /** Null: refused. */
  make(refundNo: string | null, amount: number, status: 'pending' | 'succeeded'): ReportedRefund | null {
    if (this.paidBack + amount > PAID) return null;
    const made = {
      refundNo: this.tellsNumbers ? refundNo : null,
      gatewayRefundNo: `re_${this.refunds.length}`,
      amount,
      status,
    };
    this.refunds.push(made);
    return made;
  }

  /** A pending one is decided, one that succeeded comes back. True when there was one to change. */
  change(at: number): boolean {
    const index = this.refunds.length === 0 ? -1 : at % this.refunds.length;
    const refund = this.refunds[index];
    if (!refund || refund.status === 'failed') return false;
    const status = refund.status === 'pending' && at % 2 === 0 ? 'succeeded' : 'failed';
    this.refunds[index] = { ...refund, status };
    return true;
  }

  /** Nothing is pending any more. */
  decide(): void {
    for (const [index, refund] of this.refunds.entries()) {
      if (refund.status === 'pending') this.refunds[index] = { ...refund, status: 'succeeded' };
    }
  }

  list(): readonly ReportedRefund[] {
    return this.refunds.map((refund) => ({ ...refund }));
  }
}

const sum = (refunds: readonly { readonly amount: number }[]) => refunds.reduce((all, { amount }) => all + amount, 0);

interface Call {
  readonly refund: Refund;
  /** What the gateway did; undefined while it has not heard of it. */
  done?: ReportedRefund | null;
}

type Step =
  | { readonly do: 'ask'; readonly amount: number | null; readonly key: number | null }
  | { readonly do: 'arrive'; readonly at: number; readonly pending: boolean }
  | { readonly do: 'answer' | 'lose'; readonly at: number }
  | { readonly do: 'desk'; readonly amount: number; readonly pending: boolean }
  | { readonly do: 'change'; readonly at: number }
  | { readonly do: 'callback' | 'question' | 'reply' }
  | { readonly do: 'wait'; readonly seconds: number };

const at = fc.nat({ max: 50 });
const amount = fc.constantFrom(10_000, 10_000, 20_000, 49_000, 98_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      amount: fc.option(amount),
      key: fc.option(fc.nat({ max: 2 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('arrive' as const), at, pending: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('answer' as const, 'lose' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('desk' as const), amount, pending: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), at }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('callback' as const, 'question' as const, 'reply' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 9, 40, 300) }) },
);

let t: TestStore;
let project: TestProject;
beforeAll(async () => {
  ({ t, project } = await openHurriedShop());
});
afterAll(() => t[Symbol.asyncDispose]());

let orders = 0;

class History {
  readonly r: Refunds;
  readonly gateway: FakeGateway;
  calls: Call[] = [];
  /** Callbacks that are on their way. */
  callbacks = 0;
  asked: { readonly reported: readonly ReportedRefund[]; readonly askedAt: number } | null = null;

  constructor(r: Refunds, tellsNumbers: boolean) {
    this.r = r;
    this.gateway = new FakeGateway(tellsNumbers);
  }

  async take(one: Step): Promise<void> {
    switch (one.do) {
      case 'ask':
        return this.ask(one.amount, one.key);
      case 'arrive':
        return this.arrive(one.at, one.pending);
      case 'answer':
      case 'lose':
        return this.end(one.at, one.do === 'lose');
      case 'desk':
        if (this.gateway.make(null, one.amount, one.pending ? 'pending' : 'succeeded')) this.callbacks += 1;
        return;
      case 'change':
        if (this.gateway.change(one.at)) this.callbacks += 1;
        return;
      case 'callback':
        return this.callBack();
      case 'question':
        return this.question();
      case 'reply':
        return this.reply();
      case 'wait':
        return this.wait(one.seconds * 1000);
    }
  }

  private async ask(wanted: number | null, key: number | null): Promise<void> {
    const keyed = { isRepeatable: true, makeRefundNo: (n: number) => `RF-${this.r.payment.id}-${key}-${n}` };
    const result = await this.r.open({ amount: wanted, ...(key === null ? {} : keyed) });
    if (typeof result !== 'string' && result.created) this.calls.push({ refund: result.refund });
  }

  private arrive(index: number, pending: boolean): void {
    const call = this.calls[index % Math.max(1, this.calls.length)];
    if (!call || call.done !== undefined) return;
    call.done = this.gateway.make(call.refund.refundNo, call.refund.amount, pending ? 'pending' : 'succeeded');
    if (call.done) this.callbacks += 1;
  }

  private async end(index: number, isLost: boolean): Promise<void> {
    const call = this.calls[index % Math.max(1, this.calls.length)];
    if (!call) return;
    this.calls = this.calls.filter((one) => one !== call);
    // The gateway's answer is what it did then, however late it comes.
    if (isLost || call.done === undefined) await this.r.lose(call.refund);
    else if (call.done === null) await this.r.answer(call.refund, { status: 'failed', gatewayRefundNo: null });
    else await this.r.answer(call.refund, { status: call.done.status, gatewayRefundNo: call.done.gatewayRefundNo });
  }

  private async callBack(): Promise<void> {
    if (this.callbacks === 0) return;
    this.callbacks = 0;
    await this.r.hear(`event ${t.clock.now()}`);
  }

  /** Looks at one payment are made one after the other. */
  private async question(): Promise<void> {
    if (this.asked || ((await this.r.checkAt()) ?? Number.POSITIVE_INFINITY) > t.clock.now()) return;
    await t.store.claimRefundSyncs(t.clock.now(), 100, 120_000, 'one');
    this.asked = { reported: this.gateway.list(), askedAt: t.clock.now() };
  }

  private async reply(): Promise<void> {
    if (!this.asked) return;
    const { reported, askedAt } = this.asked;
    this.asked = null;
    await this.r.learn(reported, askedAt);
  }

  /** A call ends before it can be over; the gateway has heard of it by then or never will. */
  private async wait(ms: number): Promise<void> {
    const first = Math.min(...this.calls.map(({ refund }) => refund.createdAt + CALL_LIMIT - 1));
    if (t.clock.now() + ms > first) while (this.calls.length > 0) await this.end(0, true);
    t.clock.advance(ms);
  }

  async check(): Promise<void> {
    const refunds = await this.r.list();
    const succeeded = refunds.filter(({ status }) => status === 'succeeded');
    expect(sum(succeeded)).toBeLessThanOrEqual(PAID);
    expect((await this.r.read()).refunded).toBe(sum(succeeded));
    const numbers = refunds.flatMap(({ gatewayRefundNo }) => gatewayRefundNo ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
  }

  /** Everything that is on its way arrives, and looks are made until none is due. */
  async settle(): Promise<void> {
    while (this.calls.length > 0) await this.end(0, false);
    await this.reply();
    await this.callBack();
    for (let round = 0; (await this.r.checkAt()) !== null; round += 1) {
      if (round > 60) throw new Error('looks never end');
      // What is pending for good would be asked about for months.
      this.gateway.decide();
      t.clock.set(Math.max(t.clock.now(), present(await this.r.checkAt())));
      await this.question();
      await this.reply();
    }
  }
}

test('any order of answers, callbacks and looks leads to the gateway’s own sum, and never to more than was paid', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.boolean(),
      async (steps, tellsNumbers) => {
        const history = new History(await openRefunds(t, project, `H-${orders++}`), tellsNumbers);
        for (const one of steps) {
          await history.take(one);
          await history.check();
        }
        await history.settle();
        await history.check();
        const made = history.gateway.refunds.filter(({ status }) => status === 'succeeded');
        expect((await history.r.read()).refunded).toBe(sum(made));
        expect((await history.r.list()).filter(({ status }) => status === 'unknown')).toEqual([]);
      },
    ),
    sameRuns(250),
  );
}, 120_000);
