import { readInput } from '../console-input.ts';
import { ActionError, answerJson } from '../http.ts';
import { readCount, readFlag, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { Call } from '../world.ts';
import { type Account, accountIdOf, changeSettings, openAccounts, readSettings, type Settings } from './accounts.ts';

const LATENCY_CAP = 60_000;
const URL_SHAPE = /^https?:\/\/[!-~]{1,500}$/;

function viewAccount(account: Account): Record<string, unknown> {
  return {
    account: account.id,
    publishable_key: account.publishableKey,
    webhook_url: account.webhookUrl,
    has_webhook_secret: account.webhookSecret !== null,
  };
}

/** `POST /simulator/stripe/accounts`: what belongs to a secret key. Whatever is left out is forgotten. */
export function addAccount(call: Call): Response {
  const input = readInput(call);
  const secretKey = readText(input, 'secret_key', /^sk_(?:test|live)_[A-Za-z0-9_]{1,240}$/);
  const publishableKey = readText(input, 'publishable_key', /^pk_(?:test|live)_[A-Za-z0-9_]{1,240}$/);
  if (secretKey === null) throw new ActionError(400, 'INVALID_ARGUMENT', 'secret_key is needed.');
  if (publishableKey !== null && publishableKey.slice(3, 8) !== secretKey.slice(3, 8)) {
    throw new ActionError(400, 'INVALID_ARGUMENT', 'Both keys must be of one mode, test or live.');
  }
  const id = accountIdOf(secretKey);
  const account: Account = {
    id,
    publishableKey,
    webhookSecret: readText(input, 'webhook_secret', /^[!-~]{1,255}$/),
    webhookUrl: readText(input, 'webhook_url', URL_SHAPE),
  };
  return answerJson(viewAccount(openAccounts(call.world).put(id, account)), 201);
}

export function listAccounts(call: Call): Response {
  return answerJson({ accounts: openAccounts(call.world).newest(limits.accounts).map(viewAccount) });
}

function viewSettings(settings: Settings): Record<string, unknown> {
  const { webhookUrl, latencyMs, threeDSecure } = settings;
  return { webhook_url: webhookUrl, latency_ms: latencyMs, three_d_secure: threeDSecure };
}

export function showSettings(call: Call): Response {
  return answerJson(viewSettings(readSettings(call.world)));
}

/** `POST /simulator/stripe/settings`: what is left out stays, `webhook_url: ""` takes the address away. */
export function writeSettings(call: Call): Response {
  const input = readInput(call);
  const now = readSettings(call.world);
  const changed = changeSettings(call.world, {
    webhookUrl: input.webhook_url === undefined ? now.webhookUrl : readText(input, 'webhook_url', URL_SHAPE),
    latencyMs: readCount(input, 'latency_ms', 0, LATENCY_CAP, now.latencyMs),
    threeDSecure: readFlag(input, 'three_d_secure', now.threeDSecure),
  });
  return answerJson(viewSettings(changed));
}
