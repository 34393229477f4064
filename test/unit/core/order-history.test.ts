import { afterAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Fact } from '../../../src/core/attempt.ts';
import type { Payment } from '../../../src/core/payment.ts';
import { sameRuns } from '../../support/clock.ts';
import { present } from '../../support/parts.ts';
import { applyFacts, type Opened, openHurriedShop, openPayment, reload } from '../../support/payments.ts';

const { t, project } = await openHurriedShop();
afterAll(() => t[Symbol.asyncDispose]());

let orders = 0;

async function reloadAll(made: readonly Opened[]): Promise<Payment[]> {
  return Promise.all(made.map(async ({ payment }) => (await reload(t, payment.paymentNo)).payment));
}

test('however an order is created, ended and paid, one payment at most holds it and a paid order is never sold again', async () => {
  const commands = fc.array(
    fc.oneof(
      fc.constant({ do: 'create' as const }),
      fc.record({ do: fc.constantFrom('pay' as const, 'expire' as const), which: fc.nat(4) }),
    ),
    { maxLength: 16 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const merchantOrderNo = `S${orders++}`;
      const made = [await openPayment(t, project, { merchantOrderNo })];
      for (const command of list) {
        if (command.do === 'create') {
          const statuses = (await reloadAll(made)).map((one) => one.status);
          const opened = await openPayment(t, project, { merchantOrderNo });
          expect(opened.created).toBe(!statuses.includes('paid') && !statuses.includes('pending'));
          if (statuses.includes('paid')) expect(opened.payment.status).toBe('paid');
          if (opened.created) made.push(opened);
        } else {
          const { attempt } = present(made[command.which % made.length]);
          const fact: Fact =
            command.do === 'expire'
              ? { type: 'ended', reason: 'EXPIRED' }
              : { type: 'paid', amount: 98_000, currency: 'TWD', tradeNo: `N${attempt.id}`, simulated: false };
          await applyFacts(t, attempt.id, [fact]);
        }
        const holders = (await t.rows.payments({ merchantOrderNo })).filter(({ holdsOrder }) => holdsOrder);
        expect(holders.length).toBeLessThan(2);
      }
      const paidOnes = (await reloadAll(made)).filter((one) => one.status === 'paid');
      const duplicates = paidOnes.filter((one) => one.flags.includes('duplicate'));
      expect(duplicates).toHaveLength(Math.max(0, paidOnes.length - 1));
    }),
    sameRuns(80),
  );
});
