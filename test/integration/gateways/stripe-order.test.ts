import { describe, expect, test } from 'bun:test';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { signatureHeader } from '../../../src/simulator/stripe/events.ts';
import { INTENTS, KEYS, type Opened, useStripe } from './stripe-support.ts';

/** Stripe promises no order: what is heard last may have been said first. */

const bench = useStripe();

const OBJECTS = {
  processing: { status: 'processing' },
  payment_failed: {
    status: 'requires_payment_method',
    last_payment_error: { type: 'card_error', code: 'card_declined', decline_code: 'do_not_honor', message: 'No.' },
  },
  succeeded: { status: 'succeeded', amount_received: 98_000, currency: 'twd', payment_method_types: ['card'] },
} as const;
type Word = keyof typeof OBJECTS;

let events = 0;

/** A genuine event that Stripe made so many milliseconds ago. */
async function hear({ intent, orderNo, paymentNo }: Opened, word: Word, age: number): Promise<void> {
  const now = bench.app.clock.now();
  const body = JSON.stringify({
    id: `evt_${++events}`,
    object: 'event',
    type: `payment_intent.${word}`,
    livemode: false,
    created: Math.floor((now - age) / 1000),
    data: {
      object: {
        object: 'payment_intent',
        id: intent,
        livemode: false,
        metadata: { gateway_order_no: orderNo, payment_no: paymentNo },
        ...OBJECTS[word],
      },
    },
  });
  const headers = { 'stripe-signature': signatureHeader(KEYS.webhook_secret, Math.floor(now / 1000), body) };
  const { status } = await bench.app.callback(body, 'application/json', 'stripe', { headers });
  expect(status).toBe(200);
}

/** What is true at Stripe, of which it tells nobody by itself. */
async function becomes({ orderNo }: Opened, word: Word): Promise<void> {
  const action = { processing: 'processing', payment_failed: 'decline', succeeded: 'pay' }[word];
  await bench.app.simulate(orderNo, action, { callback: false });
}

const flagsOf = async ({ paymentNo }: Opened) => (await bench.app.find(paymentNo)).flags;
/** `under_review`: his page asks the payer to wait. */
const stateOf = async ({ paymentNo }: Opened) =>
  (await bench.app.rows.attemptsOf(paymentNo)).map(({ status }) => status);
const questions = ({ intent }: Opened) =>
  bench.app.gateway.received.filter(({ path }) => path === `${INTENTS}/${intent}`).length;
/** What the scheduler does by itself, without any time going by. */
const work = async () => {
  await bench.app.work();
  await bench.app.program.settled();
};
/** What is due of others has had its turn too. */
const workOff = async () => {
  const { clock, program } = bench.app;
  do await work();
  while (((await program.jobs.syncs.nextDue()) ?? Number.POSITIVE_INFINITY) <= clock.now());
};
const timeline = async ({ paymentNo }: Opened) => {
  const found = await bench.app.deps.store.findPayment(paymentNo);
  return (await bench.app.deps.store.listEvents(found?.payment.id ?? 0)).map(({ data }) => data);
};

async function open(): Promise<Opened> {
  const opened = await bench.open();
  bench.app.clock.advance(MINUTE);
  return opened;
}

describe('an event that is older than what is known', () => {
  test('does not end a review: the payer cannot pay another way, and Stripe is asked', async () => {
    const opened = await open();
    await becomes(opened, 'payment_failed');
    await becomes(opened, 'processing');
    await hear(opened, 'processing', 10 * SECOND);
    await hear(opened, 'payment_failed', 20 * SECOND);
    expect(await flagsOf(opened)).toEqual(['under_review']);
    expect(await timeline(opened)).toContainEqual(
      expect.objectContaining({ fact: 'declined', verdict: 'noted', reason: 'overtaken' }),
    );
    expect(questions(opened)).toBe(0);
    await work();
    expect([await flagsOf(opened), questions(opened)]).toEqual([['under_review'], 1]);
    await work();
    expect(questions(opened)).toBe(1);
  });

  test('does not begin one: the payer goes on', async () => {
    const opened = await open();
    await becomes(opened, 'processing');
    await becomes(opened, 'payment_failed');
    await hear(opened, 'payment_failed', 10 * SECOND);
    await hear(opened, 'processing', 20 * SECOND);
    expect([await flagsOf(opened), await stateOf(opened)]).toEqual([[], ['open']]);
    await work();
    expect([await flagsOf(opened), questions(opened)]).toEqual([[], 1]);
  });

  test('does not either when Stripe’s answer, and no event, told what is known', async () => {
    const opened = await open();
    await becomes(opened, 'processing');
    bench.app.clock.advance(10 * SECOND);
    await bench.app.call(`/api/paycore/payments/${opened.paymentNo}/sync`, {});
    expect(await flagsOf(opened)).toEqual(['under_review']);
    await hear(opened, 'payment_failed', 20 * SECOND);
    expect(await flagsOf(opened)).toEqual(['under_review']);
  });

  test('pays all the same when it says so', async () => {
    const opened = await open();
    await hear(opened, 'payment_failed', 10 * SECOND);
    await hear(opened, 'processing', 5 * SECOND);
    await hear(opened, 'succeeded', 20 * SECOND);
    expect(await bench.app.find(opened.paymentNo)).toMatchObject({ status: 'paid', flags: [] });
  });
});

