import { expect, test } from 'bun:test';
import { present } from '../support/parts.ts';
import type { OpenTwo } from './open.ts';

/** What several processes keep for the pages of a payment. */
export function describeInSiteForms(open: OpenTwo): void {
  const [NOW, LIFE] = [1_000_000, 600_000];
  const kept = (attemptId: number, text: string) =>
    ({ attemptId, locale: 'zh-tw', sealed: Buffer.from(text), lifeMs: LIFE, now: NOW }) as const;

  test('is found by every process, with the time it has been kept and has left', async () => {
    await using t = await open();
    await t.one.store.keepInSiteForm(kept(1, 'form'));
    const found = present(await t.two.store.findInSiteForm(1, NOW + 10_000));
    expect(found).toMatchObject({ locale: 'zh-tw', ageMs: 10_000, leftMs: LIFE - 10_000 });
    expect(Buffer.from(found.sealed).toString()).toBe('form');
    expect(await t.two.store.findInSiteForm(2, NOW)).toBeNull();
  });

  test('is replaced by what is kept for the same attempt next', async () => {
    await using t = await open();
    await t.one.store.keepInSiteForm(kept(1, 'form'));
    await t.two.store.keepInSiteForm({ ...kept(1, 'other'), locale: 'en', now: NOW + 5_000 });
    const found = present(await t.one.store.findInSiteForm(1, NOW + 5_000));
    expect(found).toMatchObject({ locale: 'en', ageMs: 0, leftMs: LIFE });
    expect(Buffer.from(found.sealed).toString()).toBe('other');
  });

  test('is dropped when its time is over', async () => {
    await using t = await open();
    await t.one.store.keepInSiteForm(kept(1, 'form'));
    await t.one.store.keepInSiteForm({ ...kept(2, 'form'), lifeMs: 2 * LIFE });
    expect(await t.one.store.pruneShared(NOW + LIFE - 1)).toBe(0);
    expect(await t.two.store.pruneShared(NOW + LIFE)).toBe(1);
    expect(await t.one.store.findInSiteForm(2, NOW)).not.toBeNull();
  });
}
