import { createHmac } from 'node:crypto';
import { drawText, type Random } from '../../core/ids.ts';
import type { Deps } from '../../deps.ts';
import type { Secrets } from '../../gateways/gateway.ts';
import type { PracticeState } from '../../gateways/practice.ts';
import { storeCredential } from './credentials.ts';

/** A text of an account: its beginning, and how much of which alphabet follows. */
type Shape = readonly [start: string, alphabet?: string, length?: number];

const DIGITS = '0123456789';
const HEX = '0123456789ABCDEF';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** What an account at the simulator is made of; a gateway without one is left out of practice. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  ecpay: { merchant_id: ['9', DIGITS, 6], hash_key: ['', LETTERS, 16], hash_iv: ['', LETTERS, 16] },
  smilepay: { dcvc: ['9', DIGITS, 7], rvg2c: ['1'], verify_key: ['', HEX, 32] },
  paypal: {
    client_id: ['PRACTICE_', LETTERS, 30],
    client_secret: ['', LETTERS, 40],
    webhook_id: ['SIMULATORWEBHOOK1'],
  },
  stripe: {
    secret_key: ['sk_test_practice', LETTERS, 30],
    publishable_key: ['pk_test_practice', LETTERS, 30],
    webhook_secret: ['whsec_', LETTERS, 32],
  },
  plus: { appid: ['PRACTICE_', LETTERS, 20], secret_key: ['', LETTERS, 32] },
};

/**
 * The account that this installation has at its own simulator. It follows from the master key: nobody else knows it, the
 * simulator need not remember it, and nothing that it signs is worth anything to another account.
 */
export function practiceAccount({ vault }: Pick<Deps, 'vault'>, gateway: string): Secrets | null {
  const shapes = SHAPES[gateway];
  if (!shapes) return null;
  const key = vault.deriveKey('simulator account');
  const draw = ([field, [start, alphabet = '', length = 0]]: readonly [string, Shape]) => {
    const random = expand(key, `${gateway} ${field}`);
    return [field, start + (length === 0 ? '' : drawText(random, alphabet, length))] as const;
  };
  return Object.fromEntries(Object.entries(shapes).map(draw));
}

/** Bytes without end that follow from a key. */
function expand(key: Uint8Array, name: string): Random {
  let block = 0;
  return (length) => {
    const bytes: number[] = [];
    while (bytes.length < length) {
      block += 1;
      bytes.push(...createHmac('sha256', key).update(`${name} ${block}`).digest());
    }
    return Uint8Array.from(bytes.slice(0, length));
  };
}

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'gateways' | 'practice'>;

/**
 * From now on test payments of this project go to the built-in simulator, at every gateway where the project has no test
 * account of its own. Live payments never do. When the simulator cannot run here, nothing is changed.
 */
export async function startPractice(deps: Parts, projectId: number): Promise<PracticeState> {
  for (const gateway of deps.gateways.list) {
    const secrets = practiceAccount(deps, gateway.id);
    if (!secrets) continue;
    const id = await storeCredential(deps, projectId, gateway, secrets, 'simulator');
    await deps.store.makeCurrentCredential(id);
  }
  const state = await deps.practice.settle();
  if (state.state === 'failed') await dropAccounts(deps, projectId);
  return state;
}

/** Payments that were made meanwhile stay what they are. */
export async function stopPractice(deps: Parts, projectId: number): Promise<PracticeState> {
  await dropAccounts(deps, projectId);
  return deps.practice.settle();
}

async function dropAccounts({ store, gateways }: Parts, projectId: number): Promise<void> {
  for (const { id } of gateways.list) await store.dropCurrentCredential(projectId, id, 'simulator');
}

/** Whether this project's test payments may go to the simulator. */
export async function isPractising({ store, gateways }: Pick<Deps, 'store' | 'gateways'>, projectId: number) {
  for (const { id } of gateways.list) if (await store.findCurrentCredential(projectId, id, 'simulator')) return true;
  return false;
}
