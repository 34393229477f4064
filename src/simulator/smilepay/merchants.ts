import { createHash, timingSafeEqual } from 'node:crypto';
import { limits } from '../options.ts';
import type { Shelf } from '../shelves.ts';
import type { World } from '../world.ts';

/** A shop's account; `dcvc` is its name. */
export interface Merchant {
  readonly dcvc: string;
  /** As first seen; null until a call brought one. */
  readonly verifyKey: string | null;
  /** 商家驗證參數, four digits: part of Mid_smilepay. */
  readonly mid: string;
  /** Methods that are switched off, by Pay_zg, and the Status they answer. */
  readonly closed: Readonly<Record<string, number>>;
}

export const DCVC = /^[A-Za-z0-9_]{1,20}$/;
export const VERIFY_KEY = /^[0-9A-F]{32}$/;
const STANDARD_MID = '1111';

export function merchantShelf(world: World): Shelf<Merchant> {
  return world.shelves.open<Merchant>('smilepay.merchants', limits.accounts);
}

export function merchantOf(world: World, dcvc: string): Merchant {
  return merchantShelf(world).get(dcvc) ?? { dcvc, verifyKey: null, mid: STANDARD_MID, closed: {} };
}

export function changeMerchant(world: World, dcvc: string, changes: Partial<Merchant>): Merchant {
  return merchantShelf(world).put(dcvc, { ...merchantOf(world, dcvc), ...changes });
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** The merchant whose key this is. Made-up accounts work, so the first key that comes with a Dcvc is its key. */
export function admitMerchant(world: World, dcvc: string, verifyKey: string): Merchant | null {
  const merchant = merchantOf(world, dcvc);
  if (merchant.verifyKey === null) return changeMerchant(world, dcvc, { verifyKey });
  return isSame(merchant.verifyKey, verifyKey) ? merchant : null;
}
