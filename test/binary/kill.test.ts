import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import { runChaos } from '../chaos/kill.ts';
import { ENGINES } from '../support/engines.ts';
import { stopAll } from './support/process.ts';

setDefaultTimeout(120_000);
afterAll(stopAll);

test.each([...ENGINES])('killed three times under load, it keeps what it acknowledged on %s', async (engine) => {
  const report = await runChaos({ kills: 3, engine, endsLeases: true });
  expect(report.wrong).toEqual([]);
  expect(report.kills).toBe(3);
  expect(report.created).toBeGreaterThan(20);
  expect(report.paid).toBeGreaterThan(10);
});