test('an event that is newer moves the attempt to and fro', async () => {
  const opened = await open();
  await hear(opened, 'processing', 30 * SECOND);
  expect([await flagsOf(opened), await stateOf(opened)]).toEqual([['under_review'], ['under_review']]);
  await hear(opened, 'payment_failed', 20 * SECOND);
  expect(await flagsOf(opened)).toEqual([]);
  await hear(opened, 'processing', 10 * SECOND);
  expect(await flagsOf(opened)).toEqual(['under_review']);
  expect(questions(opened)).toBe(0);
});

describe('of two events of one second, which nobody can put in order', () => {
  for (const [truth, first, second] of [
    ['payment_failed', 'processing', 'payment_failed'],
    ['processing', 'payment_failed', 'processing'],
    ['processing', 'processing', 'payment_failed'],
  ] as const) {
    test(`${first}, then ${second}: what Stripe says when it is asked (${truth}) counts`, async () => {
      const opened = await open();
      await becomes(opened, truth);
      await hear(opened, first, 10 * SECOND);
      await hear(opened, second, 10 * SECOND);
      await work();
      expect(questions(opened)).toBe(1);
      expect(await flagsOf(opened)).toEqual(truth === 'processing' ? ['under_review'] : []);
    });
  }
});

/** Stripe's next answer about the intent is made at once and stays on its way until it is let go. */
function holdAnswer({ intent }: Opened) {
  const { promise: mayGo, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: isMade, resolve: made } = Promise.withResolvers<void>();
  bench.app.gateway.answer = async ({ path, headers }) => {
    if (path !== `${INTENTS}/${intent}`) return null;
    bench.app.gateway.answer = null;
    const { host: _, ...rest } = headers;
    const old = await fetch(`${bench.app.gateway.url}${path}?expand[]=latest_charge`, { headers: rest });
    const body = await old.text();
    made();
    await mayGo;
    // As old as it is, it tells the time at which it was sent off.
    const date = new Date(bench.app.clock.now() + MINUTE).toUTCString();
    return new Response(body, { headers: { 'content-type': 'application/json', date } });
  };
  return { isMade, letGo };
}

describe('an answer that is overtaken on its way moves nothing, and the question is put again', () => {
  for (const [whose, ask] of [
    ['a caller’s', ({ paymentNo }: Opened) => bench.app.call(`/api/paycore/payments/${paymentNo}/sync`, {})],
    ['the schedule’s', () => work()],
  ] as const) {
    test(whose, async () => {
      const opened = await open();
      bench.app.clock.advance(10 * MINUTE);
      // One bank says no, the answer is made, and only then does another begin to work.
      await becomes(opened, 'payment_failed');
      const { isMade, letGo } = holdAnswer(opened);
      const asked = ask(opened);
      await isMade;
      await becomes(opened, 'processing');
      await hear(opened, 'processing', 0);
      letGo();
      await asked;
      await bench.app.program.settled();
      expect(await flagsOf(opened)).toEqual(['under_review']);
      const before = questions(opened);
      await workOff();
      expect([await flagsOf(opened), questions(opened) - before]).toEqual([['under_review'], 1]);
    });
  }
});

test('a question that an event asks for is put although an older one ends meanwhile with nothing new', async () => {
  const opened = await open();
  bench.app.clock.advance(10 * MINUTE);
  const { isMade, letGo } = holdAnswer(opened);
  const asked = work();
  await isMade;
  await becomes(opened, 'processing');
  await hear(opened, 'processing', 0);
  await hear(opened, 'payment_failed', 0);
  letGo();
  await asked;
  const before = questions(opened);
  await work();
  expect([await flagsOf(opened), questions(opened) - before]).toEqual([['under_review'], 1]);
});
