import { limits } from '../options.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';
import { type Signing, signings } from './sign.ts';

export interface PlusAccount {
  readonly appid: string;
  readonly secretKey: string;
  /** Whole TWD. */
  readonly balance: number;
}

export const APPID = /^[A-Za-z0-9_-]{1,64}$/;
export const SECRET_KEY = /^[!-~]{1,128}$/;
export const STANDARD_BALANCE = 10_000;

/** The account of the examples in PayCore's API catalogue; always known. */
export const demoAccount: PlusAccount = {
  appid: 'PLUS_APPID',
  secretKey: 'PLUS_SECRET_KEY',
  balance: STANDARD_BALANCE,
};

export function accountShelf(world: World): Shelf<PlusAccount> {
  return world.shelves.open<PlusAccount>('plus.accounts', limits.accounts);
}

export function findAccount(world: World, appid: string): PlusAccount | undefined {
  return appid === demoAccount.appid ? demoAccount : accountShelf(world).get(appid);
}

interface Settings {
  readonly sign: Signing;
}

const SETTINGS = 'all';

function settingShelf(world: World): Shelf<Settings> {
  return world.shelves.open<Settings>('plus.settings');
}

export function signingOf(world: World): Signing {
  return settingShelf(world).get(SETTINGS)?.sign ?? signings[0];
}

export function setSigning(world: World, sign: Signing): void {
  settingShelf(world).put(SETTINGS, { sign });
}
