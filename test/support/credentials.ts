import { readConfig } from '../../src/config.ts';
import type { Gateway } from '../../src/gateways/gateway.ts';
import { readCredentials } from '../../src/payments/projects/credentials.ts';

type Kind = 'live' | 'test';

/** Credentials as a request gives them, read for one gateway. */
export function credentialReader(gateway: Gateway) {
  const read = (given: unknown, kind: Kind = 'test') =>
    readCredentials({ config: readConfig({}) }, gateway, kind, given);
  const refusalOf = (given: unknown, kind?: Kind): { code?: unknown; details?: { fields?: object } } | null => {
    try {
      read(given, kind);
      return null;
    } catch (error) {
      return error as { code?: unknown };
    }
  };
  return {
    read,
    /** What they are refused with, or `taken`. */
    codeOf: (given: unknown, kind?: Kind): unknown => (refusalOf(given, kind) ?? { code: 'taken' }).code,
    /** The fields that are wrong with them. */
    fieldsOf: (given: unknown): string[] => Object.keys(refusalOf(given)?.details?.fields ?? {}),
  };
}
