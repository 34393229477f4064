import { answerJson, refuseAction } from '../http.ts';
import { needChoice, needText, readCount, readInput } from '../input.ts';
import { limits } from '../options.ts';
import { route } from '../route.ts';
import { putCapped, type Shelf } from '../shelves.ts';
import type { Call, Route, World } from '../world.ts';
import { type Signing, signings } from './sign.ts';

export interface PlusAccount {
  readonly appid: string;
  readonly secretKey: string;
  /** Whole TWD. */
  readonly balance: number;
}

const STANDARD_BALANCE = 10_000;
const HIGHEST_BALANCE = 1_000_000_000;

/** The account of the examples in PayCore's API catalogue; always known. */
const demoAccount: PlusAccount = { appid: 'PLUS_APPID', secretKey: 'PLUS_SECRET_KEY', balance: STANDARD_BALANCE };
const accountShelf = (world: World): Shelf<PlusAccount> => world.shelves.open('plus.accounts', limits.accounts);

export const findAccount = (world: World, appid: string): PlusAccount | undefined =>
  appid === demoAccount.appid ? demoAccount : accountShelf(world).get(appid);

const SETTINGS = 'all';
const settingShelf = (world: World): Shelf<{ readonly sign: Signing }> => world.shelves.open('plus.settings');
export const signingOf = (world: World): Signing => settingShelf(world).get(SETTINGS)?.sign ?? signings[0];

/** The secret stays inside. */
const viewAccount = ({ appid, balance }: PlusAccount): Record<string, unknown> => ({ appid, balance });

/** `{appid, secret_key, balance}`; replaces one of the same appid. */
function addAccount(call: Call): Response {
  const input = readInput(call);
  const appid = needText(input, 'appid', /^[A-Za-z0-9_-]{1,64}$/);
  const secretKey = needText(input, 'secret_key', /^[!-~]{1,128}$/);
  if (appid === demoAccount.appid) refuseAction('ACCOUNT_FIXED', `${appid} cannot be changed.`);
  const balance = readCount(input, 'balance', 0, HIGHEST_BALANCE, STANDARD_BALANCE);
  const account = putCapped(accountShelf(call.world), appid, { appid, secretKey, balance });
  return answerJson(viewAccount(account), 201);
}

function listAccounts(call: Call): Response {
  const accounts = [demoAccount, ...accountShelf(call.world).newest(limits.accounts)];
  return answerJson({ accounts: accounts.map(viewAccount) });
}

const showSettings = (call: Call): Response => answerJson({ sign: signingOf(call.world), signs: signings });

/** `{sign}`: how requests are to be signed from now on, and callbacks are. */
function changeSettings(call: Call): Response {
  settingShelf(call.world).put(SETTINGS, { sign: needChoice(readInput(call), 'sign', signings) });
  return showSettings(call);
}

export const plusConsole: readonly Route[] = [
  route('GET', '/simulator/plus/accounts', listAccounts),
  route('POST', '/simulator/plus/accounts', addAccount),
  route('GET', '/simulator/plus/settings', showSettings),
  route('POST', '/simulator/plus/settings', changeSettings),
];
