import { describe, expect, test } from 'bun:test';
import type { Attempt } from '../../src/core/attempt.ts';
import { type FoundAttempt, findByGatewayOrderNo, findByGatewayTradeNo } from '../../src/store/queries/payments.ts';
import type { Reader } from '../../src/store/tx.ts';
import { present } from '../support/parts.ts';
import { ATM, applyFacts, callbackOf, openPayment, paid } from '../support/payments.ts';
import type { OpenTwo } from './open.ts';
import { start } from './payments-support.ts';

/** What happens between two reads of one process, and at the end of a long timeline. */

/** Money comes after the first read of a search and before the next one. */
function interrupted(reader: Reader, between: () => Promise<unknown>): Reader {
  let reads = 0;
  const first = async <T>(result: Promise<T>): Promise<T> => {
    const value = await result;
    reads += 1;
    if (reads === 1) await between();
    return value;
  };
  return {
    all: (statement, values) => first(reader.all(statement, values)),
    get: (statement, values) => first(reader.get(statement, values)),
  };
}

const SEARCHES: Readonly<Record<string, (on: Reader, attempt: Attempt) => Promise<FoundAttempt | null>>> = {
  'by our number': (on, { gatewayOrderNo }) => findByGatewayOrderNo(on, 'paypal', gatewayOrderNo),
  'by theirs': (on) => findByGatewayTradeNo(on, 'paypal', 'ISSUED'),
};

export function describeMoments(open: OpenTwo): void {
  describe('an attempt that was found while money came', () => {
    test.each(Object.keys(SEARCHES))(
      '%s is not taken for one that still waits: it is no second payment',
      async (name) => {
        await using t = await start(open);
        const { attempt } = await openPayment(t.one, t.project, { gateway: 'paypal' }, { gateway: 'paypal' });
        const issued = { type: 'instructions', instructions: ATM, tradeNo: 'ISSUED' } as const;
        await applyFacts(t.one, attempt.id, [issued]);
        const pay = () => applyFacts(t.two, attempt.id, [paid({ tradeNo: 'ISSUED' })]);
        const known = present(await present(SEARCHES[name])(interrupted(t.one.engine.reader, pay), attempt));
        await applyFacts(t.one, attempt.id, [issued, paid({ tradeNo: 'ISSUED' })], { known });
        const payment = present(await t.one.store.findPaymentById(attempt.paymentId));
        expect([payment.status, payment.flags]).toEqual(['paid', []]);
        expect((await t.one.store.findAttempt(attempt.id))?.status).toBe('paid');
        expect((await t.one.rows.outbox()).map(({ event }) => event)).toEqual(['payment.paid']);
      },
    );
  });

  test('a timeline that is full still keeps the bytes of a callback, so that it is known when it comes again', async () => {
    await using t = await start(open);
    const { payment, attempt } = await openPayment(t.one, t.project);
    const event = { paymentId: payment.id, attemptId: attempt.id, type: 'sync', data: {}, at: 1 } as const;
    for (let n = 0; n < 2010; n += 201)
      await Promise.all(Array.from({ length: 201 }, () => t.one.store.recordEvent(event)));
    const callback = callbackOf('declined');
    const declined = { type: 'declined', code: '1', message: '' } as const;
    await applyFacts(t.one, attempt.id, [declined], { callback });
    await applyFacts(t.two, attempt.id, [declined], { callback });
    expect((await t.one.rows.inbox()).map(({ seen }) => seen)).toEqual([2]);
    expect((await t.one.store.findAttempt(attempt.id))?.declines).toBe(1);
  });
}
