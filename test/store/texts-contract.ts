import { describe, expect, test } from 'bun:test';
import { applyFacts, callbackOf, openPayment } from '../support/payments.ts';
import type { OpenTwo } from './open.ts';
import { makeWebhookId, start } from './payments-support.ts';

/** Texts as anybody may send them: PostgreSQL takes no NUL, and neither engine may be brought to fail by one. */

const ODD = ['\0', 'ORDER-1\0', '\0ORDER-1', '\ud800', '\u{10ffff}', '%', "' OR 1=1 --", 'x'.repeat(10_000)];

export function describeTexts(open: OpenTwo): void {
  describe('a text that is no text of ours', () => {
    test('finds nothing, whatever is searched by it', async () => {
      await using t = await start(open);
      await openPayment(t.one, t.project);
      const { store } = t.one;
      for (const text of ODD) {
        const found = await Promise.all([
          store.findPayment(text),
          store.findByGatewayOrderNo('ecpay', text),
          store.findByGatewayTradeNo('paypal', text),
          store.findByMerchantOrderNo('ecpay', '3002607', text),
          store.findByMerchantOrderNo('ecpay', text, 'ORDER-1'),
          store.findLink(text),
          store.findProjectByName(text),
          store.readSetting(text),
          store.listProjectsOfMerchant('ecpay', text).then((projects) => projects[0] ?? null),
        ]);
        expect(found.filter((one) => one !== null)).toEqual([]);
      }
    });

    test('is no order that anybody has, and a search for it comes to an end', async () => {
      await using t = await start(open);
      await openPayment(t.one, t.project);
      const key = { projectId: t.project.projectId, keyKind: 'test', before: null, limit: 5 } as const;
      for (const number of ODD) {
        expect(await t.one.store.listPayments({ ...key, filter: { number } })).toEqual({ payments: [], next: null });
      }
    });

    test('is kept among what belongs to nobody, and on a timeline', async () => {
      await using t = await start(open);
      const { payment, attempt } = await openPayment(t.one, t.project);
      for (const text of ODD) {
        const about = { gateway: 'ecpay', address: '203.0.113.9', contentType: text, reason: text };
        await t.one.store.addUnmatchedCallback({ ...about, body: Buffer.from(text), now: 1 });
        const data = { text };
        const { id: paymentId } = payment;
        await t.one.store.recordEvent({ paymentId, attemptId: attempt.id, type: 'sync', data, at: 1 });
        const refused = { type: 'declined', code: text.slice(0, 50), message: text } as const;
        await applyFacts(t.one, attempt.id, [refused], { callback: callbackOf(`declined ${text}`), makeWebhookId });
      }
      expect(await t.one.rows.count('unmatchedCallbacks')).toBe(ODD.length);
      const told = (await t.two.rows.events({ type: 'sync' })).map(({ data }) => data.text);
      // JSON says each of them in letters that every database takes.
      expect(told).toEqual([...ODD]);
      expect((await t.two.store.findAttempt(attempt.id))?.declines).toBe(ODD.length);
    });
  });
}
