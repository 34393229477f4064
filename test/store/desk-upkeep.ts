import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { SILENT_MS } from '../../src/core/node.ts';
import { DAY } from '../../src/core/time.ts';
import {
  type ClaimResult,
  claimKey,
  finishKey,
  type IdempotencyClaim,
  pruneKeys,
} from '../../src/store/commands/idempotency.ts';
import { enterNode, takeOverDead } from '../../src/store/commands/nodes.ts';
import { checkWritable, keepSetting, writeSetting } from '../../src/store/commands/settings.ts';
import {
  addUnmatchedCallback,
  MAX_UNMATCHED_BYTES,
  pruneUnmatchedCallbacks,
  type UnmatchedCallback,
} from '../../src/store/commands/unmatched-callbacks.ts';
import { readSetting } from '../../src/store/queries/settings.ts';
import { findRows } from '../../src/store/table.ts';
import { START } from '../support/clock.ts';
import { present } from '../support/parts.ts';
import { bytes } from './desk-support.ts';
import type { OpenEngine, TestEngine } from './open.ts';

export function describeUpkeep(open: OpenEngine): void {
  describeIdempotency(open);
  describeUnmatched(open);

  test('a setting is absent, then written, then overwritten', async () => {
    await using t = await open();
    expect(await readSetting(t.reader, 'a')).toBeNull();
    await t.write((tx) => writeSetting(tx, 'a', '1'));
    await t.write((tx) => writeSetting(tx, 'a', '2'));
    expect(await readSetting(t.reader, 'a')).toBe('2');
  });

  test('a setting that is kept is the first one’s of many that come at once', async () => {
    await using t = await open();
    const given = await Promise.all(['1', '2', '3', '4'].map((value) => t.write((tx) => keepSetting(tx, 'a', value))));
    expect(given).toEqual(Array(4).fill(present(await readSetting(t.reader, 'a'))));
  });

  test('whether the database can be written is found out by writing, as often as one likes', async () => {
    await using t = await open();
    await Promise.all([1, 2, 3].map(() => t.write(checkWritable)));
  });
}

const hash = (text: string) => createHash('sha256').update(text).digest();
const OTHER = { fingerprint: hash('other') };

function claim(t: TestEngine, change: Partial<IdempotencyClaim> = {}): Promise<ClaimResult> {
  const usual = { projectId: 1, key: 'k1', fingerprint: hash('request'), owner: 'process-1' };
  return t.write((tx) => claimKey(tx, { ...usual, takeOver: false, now: START, lifetimeMs: DAY, ...change }));
}

const finish = (t: TestEngine, answer: { status: number; body: string } | null, owner = 'process-1') =>
  t.write((tx) => finishKey(tx, { projectId: 1, key: 'k1', owner }, answer));

