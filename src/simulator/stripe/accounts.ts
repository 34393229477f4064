import { digest } from '../digest.ts';
import { answerJson, refuseAction } from '../http.ts';
import { readCount, readFlag, readInput, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { Shelf } from '../shelves.ts';
import type { Call, World } from '../world.ts';

/** What somebody told about an account; keys that nobody told anything about work as well. */
interface Account {
  readonly id: string;
  readonly publishableKey: string | null;
  readonly webhookSecret: string | null;
  readonly webhookUrl: string | null;
}

/** Signs the events of accounts that were given no secret of their own: `whsec_simulator`, padded with zeros. */
export const DEFAULT_WEBHOOK_SECRET = 'whsec_simulator00000000000000000';

/** True for every account. */
interface Settings {
  /** For accounts without an address of their own. */
  readonly webhookUrl: string | null;
  /** How long Stripe thinks about a request that changes something. Its Idempotency-Key is taken meanwhile. */
  readonly latencyMs: number;
  /** Every card asks for 3-D Secure. */
  readonly threeDSecure: boolean;
}

const SETTINGS = 'settings';

/** Each secret key is an account of its own. The key itself is not kept. */
export const accountIdOf = (secretKey: string): string => `acct_1${digest(secretKey).slice(0, 16)}`;
const openAccounts = (world: World): Shelf<Account> => world.shelves.open('stripe.accounts', limits.accounts);
const openSettings = (world: World): Shelf<Settings> => world.shelves.open('stripe.settings');

export const findAccount = (world: World, id: string): Account =>
  openAccounts(world).get(id) ?? { id, publishableKey: null, webhookSecret: null, webhookUrl: null };

export const readSettings = (world: World): Settings =>
  openSettings(world).get(SETTINGS) ?? { webhookUrl: null, latencyMs: 0, threeDSecure: false };

const LATENCY_CAP = 60_000;
const URL_SHAPE = /^https?:\/\/[!-~]{1,500}$/;

const viewAccount = (account: Account): Record<string, unknown> => ({
  account: account.id,
  publishable_key: account.publishableKey,
  webhook_url: account.webhookUrl,
  has_webhook_secret: account.webhookSecret !== null,
});

/** `POST /simulator/stripe/accounts`: what belongs to a secret key. Whatever is left out is forgotten. */
export function addAccount(call: Call): Response {
  const input = readInput(call);
  const secretKey = readText(input, 'secret_key', /^sk_(?:test|live)_[A-Za-z0-9_]{1,240}$/);
  const publishableKey = readText(input, 'publishable_key', /^pk_(?:test|live)_[A-Za-z0-9_]{1,240}$/);
  if (secretKey === null) return refuseAction('INVALID_ARGUMENT', 'secret_key is needed.', 400);
  if (publishableKey !== null && publishableKey.slice(3, 8) !== secretKey.slice(3, 8)) {
    refuseAction('INVALID_ARGUMENT', 'Both keys must be of one mode, test or live.', 400);
  }
  const id = accountIdOf(secretKey);
  const webhookSecret = readText(input, 'webhook_secret', /^[!-~]{1,255}$/);
  const webhookUrl = readText(input, 'webhook_url', URL_SHAPE);
  const account = openAccounts(call.world).put(id, { id, publishableKey, webhookSecret, webhookUrl });
  return answerJson(viewAccount(account), 201);
}

export const listAccounts = ({ world }: Call): Response =>
  answerJson({ accounts: openAccounts(world).newest(limits.accounts).map(viewAccount) });

export function showSettings({ world }: Call): Response {
  const { webhookUrl, latencyMs, threeDSecure } = readSettings(world);
  return answerJson({ webhook_url: webhookUrl, latency_ms: latencyMs, three_d_secure: threeDSecure });
}

/** `POST /simulator/stripe/settings`: what is left out stays, `webhook_url: ""` takes the address away. */
export function writeSettings(call: Call): Response {
  const input = readInput(call);
  const now = readSettings(call.world);
  openSettings(call.world).put(SETTINGS, {
    webhookUrl: input.webhook_url === undefined ? now.webhookUrl : readText(input, 'webhook_url', URL_SHAPE),
    latencyMs: readCount(input, 'latency_ms', 0, LATENCY_CAP, now.latencyMs),
    threeDSecure: readFlag(input, 'three_d_secure', now.threeDSecure),
  });
  return showSettings(call);
}
