import { expect, test } from 'bun:test';
import type { Deps } from '../../../../src/deps.ts';
import type { Gateway, Verification } from '../../../../src/gateways/gateway.ts';
import type { Found } from '../../../../src/payments/callback/finder.ts';
import { prove } from '../../../../src/payments/callback/proof.ts';

/** Several sets of keys may prove a callback: which of them is believed. */

const LIE: Verification = { ok: false, proved: true, message: 'another merchant' };
const UNPROVED: Verification = { ok: false, proved: false, message: 'wrong signature' };

async function judge(...verdicts: readonly Verification[]) {
  const asked: string[] = [];
  const gateway = {
    callback: {
      verify: (_: unknown, { at = '' }: Readonly<Record<string, string>>) => {
        asked.push(at);
        return verdicts[Number(at)];
      },
      texts: { unknown: 'nobody' },
    },
  } as unknown as Gateway;
  async function* keySets() {
    for (const at of verdicts.keys()) yield { stored: { id: at }, secrets: { at: String(at) } };
  }
  const found = { payment: { credentialId: 1 }, attempt: { credentialId: 1 }, message: {}, keySets: keySets() };
  const proof = await prove({} as Deps, gateway, found as unknown as Found, async () => true);
  return { said: proof.verification, by: proof.by?.stored.id, asked: asked.length };
}

test('what one key proves to be a lie stays one, whatever the next would say', async () => {
  expect(await judge(LIE, { ok: true })).toEqual({ said: LIE, by: 0, asked: 1 });
  expect(await judge(UNPROVED, LIE, { ok: true })).toEqual({ said: LIE, by: 1, asked: 2 });
});

test('a key that proves nothing leaves it to the next, and the first that proves it counts', async () => {
  expect(await judge(UNPROVED, { ok: true }, LIE)).toEqual({ said: { ok: true }, by: 1, asked: 2 });
});

test('when none proves anything, what the first said is told', async () => {
  expect(await judge(UNPROVED, { ...UNPROVED, message: 'later' })).toEqual({ said: UNPROVED, by: 0, asked: 2 });
  expect(await judge()).toMatchObject({ said: { ok: false, proved: false, message: 'nobody' }, by: undefined });
});
