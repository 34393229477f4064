import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { SECOND } from '../core/time.ts';
import type { Deps } from '../deps.ts';

/** What we give a browser to keep, and believe again: signed, for one use, for a time, good on every node. */
export interface Tokens {
  make(claims: Claims, ttlMs: number): Promise<string>;
  /** Null for what is not ours, was made for another use, or is too old. */
  read(token: string | null | undefined): Promise<JWTPayload | null>;
}

export type Claims = Readonly<Record<string, string | number | Readonly<Record<string, string>>>>;

/** A key of its own for each use: a token of one is worth nothing to another. */
export function createTokens({ vault, clock }: Pick<Deps, 'vault' | 'clock'>, use: string): Tokens {
  const key = vault.deriveKey(use);
  return {
    make: (claims, ttlMs) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime(Math.floor((clock.now() + ttlMs) / SECOND))
        .sign(key),
    async read(token) {
      if (!token) return null;
      try {
        const currentDate = new Date(clock.now());
        return (await jwtVerify(token, key, { algorithms: ['HS256'], currentDate })).payload;
      } catch {
        return null;
      }
    },
  };
}
