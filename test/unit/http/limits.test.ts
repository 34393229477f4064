import { describe, expect, test } from 'bun:test';
import { readConfig } from '../../../src/config.ts';
import { createAddressReader } from '../../../src/http/address.ts';
import { createLimits, LIMITS } from '../../../src/http/limits.ts';
import { createLog } from '../../../src/log.ts';
import { runInScope } from '../../../src/scope.ts';
import { createClock } from '../../support/clock.ts';

/** Seconds between two questions of a payment page in its first ten minutes (`web/checkout/status.js`). */
const POLL_SECONDS = 1.5;

function setUp(env: Readonly<Record<string, string>> = {}) {
  const clock = createClock(0);
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'debug', now: clock.now, write: (line) => lines.push(JSON.parse(line)) });
  const peer = { address: '198.51.100.9' };
  const store = { isShared: false, takeAllowance: async () => 0, isUsedUp: async () => false };
  const deps = { config: readConfig(env), clock, log, store, peerOf: () => peer.address };
  const addressOf = createAddressReader(deps);
  return { lines, peer, addressOf, limits: createLimits(deps, addressOf, LIMITS) };
}

const from = (forwarded?: string) =>
  new Request('http://pay.example/', { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } });

describe('limits', () => {
  test('a thousand open pages behind one address ask as often as they like', () => {
    expect((1000 * 60) / POLL_SECONDS).toBeLessThanOrEqual(LIMITS.poll.perMinute);
  });

  test('a whole class is taken once, then each has to wait, and one line in the log says so', () => {
    const { limits, lines } = setUp();
    const waits = Array.from({ length: LIMITS.go.perMinute + 3 }, () => limits.waitFor('go', from()));
    expect(waits.filter((wait) => wait !== null)).toEqual([1, 1, 1]);
    expect(limits.waitFor('page', from())).toBeNull();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'warn', limit: 'go', address: '198.51.100.9' });
  });

  test('switched off, nothing is counted and nothing told', () => {
    const { limits } = setUp({ PAYCORE_RATE_LIMIT: 'off' });
    const scope = { requestId: 'r', quota: null, mustClose: false };
    runInScope(scope, () => {
      for (let i = 0; i < 100_000; i += 1) limits.charge('wrongKeys', 'a');
    });
    expect(scope.quota).toBeNull();
  });

  test('an IPv6 subscriber cannot wander through his own /64', () => {
    const { limits, peer } = setUp();
    const waits = Array.from({ length: 700 }, (_, index) => {
      peer.address = `2001:db8:1:2:${index.toString(16)}::1`;
      return limits.waitFor('open', from());
    });
    expect(waits.filter((wait) => wait !== null)).toHaveLength(100);
    peer.address = '2001:db8:1:3::1';
    expect(limits.waitFor('open', from())).toBeNull();
  });
});

describe('the address that is counted', () => {
  const trusting = { PAYCORE_TRUSTED_PROXIES: '10.0.0.0/8' };

  test('is the peer’s own, whatever it writes into the header', () => {
    const { addressOf } = setUp(trusting);
    for (const forged of ['203.0.113.1', '10.0.0.1, 10.0.0.2', 'x'.repeat(5000)])
      expect(addressOf(from(forged))).toBe('198.51.100.9');
  });

  test('behind a trusted proxy is the last one the proxies vouch for', () => {
    const { addressOf, peer } = setUp(trusting);
    peer.address = '10.0.0.1';
    expect(addressOf(from('203.0.113.1'))).toBe('203.0.113.1');
    expect(addressOf(from('1.1.1.1, 203.0.113.1'))).toBe('203.0.113.1');
    expect(addressOf(from('1.1.1.1, 203.0.113.1, 10.0.0.2'))).toBe('203.0.113.1');
    expect(addressOf(from('203.0.113.1:4711'))).toBe('203.0.113.1');
    expect(addressOf(from('[2001:db8::1]:4711'))).toBe('2001:db8::1');
    expect(addressOf(from('[2001:db8::1]'))).toBe('2001:db8::1');
    expect(addressOf(from('::ffff:10.0.0.2'))).toBe('10.0.0.1');
  });

  test('behind a trusted proxy that writes no address is the proxy’s, so that nobody makes up keys', () => {
    const { addressOf, peer } = setUp(trusting);
    peer.address = '10.0.0.1';
    for (const made of ['unknown', '_hidden', 'x'.repeat(5000), ',,,', '203.0.113.1, evil', ''])
      expect(addressOf(from(made))).toBe('10.0.0.1');
  });
});
