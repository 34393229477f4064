import { MINUTE } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import { createTokens } from '../tokens.ts';
import { sealTotpSecret } from './check.ts';
import { hashRecoveryCode, makeRecoveryCodes, readRecoveryCode } from './recovery.ts';
import { findStep, makeTotpSecret, totpAddress } from './totp.ts';

type Parts = Pick<Deps, 'store' | 'vault' | 'clock' | 'random' | 'publicUrl'>;

/** A secret that counts only once its first code was typed. */
export interface TotpSetup {
  readonly secret: string;
  /** What the QR code says. */
  readonly address: string;
  /** Comes back with the code: until then the secret is kept nowhere else. */
  readonly setup: string;
}

const SETUP_MS = 30 * MINUTE;
const USE = 'second factor setup';

/** `setup`: of a try before, so that the app need not scan again; null makes a new one. */
export async function beginTotp(parts: Parts, person: PersonRow, setup: string | null = null): Promise<TotpSetup> {
  const secret = (await readSetup(parts, person, setup)) ?? makeTotpSecret(parts.random);
  const sealed = Buffer.from(parts.vault.seal(USE, secret)).toString('base64url');
  return {
    secret,
    address: totpAddress(secret, { email: person.email, host: new URL(parts.publicUrl).host }),
    setup: await createTokens(parts, USE).make({ sub: String(person.id), sealed }, SETUP_MS),
  };
}

async function readSetup(parts: Parts, person: PersonRow, setup: string | null): Promise<string | null> {
  const claims = await createTokens(parts, USE).read(setup);
  if (claims?.sub !== String(person.id) || typeof claims.sealed !== 'string') return null;
  return parts.vault.open(USE, Buffer.from(claims.sealed, 'base64url'));
}

/** The recovery codes, to be shown once. Null: the code is not of this secret, or it was begun too long ago. */
export async function confirmTotp(
  parts: Parts,
  person: PersonRow,
  { setup, code }: { readonly setup: string; readonly code: string },
): Promise<readonly string[] | null> {
  const { store, clock } = parts;
  const secret = await readSetup(parts, person, setup);
  const step = secret === null ? null : findStep(secret, code, { now: clock.now(), after: 0 });
  if (secret === null || step === null) return null;
  const codes = makeRecoveryCodes(parts.random);
  const fields = {
    totpSecret: sealTotpSecret(parts, person.id, secret),
    totpStep: step,
    recoveryCodes: hashAll(parts, person, codes),
  };
  await store.changePerson(person.id, { fields, endsSessions: false, now: clock.now() });
  return codes;
}

/** New codes in the place of those that are left; to be shown once. */
export async function renewRecoveryCodes(parts: Parts, person: PersonRow): Promise<readonly string[]> {
  const codes = makeRecoveryCodes(parts.random);
  const fields = { recoveryCodes: hashAll(parts, person, codes) };
  await parts.store.changePerson(person.id, { fields, endsSessions: false, now: parts.clock.now() });
  return codes;
}

export async function dropTotp({ store, clock }: Pick<Parts, 'store' | 'clock'>, person: PersonRow): Promise<void> {
  const fields = { totpSecret: null, totpStep: null, recoveryCodes: [] };
  await store.changePerson(person.id, { fields, endsSessions: false, now: clock.now() });
}

function hashAll({ vault }: Pick<Parts, 'vault'>, person: PersonRow, codes: readonly string[]): readonly string[] {
  return codes.map((code) => hashRecoveryCode(vault, person.id, readRecoveryCode(code) ?? code));
}
