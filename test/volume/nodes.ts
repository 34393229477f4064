import { HOUR, MINUTE } from '../../src/core/time.ts';
import type { TestApp } from '../support/app.ts';

/** What nodes ask of the database while everything runs. */
export async function askNodes({ deps: { store }, clock }: Pick<TestApp, 'deps' | 'clock'>): Promise<void> {
  const now = clock.now();
  const node = { name: 'one:8080', version: '1', publicUrl: 'https://pay.example', now };
  const freeing = { owner: 'another', now, lookMs: MINUTE, limit: 10 };
  await store.enterNode({ id: 'gone', ...node, now: now - HOUR }, MINUTE);
  await store.enterNode({ id: 'another', ...node }, MINUTE);
  await store.takeOverDead(freeing);
  await store.seeNode('another', 0, now);
  await store.listNodes(now);
  await store.leaveNode(freeing);
}
