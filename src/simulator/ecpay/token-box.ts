import { MINUTE_MS } from '../clock.ts';
import { limits } from '../options.ts';
import type { Choice } from './choices.ts';

/** ECPay developer documentation, page 9040. */
export const TOKEN_LIFE_MS = 10 * MINUTE_MS;

/** What GetTokenbyTrade was asked for. */
export interface TradeToken {
  readonly token: string;
  readonly merchantId: string;
  readonly merchantTradeNo: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
}

/** What the payer chose in the form on the shop's page. */
export interface PayToken {
  readonly payToken: string;
  readonly trade: TradeToken;
  readonly choice: Choice;
  readonly isUsed: boolean;
}

/** Tokens live in memory only: after a restart they are as good as expired. */
export interface TokenBox {
  putTrade(token: TradeToken): void;
  findTrade(token: string): TradeToken | undefined;
  putPay(token: PayToken): void;
  findPay(payToken: string): PayToken | undefined;
  clear(): void;
}

function putBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value);
  if (map.size <= limits.tokens) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}

export function openTokenBox(): TokenBox {
  const trades = new Map<string, TradeToken>();
  const pays = new Map<string, PayToken>();
  return {
    putTrade: (token) => putBounded(trades, token.token, token),
    findTrade: (token) => trades.get(token),
    putPay: (token) => putBounded(pays, token.payToken, token),
    findPay: (payToken) => pays.get(payToken),
    clear: () => {
      trades.clear();
      pays.clear();
    },
  };
}
