import { describe, expect, test } from 'bun:test';

/** Instants written as Taipei wall time. */
const taipei = (text: string) => Date.parse(`${text}+08:00`);

const CASES = [
  {
    name: 'half a minute before midnight on 28 February of a leap year',
    start: taipei('2028-02-28T23:59:30'),
    atm: '2028-02-29 23:59:59',
    cvs: '2028-02-29 23:59:30',
    barcode: '2028-02-29 23:59:59',
    day: '202802280001',
  },
  {
    name: 'the first second after midnight in Taipei',
    start: taipei('2026-07-01T00:00:00'),
    atm: '2026-07-02 23:59:59',
    cvs: '2026-07-02 00:00:00',
    barcode: '2026-07-02 23:59:59',
    day: '202607010001',
  },
];

const ZONES = { UTC: 0, 'Asia/Taipei': -480, 'America/New_York': null } as const;

describe.each(Object.entries(ZONES))('on a host in %s', (zone, offset) => {
  test.each(CASES)('numbers made at $name expire at the same instants', async (example) => {
    const child = Bun.spawn([process.execPath, 'test/support/expiry-probe.ts', String(example.start)], {
      env: { ...process.env, TZ: zone },
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const told = JSON.parse(await new Response(child.stdout).text());
    if (offset !== null) expect(told.offset).toBe(offset);
    else expect(told.offset).toBeGreaterThan(200);
    for (const method of ['atm', 'cvs', 'barcode'] as const) {
      expect(told.results[method]).toEqual({
        no: example.day,
        expireAt: example[method],
        before: 'pending',
        at: 'expired',
      });
    }
  });
});
