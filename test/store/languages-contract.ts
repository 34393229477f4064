import { describe, expect, test } from 'bun:test';
import { noteLanguage } from '../../src/store/commands/languages.ts';
import { findRow } from '../../src/store/table.ts';
import type { OpenEngine } from './open.ts';
import { makeWorld } from './world.ts';

/** In which language payers go away to gateways. */
export function describeLanguages(open: OpenEngine): void {
  describe('the language that a payer went away in', () => {
    test('is kept beside the one the attempt was opened in, of this attempt alone, and may change', async () => {
      await using t = await open();
      const world = await makeWorld(t);
      const payment = await world.addPayment();
      const [one, other] = [
        await world.addAttempt(payment, { locale: 'zh-tw' }),
        await world.addAttempt(payment, { locale: 'zh-tw' }),
      ];
      expect([one.payerLocale, other.payerLocale]).toEqual([null, null]);
      await t.write((tx) => noteLanguage(tx, one.id, 'th'));
      await t.write((tx) => noteLanguage(tx, one.id, 'ms'));
      const read = (id: number) => t.write((tx) => findRow(tx, 'attempts', { id }));
      expect(await read(one.id)).toEqual({ ...one, payerLocale: 'ms' });
      expect(await read(other.id)).toEqual(other);
    });
  });
}
