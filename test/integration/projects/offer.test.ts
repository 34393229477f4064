import { beforeEach, describe, expect, test } from 'bun:test';
import { PayCoreError } from '../../../src/core/errors.ts';
import { clearLimit, listLimits, setLimit } from '../../../src/payments/projects/limits.ts';
import { arrangeOffer, listOffer, move, moveOffered, setOffered } from '../../../src/payments/projects/offer.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';

/** What a project's payers are offered, and in which order. */

const app = useApp({}, 'file');
const project = async () => present(await app.deps.store.findProjectByName('shop'));
const idOf = async () => (await project()).id;
const offered = async () =>
  listOffer(app.deps.gateways, (await project()).settings)
    .filter((one) => one.isOffered)
    .map(({ name }) => name);

async function fieldsOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof PayCoreError) return Object.keys(error.details.fields ?? {});
    throw error;
  }
}

let usual: readonly string[] = [];
beforeEach(async () => {
  const names = listOffer(app.deps.gateways, {}).map(({ name }) => [name, { enabled: null, position: null }] as const);
  await app.deps.store.changeProject(await idOf(), { fields: {}, methods: Object.fromEntries(names) });
  usual = await offered();
});

describe('the order of what is offered', () => {
  test('is that of the registry until the merchant says otherwise, and what is not offered stands behind', () => {
    const all = listOffer(app.deps.gateways, {});
    expect(all.map((one) => one.isOffered)).toEqual(all.map((one) => one.isOffered).toSorted((a, b) => +b - +a));
    expect(usual.slice(0, 2).every((name) => name.startsWith('ecpay/'))).toBe(true);
  });

  test('a method goes one place up or down, and stays where it is at either end', async () => {
    const [first = '', second = '', third = ''] = usual;
    await moveOffered(app.deps, await idOf(), third, 'up');
    expect((await offered()).slice(0, 3)).toEqual([first, third, second]);
    await moveOffered(app.deps, await idOf(), first, 'down');
    expect((await offered()).slice(0, 3)).toEqual([third, first, second]);
    await moveOffered(app.deps, await idOf(), third, 'up');
    await moveOffered(app.deps, await idOf(), 'ecpay/gold', 'up');
    expect((await offered()).slice(0, 3)).toEqual([third, first, second]);
    expect(move(['a', 'b'], 'b', 'down')).toEqual(['a', 'b']);
  });

  test('is taken as a whole; what an older page did not know stays behind, and what it knew too much is passed over', async () => {
    const last = present(usual.at(-1));
    await arrangeOffer(app.deps, await idOf(), [last, 'ecpay/gold', last]);
    expect(await offered()).toEqual([last, ...usual.slice(0, -1)]);
  });

  test('a method that is switched on again comes last', async () => {
    const [first = '', ...others] = usual;
    await arrangeOffer(app.deps, await idOf(), usual);
    await setOffered(app.deps, await idOf(), first, false);
    expect(await offered()).toEqual(others);
    await setOffered(app.deps, await idOf(), first, true);
    expect(await offered()).toEqual([...others, first]);
  });

  test('a method that nobody has is refused by name', async () => {
    expect(await fieldsOf(setOffered(app.deps, await idOf(), 'ecpay/gold', true))).toEqual(['method']);
  });
});

describe('the merchant’s own terms', () => {
  const cvs = async () => present((await listLimits(app.deps, await idOf())).find(({ name }) => name === 'ecpay/cvs'));

  test('take the place of the usual ones until they are taken back', async () => {
    const before = await cvs();
    expect(before).toMatchObject({ limits: before.method.limits, isOwn: false });
    expect(await setLimit(app.deps, await idOf(), 'ecpay/cvs', { min: '50', max: 6000 })).toEqual({
      min: 50,
      max: 6000,
    });
    expect(await cvs()).toMatchObject({ limits: { min: 50, max: 6000 }, isOwn: true });
    await clearLimit(app.deps, await idOf(), 'ecpay/cvs');
    expect(await cvs()).toMatchObject({ limits: before.method.limits, isOwn: false });
  });

  test('that make no sense are refused with every bad field', async () => {
    const id = await idOf();
    expect(await fieldsOf(setLimit(app.deps, id, 'ecpay/cvs', { min: '', max: '1.5' }))).toEqual(['min', 'max']);
    expect(await fieldsOf(setLimit(app.deps, id, 'ecpay/cvs', { min: 9, max: 5 }))).toEqual(['min']);
    expect(await fieldsOf(setLimit(app.deps, id, 'ecpay/gold', { min: 1, max: 5 }))).toEqual(['method']);
    expect(await cvs()).toMatchObject({ isOwn: false });
  });
});
