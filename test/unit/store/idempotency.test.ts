import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { DAY } from '../../../src/core/time.ts';
import type { IdempotencyClaim } from '../../../src/store/commands/idempotency.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

const claim = (t: TestStore, change: Partial<IdempotencyClaim> = {}) =>
  t.store.claimIdempotencyKey({
    projectId: 1,
    key: 'k1',
    fingerprint: hash('request'),
    owner: 'process-1',
    takeOver: false,
    now: t.clock.now(),
    lifetimeMs: DAY,
    ...change,
  });

describe('an idempotency key', () => {
  test('is claimed once, runs for its twins, and is done with the first answer', async () => {
    await using t = await openTestStore();
    const claims = await Promise.all([claim(t), claim(t), claim(t)]);
    expect(claims.map((one) => one.type)).toEqual(['claimed', 'running', 'running']);
    await t.store.finishIdempotencyKey(1, 'k1', { status: 201, body: '{"a":1}' });
    expect(await claim(t)).toEqual({ type: 'done', status: 201, body: '{"a":1}' });
  });

  test('with another request is reused, running or done', async () => {
    await using t = await openTestStore();
    await claim(t);
    expect(await claim(t, { fingerprint: hash('other') })).toEqual({ type: 'reused' });
    await t.store.finishIdempotencyKey(1, 'k1', { status: 422, body: '' });
    expect(await claim(t, { fingerprint: hash('other') })).toEqual({ type: 'reused' });
    expect(await claim(t)).toEqual({ type: 'done', status: 422, body: '' });
  });

  test('of another project, or in other letters, is another key', async () => {
    await using t = await openTestStore();
    await claim(t);
    expect(await claim(t, { projectId: 2 })).toEqual({ type: 'claimed' });
    expect(await claim(t, { key: 'K1' })).toEqual({ type: 'claimed' });
  });

  test('whose answer must not be replayed is free again', async () => {
    await using t = await openTestStore();
    await claim(t);
    await t.store.finishIdempotencyKey(1, 'k1', null);
    expect(await claim(t, { fingerprint: hash('other') })).toEqual({ type: 'claimed' });
  });

  test('that a dead process was working on is taken over, but only for the same request', async () => {
    await using t = await openTestStore();
    await claim(t);
    expect(await claim(t, { owner: 'process-2', fingerprint: hash('other') })).toEqual({ type: 'reused' });
    expect(await claim(t, { owner: 'process-2' })).toEqual({ type: 'claimed' });
    expect(await claim(t, { owner: 'process-2' })).toEqual({ type: 'running' });
  });

  test('that its own process has lost sight of is taken over when the caller knows so, but not when it is done', async () => {
    await using t = await openTestStore();
    await claim(t);
    expect(await claim(t, { takeOver: true })).toEqual({ type: 'claimed' });
    await t.store.finishIdempotencyKey(1, 'k1', { status: 200, body: 'x' });
    expect((await claim(t, { takeOver: true })).type).toBe('done');
    expect((await claim(t, { takeOver: true, fingerprint: hash('other') })).type).toBe('reused');
  });

  test('that is done stays done for another process', async () => {
    await using t = await openTestStore();
    await claim(t);
    await t.store.finishIdempotencyKey(1, 'k1', { status: 200, body: 'x' });
    expect((await claim(t, { owner: 'process-2' })).type).toBe('done');
  });

  test('is forgotten after its lifetime, to the millisecond', async () => {
    await using t = await openTestStore();
    await claim(t);
    await t.store.finishIdempotencyKey(1, 'k1', { status: 200, body: 'x' });
    t.clock.advance(DAY - 1);
    expect((await claim(t, { fingerprint: hash('other') })).type).toBe('reused');
    t.clock.advance(1);
    expect((await claim(t, { fingerprint: hash('other') })).type).toBe('claimed');
    expect((await claim(t, { fingerprint: hash('other') })).type).toBe('running');
  });

  test('is pruned only when it is old', async () => {
    await using t = await openTestStore();
    await claim(t);
    const start = t.clock.now();
    expect(await t.store.prune(start - 1, 0)).toBe(0);
    expect(await t.store.prune(start, 0)).toBe(1);
    expect((await claim(t)).type).toBe('claimed');
  });
});
