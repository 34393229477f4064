import { expect, test } from 'bun:test';
import { SECOND } from '../../../src/core/time.ts';
import { createOnlyShop } from '../../../src/payments/checkout/shop.ts';
import { createProject } from '../../../src/payments/projects/name.ts';
import { seedRandom } from '../../support/clock.ts';
import { openTestStore } from '../../support/store.ts';

test('the only shop of an installation is named where nothing else is known; of several, none', async () => {
  await using bench = await openTestStore();
  const { store, clock, vault } = bench;
  const deps = { store, clock, vault, random: seedRandom(3) };
  const find = createOnlyShop(deps);
  expect(await find()).toBeNull();
  const { id } = await createProject(deps, 'first');
  await store.changeProject(id, { fields: { display_name: 'Tea', shop_url: 'https://tea.example' }, methods: {} });
  // Remembered for a while: to say no must cost little.
  expect(await find()).toBeNull();
  clock.advance(10 * SECOND);
  expect(await find()).toMatchObject({ shopName: 'Tea', homeUrl: 'https://tea.example' });
  await createProject(deps, 'second');
  clock.advance(10 * SECOND);
  expect(await find()).toBeNull();
});

test('a store that cannot be read names no shop, and the page is made all the same', async () => {
  await using bench = await openTestStore();
  const find = createOnlyShop({
    clock: bench.clock,
    store: { ...bench.store, listProjects: () => Promise.reject(new Error('gone')) },
  });
  expect(await find()).toBeNull();
});
