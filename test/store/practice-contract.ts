import { describe, expect, test } from 'bun:test';
import { dropCurrent, ensureCredential, makeCurrent } from '../../src/store/commands/credentials.ts';
import { hasPractice } from '../../src/store/queries/practice.ts';
import type { OpenEngine } from './open.ts';
import { makeWorld } from './world.ts';

/** Whether some project wants the built-in simulator. */
export function describePractice(open: OpenEngine): void {
  describe('practice', () => {
    test('is wanted as long as a project uses an account at the simulator, at whatever gateway', async () => {
      await using t = await open();
      const { project, clock } = await makeWorld(t);
      const add = (gateway: string, environment: 'simulator' | 'sandbox', mark: number) =>
        t.write((tx) =>
          ensureCredential(tx, {
            projectId: project.id,
            gateway,
            merchantId: '9',
            environment,
            fingerprint: Uint8Array.of(mark),
            sealed: Uint8Array.of(mark),
            now: clock.now(),
          }),
        );
      expect(await hasPractice(t.reader)).toBe(false);
      const [own, simulated] = [await add('plus', 'sandbox', 11), await add('plus', 'simulator', 12)];
      await t.write((tx) => makeCurrent(tx, own));
      // It is stored, and no project uses it.
      expect(await hasPractice(t.reader)).toBe(false);
      await t.write((tx) => makeCurrent(tx, simulated));
      expect(await hasPractice(t.reader)).toBe(true);
      await t.write((tx) => dropCurrent(tx, project.id, 'plus', 'simulator'));
      expect(await hasPractice(t.reader)).toBe(false);
    });
  });
}
