import { describe, expect, test } from 'bun:test';
import { createPlaces, type Outcome, type Place, sharePlaces } from '../../../src/jobs/places.ts';

const LIMITS = sharePlaces(256, 32);
const EVER = Number.MAX_SAFE_INTEGER;

function setUp(limits = LIMITS) {
  const places = createPlaces<number>(limits);
  let offered = 0;
  const offer = (target: string, count = 1, { until = EVER, now = 0, hasFailed = false } = {}) => {
    for (let n = 0; n < count; n += 1) places.offer(target, ++offered, { until, now, hasFailed });
  };
  /** Everything that may begin. */
  const takeAll = (now = 0): Place<number>[] => {
    const taken: Place<number>[] = [];
    for (let next = places.take(now); next; next = places.take(now)) taken.push(next);
    return taken;
  };
  const end = (taken: readonly Place<number>[], outcome: Outcome | null) => {
    for (const place of taken) places.leave(place, outcome);
  };
  /** It has had so many tries that went so. */
  const know = (target: string, outcome: Outcome, times = 1) => {
    for (let n = 0; n < times; n += 1) {
      offer(target);
      end(takeAll(), outcome);
    }
  };
  return { ...places, offer, takeAll, end, know };
}

const targets = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name} ${n}`);
const count = (taken: readonly Place<number>[], name: string) =>
  taken.filter(({ target }) => target.startsWith(name)).length;

describe('a target', () => {
  test('has one place until it is known to answer, however much waits for it', () => {
    const { offer, takeAll, end } = setUp();
    offer('a', 50);
    expect(takeAll()).toHaveLength(1);
    offer('b', 50, { hasFailed: true });
    const [begun] = takeAll();
    expect(begun).toMatchObject({ target: 'b', lane: 'failing' });
    expect(takeAll()).toEqual([]);
    end([begun as Place<number>], null);
    expect(takeAll()).toHaveLength(1);
  });

  test('that answers at once earns one more with each try, up to its widest; all such a quarter together', () => {
    const { offer, takeAll, end } = setUp();
    offer('a', 300);
    const widths: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const taken = takeAll();
      widths.push(taken.length);
      end(taken.slice(0, 1), 'quick');
      end(taken.slice(1), null);
    }
    expect(widths).toEqual([1, 4, 5, 6, 7, 8, 9]);
    for (let n = 0; n < 40; n += 1) end(takeAll().slice(0, 1), 'quick');
    const busy = setUp();
    for (const target of targets(10, 'a')) busy.know(target, 'quick', 40);
    for (const target of targets(10, 'a')) busy.offer(target, 100);
    const all = busy.takeAll();
    const each = targets(10, 'a').map((target) => all.filter((place) => place.target === target).length);
    expect(all).toHaveLength(10 + LIMITS.further);
    expect(Math.max(...each)).toBeLessThanOrEqual(LIMITS.widest);
    expect(Math.min(...each)).toBeGreaterThan(0);
  });

  test('that takes its time has four; one that fails begins anew with one', () => {
    const { offer, takeAll, end, know } = setUp();
    know('a', 'quick', 20);
    know('a', 'slow');
    offer('a', 20);
    const four = takeAll();
    expect(four).toHaveLength(4);
    end(four.slice(0, 1), 'failed');
    expect(takeAll()).toEqual([]);
    end(four.slice(1), 'failed');
    expect(takeAll()).toHaveLength(1);
  });

  test('gets what waits for it in its order, and not what waited for too long', () => {
    const { offer, takeAll, end, hasReady } = setUp();
    offer('a', 2, { until: 10 });
    offer('a', 2, { until: 20 });
    const first = takeAll(9);
    expect(first.map(({ item }) => item)).toEqual([1]);
    end(first, 'failed');
    const second = takeAll(10);
    expect(second.map(({ item }) => item)).toEqual([3]);
    end(second, 'failed');
    expect(hasReady()).toBe(true);
    expect([takeAll(20), hasReady()]).toEqual([[], false]);
  });

  test('of which the rows say that it failed is believed to be better once it has answered', () => {
    const { offer, takeAll, know } = setUp();
    know('a', 'quick');
    offer('a', 9, { hasFailed: true });
    expect(takeAll()).toHaveLength(4);
  });
});

describe('targets that fail', () => {
  test('have half of the places together, one each, and take turns', () => {
    const { offer, takeAll, end } = setUp();
    for (const target of targets(300, 'dead')) offer(target, 10, { hasFailed: true });
    const seen = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      const taken = takeAll();
      expect(taken).toHaveLength(LIMITS.total / 2);
      expect(new Set(taken.map(({ target }) => target)).size).toBe(taken.length);
      for (const { target } of taken) seen.add(target);
      end(taken, 'failed');
    }
    expect(seen.size).toBe(300);
  });

  test('a hundred of them with ten each never hold up those that answer', () => {
    const { offer, takeAll, end } = setUp();
    const underWay: { readonly place: Place<number>; readonly until: number }[] = [];
    for (const target of targets(100, 'dead')) offer(target, 10);
    for (let second = 0; second < 120; second += 1) {
      // Dead ones hang for twenty seconds.
      const over = underWay.filter(({ until }) => until <= second);
      underWay.splice(0, underWay.length, ...underWay.filter(({ until }) => until > second));
      end(
        over.map(({ place }) => place),
        'failed',
      );
      for (const target of targets(40, `shop ${second % 7}`)) offer(target, 2);
      for (let rest = takeAll(); rest.length > 0; rest = takeAll()) {
        const dead = rest.filter(({ target }) => target.startsWith('dead'));
        underWay.push(...dead.map((place) => ({ place, until: second + 20 })));
        const held = underWay.map(({ place }) => place.target);
        expect(held.length).toBeLessThanOrEqual(LIMITS.total / 2);
        expect(new Set(held).size).toBe(held.length);
        if (count(rest, 'shop') === 0) break;
        end(
          rest.filter(({ target }) => target.startsWith('shop')),
          'quick',
        );
      }
      // Nothing of a shop that answers is left waiting for the next second.
      expect(count(takeAll(), 'shop')).toBe(0);
    }
  });

  test('a hundred that begin to hang all at once, with a lot to be told, leave places to others', () => {
    const { offer, takeAll, know } = setUp();
    for (const target of targets(100, 'hanging')) know(target, 'quick', 40);
    for (const target of targets(100, 'hanging')) offer(target, 40);
    expect(takeAll().length).toBeLessThan(LIMITS.total);
    for (const target of targets(50, 'shop')) offer(target);
    expect(count(takeAll(), 'shop')).toBe(50);
  });
});

test('those of which nothing is known leave a quarter of the places to those that are known to answer', () => {
  const { offer, takeAll, know, isFull, hasReady } = setUp();
  know('shop', 'quick', 3);
  for (const target of targets(300, 'strange')) offer(target);
  for (const target of targets(300, 'dead')) offer(target, 1, { hasFailed: true });
  expect(takeAll()).toHaveLength(LIMITS.doubtful);
  expect([isFull(), hasReady()]).toEqual([false, false]);
  offer('shop');
  expect(takeAll()).toMatchObject([{ target: 'shop', lane: 'first' }]);
});

test('nothing begins beyond the places there are', () => {
  const { offer, takeAll, end, know, isFull, hasReady } = setUp(sharePlaces(8, 4));
  for (const target of targets(12, 'shop')) know(target, 'quick');
  for (const target of targets(12, 'shop')) offer(target);
  const taken = takeAll();
  expect([taken.length, isFull(), hasReady()]).toEqual([8, true, false]);
  end(taken, 'quick');
  expect(takeAll()).toHaveLength(4);
});