function describeIdempotency(open: OpenEngine): void {
  describe('an idempotency key', () => {
    test('is claimed once, runs for its twins, and is done with the first answer', async () => {
      await using t = await open();
      const claims = await Promise.all([claim(t), claim(t), claim(t), claim(t), claim(t)]);
      const types = claims.map(({ type }) => type).sort();
      expect(types).toEqual(['claimed', 'running', 'running', 'running', 'running']);
      await finish(t, { status: 201, body: '{"a":1}' });
      expect(await claim(t)).toEqual({ type: 'done', status: 201, body: '{"a":1}' });
    });

    test('with another request is reused, running or done', async () => {
      await using t = await open();
      await claim(t);
      expect(await claim(t, OTHER)).toEqual({ type: 'reused' });
      await finish(t, { status: 422, body: '' });
      expect(await claim(t, OTHER)).toEqual({ type: 'reused' });
      expect(await claim(t)).toEqual({ type: 'done', status: 422, body: '' });
    });

    test('of another project, or in other letters, is another key', async () => {
      await using t = await open();
      await claim(t);
      expect(await claim(t, { projectId: 2 })).toEqual({ type: 'claimed' });
      expect(await claim(t, { key: 'K1' })).toEqual({ type: 'claimed' });
    });

    test('whose answer must not be replayed is free again', async () => {
      await using t = await open();
      await claim(t);
      await finish(t, null);
      expect(await claim(t, OTHER)).toEqual({ type: 'claimed' });
    });

    test('that is let go of while others claim it belongs to exactly one of them', async () => {
      await using t = await open();
      for (let round = 0; round < 10; round += 1) {
        await claim(t);
        const [, ...claims] = await Promise.all([finish(t, null), claim(t), claim(t), claim(t)]);
        expect(claims.filter(({ type }) => type === 'claimed').length).toBeLessThanOrEqual(1);
        await finish(t, null);
      }
    });

    test('that a dead process was working on is taken over by one, but only for the same request', async () => {
      await using t = await open();
      await claim(t);
      expect(await claim(t, { owner: 'process-2', ...OTHER })).toEqual({ type: 'reused' });
      const claims = await Promise.all([1, 2, 3].map(() => claim(t, { owner: 'process-2' })));
      expect(claims.map(({ type }) => type).sort()).toEqual(['claimed', 'running', 'running']);
      expect(await claim(t, { owner: 'process-2' })).toEqual({ type: 'running' });
    });

    test('that a node is working on is nobody else’s until its work is taken over, however long it was not seen', async () => {
      await using t = await open();
      const node = { id: 'process-1', name: 'n', version: '1', publicUrl: 'https://pay.example', now: START };
      await t.write((tx) => enterNode(tx, node));
      await claim(t);
      const other = { owner: 'process-2' };
      expect(await claim(t, { ...other, now: START + SILENT_MS - 1 })).toEqual({ type: 'elsewhere' });
      expect(await claim(t, { ...other, takeOver: true })).toEqual({ type: 'elsewhere' });
      const now = START + SILENT_MS;
      expect(await claim(t, { ...other, now })).toEqual({ type: 'elsewhere' });
      await t.write((tx) => takeOverDead(tx, { owner: 'process-2', now, lookMs: 0, limit: 9 }));
      expect((await claim(t, { ...other, now })).type).toBe('claimed');
    });

    test('that was taken over is the other’s: what the first one finishes is not kept, nor frees it', async () => {
      await using t = await open();
      await claim(t);
      expect((await claim(t, { owner: 'process-2' })).type).toBe('claimed');
      expect(await finish(t, { status: 200, body: 'late' })).toBe(false);
      expect(await finish(t, null)).toBe(false);
      expect(await finish(t, { status: 200, body: 'x' }, 'process-2')).toBe(true);
      expect(await claim(t)).toMatchObject({ type: 'done', body: 'x' });
    });

    test('that its own process has lost sight of is taken over when the caller knows so, but not when it is done', async () => {
      await using t = await open();
      await claim(t);
      expect(await claim(t, { takeOver: true })).toEqual({ type: 'claimed' });
      await finish(t, { status: 200, body: 'x' });
      for (const owner of ['process-1', 'process-2']) {
        expect((await claim(t, { takeOver: true, owner })).type).toBe('done');
        expect((await claim(t, { owner })).type).toBe('done');
      }
      expect((await claim(t, { takeOver: true, ...OTHER })).type).toBe('reused');
    });

    test('is forgotten after its lifetime, to the millisecond', async () => {
      await using t = await open();
      await claim(t);
      await finish(t, { status: 200, body: 'x' });
      expect((await claim(t, { ...OTHER, now: START + DAY - 1 })).type).toBe('reused');
      expect((await claim(t, { ...OTHER, now: START + DAY })).type).toBe('claimed');
      expect((await claim(t, { ...OTHER, now: START + DAY })).type).toBe('running');
    });

    test('is pruned only when it is old', async () => {
      await using t = await open();
      await claim(t);
      expect(await t.write((tx) => pruneKeys(tx, START - 1))).toBe(0);
      expect(await t.write((tx) => pruneKeys(tx, START))).toBe(1);
      expect((await claim(t)).type).toBe('claimed');
    });
  });
}

function describeUnmatched(open: OpenEngine): void {
  const stranger = { gateway: 'ecpay', address: '203.0.113.9', reason: 'no', contentType: 'text/plain' };
  const add = (t: TestEngine, change: Partial<UnmatchedCallback> = {}) =>
    t.write((tx) => addUnmatchedCallback(tx, { ...stranger, body: bytes(1), now: START, ...change }));
  const kept = (t: TestEngine) => findRows(t.reader, 'unmatchedCallbacks', { gateway: 'ecpay' });

  describe('callbacks that nobody knows', () => {
    test('are a thousand at most, and room is made by pruning the old ones', async () => {
      await using t = await open();
      await Promise.all(Array.from({ length: 1010 }, (_, index) => add(t, { now: START + index })));
      const rows = await kept(t);
      expect(rows.length).toBe(1000);
      expect(Math.max(...rows.map(({ receivedAt }) => receivedAt))).toBe(START + 999);
      const before = rows.map(({ receivedAt }) => receivedAt).sort((a, b) => a - b)[99] ?? 0;
      expect(await t.write((tx) => pruneUnmatchedCallbacks(tx, before))).toBe(100);
      await add(t);
      expect((await kept(t)).length).toBe(901);
    });

    test('keep no more than 64 kB of a body and a line of the rest', async () => {
      await using t = await open();
      const long = 'x'.repeat(100_000);
      await add(t, { body: Buffer.from(long), contentType: long, reason: long });
      const [row] = await kept(t);
      expect([row?.body.length, row?.contentType.length, row?.reason.length]).toEqual([MAX_UNMATCHED_BYTES, 200, 200]);
    });

    test('store the bytes of a view, not of the buffer behind it', async () => {
      await using t = await open();
      await add(t, { body: bytes(9, 1, 2, 9).subarray(1, 3) });
      expect([...((await kept(t))[0]?.body ?? [])]).toEqual([1, 2]);
    });
  });
}
