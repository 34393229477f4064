import { describe, expect, spyOn, test } from 'bun:test';
import { takeOne } from '../../../src/core/allowance.ts';
import { createLane } from '../../../src/people/login/lanes.ts';
import { countersOf } from '../../../src/people/login/limits.ts';
import { readUserAgent } from '../../../src/people/login/user-agent.ts';
import { checkPassword, findWeakness, hashPassword } from '../../../src/people/passwords.ts';
import { testVault } from '../../support/parts.ts';

describe('an allowance', () => {
  const take = (fullAt: number | null, now: number) => takeOne({ burst: 2, everyMs: 10 }, fullAt, now);

  test('gives so many at once, then one after each interval', () => {
    expect(take(null, 100)).toEqual({ fullAt: 110 });
    expect(take(110, 100)).toEqual({ fullAt: 120 });
    expect(take(120, 100)).toEqual({ waitMs: 10 });
    expect(take(120, 109)).toEqual({ waitMs: 1 });
    expect(take(120, 110)).toEqual({ fullAt: 130 });
  });

  test('is whole again after a while, and no more than whole', () => {
    expect(take(120, 5000)).toEqual({ fullAt: 5010 });
  });

  test('of a clock that was put back is waited for no longer than it takes to be whole', () => {
    expect(take(1_000_000, 100)).toEqual({ waitMs: 10 });
  });
});

describe('what a try is counted under', () => {
  const counters = (change: Partial<Parameters<typeof countersOf>[2]> = {}) =>
    countersOf(testVault(), 'password', {
      address: '203.0.113.7',
      account: 'owner@shop.example',
      device: null,
      isKnownAddress: false,
      ...change,
    });
  const kinds = (change: Parameters<typeof counters>[0]) => counters(change).map(({ kind }) => kind);

  test('a stranger: his address, and all strangers at this account', () => {
    expect(kinds({})).toEqual(['address', 'strangers']);
    const names = (change: Parameters<typeof counters>[0]) => counters(change).map(({ name }) => name);
    expect(names({ address: '203.0.113.8' })[1]).toBe(names({})[1] ?? '');
    expect(names({ account: 'staff@shop.example' })[1]).not.toBe(names({})[1] ?? '');
  });

  test('an address that signed in to it: that address alone', () => {
    expect(kinds({ isKnownAddress: true })).toEqual(['address']);
  });

  test('a device that signed in to it: that device at this account alone', () => {
    expect(kinds({ device: 'dev_1', isKnownAddress: true })).toEqual(['device']);
    const [one, other] = ['a@x.example', 'b@x.example'].map(
      (account) => counters({ device: 'dev_1', account })[0]?.name,
    );
    expect(one).not.toBe(other ?? '');
  });

  test('no name tells what was typed', () => {
    for (const { name } of counters({ account: 'hunter2hunter2' })) expect(name).not.toContain('hunter2');
  });
});

describe('a lane', () => {
  /** Work that goes on until it is told to end. */
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    return { work: () => promise, end: () => resolve('done') };
  };

  test('does one after the other, and turns away what finds it full', async () => {
    const lane = createLane(1);
    const [first, second] = [hold(), hold()];
    let begun = 0;
    const one = lane.run(() => {
      begun += 1;
      return first.work();
    });
    const two = lane.run(() => {
      begun += 1;
      return second.work();
    });
    expect(await lane.run(async () => 'never')).toBeNull();
    expect(begun).toBe(1);
    first.end();
    expect(await one).toBe('done');
    second.end();
    expect(await two).toBe('done');
    expect(await lane.run(async () => 'again')).toBe('again');
  });

  test('goes on after work that failed', async () => {
    const lane = createLane(2);
    const failed = lane.run(() => Promise.reject(new Error('no')));
    const next = lane.run(async () => 'next');
    expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});

describe('a password', () => {
  const owner = { email: 'wang@teahouse.example', name: 'Wang Xiaoming' };

  test('is refused where it is short, long, or nothing but what is guessed first', () => {
    const weak = {
      short: ['', 'short', 'elevenchars'],
      long: ['Ab3$'.repeat(51)],
      uniform: ['aaaaaaaaaaaaaaaa', 'abababababab'],
      common: [
        'password1234',
        'Password2026!',
        'qwertyuiop12',
        '1qaz2wsx3edc',
        'paycore-paycore',
        'wang@teahouse.example',
        'TeaHouse2026',
        'xiaoming1234',
      ],
    } as const;
    for (const [why, passwords] of Object.entries(weak)) {
      for (const password of passwords)
        expect([password, findWeakness(password, owner)]).toEqual([password, why as never]);
    }
  });

  test('is taken where it is long and its own, in any script', () => {
    for (const password of [
      'correct horse battery',
      'tr0ub4dor&3xyz',
      '我家的珍珠奶茶半糖少冰最好喝',
      'password for the tea shop',
    ]) {
      expect(findWeakness(password, owner)).toBeNull();
    }
  });

  test('is right in either form of the same letters, and nobody’s is never right', async () => {
    const hash = await hashPassword('café au lait 12');
    expect(hash).toStartWith('$argon2id$');
    expect(await checkPassword('café au lait 12', hash)).toBe(true);
    expect(await checkPassword('cafe au lait 12', hash)).toBe(false);
    expect(await checkPassword('anything', null)).toBe(false);
  });

  test('of an account that does not exist is checked with as much work as one that does', async () => {
    const verify = spyOn(Bun.password, 'verify');
    try {
      await checkPassword('a guess', await hashPassword('a password of somebody'));
      await checkPassword('a guess', null);
      const [somebody = [], nobody = []] = verify.mock.calls.map(([, hash]) => String(hash).split('$'));
      // What it costs stands before the salt; behind it is a hash of the same length, and one that can be read.
      expect(nobody.slice(0, 4)).toEqual(somebody.slice(0, 4));
      expect(nobody[5]?.length).toBe(somebody[5]?.length);
      expect(await Promise.all(verify.mock.results.map(({ value }) => value))).toEqual([false, false]);
    } finally {
      verify.mockRestore();
    }
  });
});

describe('a browser', () => {
  test('is named as a person knows it', () => {
    const agents = {
      'Chrome Windows':
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      'Edge Windows':
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
      'Safari iPhone':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Samsung Internet Android':
        'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36',
      'Firefox Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      'LINE iPhone':
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.9.0',
    };
    for (const [expected, text] of Object.entries(agents)) {
      const { browser, system } = readUserAgent(text);
      expect(`${browser} ${system}`).toBe(expected);
    }
    expect(readUserAgent('<script>')).toEqual({ browser: null, system: null });
  });
});
