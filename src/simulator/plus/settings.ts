import { readInput } from '../console-input.ts';
import { ActionError, answerJson } from '../http.ts';
import { readChoice, readCount, readText } from '../input.ts';
import { limits } from '../options.ts';
import type { Call } from '../world.ts';
import {
  APPID,
  accountShelf,
  demoAccount,
  type PlusAccount,
  SECRET_KEY,
  STANDARD_BALANCE,
  setSigning,
  signingOf,
} from './accounts.ts';
import { signings } from './sign.ts';

const HIGHEST_BALANCE = 1_000_000_000;

/** The secret stays inside. */
function viewAccount({ appid, balance }: PlusAccount): Record<string, unknown> {
  return { appid, balance };
}

/** `{appid, secret_key, balance}`; replaces one of the same appid. */
export function addAccount(call: Call): Response {
  const input = readInput(call);
  const appid = readText(input, 'appid', APPID);
  const secretKey = readText(input, 'secret_key', SECRET_KEY);
  if (appid === null || secretKey === null) {
    throw new ActionError(400, 'INVALID_ARGUMENT', 'appid and secret_key are needed.');
  }
  if (appid === demoAccount.appid) throw new ActionError(409, 'ACCOUNT_FIXED', `${appid} cannot be changed.`);
  const shelf = accountShelf(call.world);
  if (!shelf.get(appid) && shelf.newest(limits.accounts).length >= limits.accounts) {
    throw new ActionError(409, 'TOO_MANY_ACCOUNTS', `At most ${limits.accounts} accounts.`);
  }
  const balance = readCount(input, 'balance', 0, HIGHEST_BALANCE, STANDARD_BALANCE);
  return answerJson(viewAccount(shelf.put(appid, { appid, secretKey, balance })), 201);
}

export function listAccounts(call: Call): Response {
  const accounts = [demoAccount, ...accountShelf(call.world).newest(limits.accounts)];
  return answerJson({ accounts: accounts.map(viewAccount) });
}

export function showSettings(call: Call): Response {
  return answerJson({ sign: signingOf(call.world), signs: signings });
}

/** `{sign}`: how requests are to be signed from now on, and callbacks are. */
export function changeSettings(call: Call): Response {
  const wish = readChoice(readInput(call), 'sign', signings);
  const sign = signings.find((one) => one === wish);
  if (!sign) throw new ActionError(400, 'INVALID_ARGUMENT', 'sign is needed.');
  setSigning(call.world, sign);
  return showSettings(call);
}
