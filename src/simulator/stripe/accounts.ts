import { limits } from '../options.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { hashText } from './ids.ts';

/** What somebody told about an account; keys that nobody told anything about work as well. */
export interface Account {
  readonly id: string;
  readonly publishableKey: string | null;
  readonly webhookSecret: string | null;
  readonly webhookUrl: string | null;
}

/** Signs the events of accounts that were given no secret of their own: `whsec_simulator`, padded with zeros. */
export const DEFAULT_WEBHOOK_SECRET = 'whsec_simulator00000000000000000';

/** True for every account. */
export interface Settings {
  /** For accounts without an address of their own. */
  readonly webhookUrl: string | null;
  /** How long Stripe thinks about a request that changes something. Its Idempotency-Key is taken meanwhile. */
  readonly latencyMs: number;
  /** Every card asks for 3-D Secure. */
  readonly threeDSecure: boolean;
}

const standardSettings: Settings = { webhookUrl: null, latencyMs: 0, threeDSecure: false };
const SETTINGS = 'settings';

/** Each secret key is an account of its own. The key itself is not kept. */
export function accountIdOf(secretKey: string): string {
  return `acct_1${hashText(secretKey).slice(0, 16)}`;
}

export function openAccounts(world: World): Shelf<Account> {
  return world.shelves.open<Account>('stripe.accounts', limits.accounts);
}

export function findAccount(world: World, id: string): Account {
  return openAccounts(world).get(id) ?? { id, publishableKey: null, webhookSecret: null, webhookUrl: null };
}

export function readSettings(world: World): Settings {
  return world.shelves.open<Settings>('stripe.settings').get(SETTINGS) ?? standardSettings;
}

export function changeSettings(world: World, changes: Partial<Settings>): Settings {
  const changed = { ...readSettings(world), ...changes };
  return world.shelves.open<Settings>('stripe.settings').put(SETTINGS, changed);
}
