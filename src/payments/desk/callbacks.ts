import type { Deps } from '../../deps.ts';
import { readBody, type ShownBody } from '../../gateways/callback-body.ts';
import type { Gateway, Secrets } from '../../gateways/gateway.ts';
import { hideIn, makeHider } from '../../gateways/hiding.ts';
import type { ShownCallback } from '../../pages/admin/payment/model.ts';
import type { DeskEntry } from '../../store/queries/payment-page.ts';
import { openSecrets } from '../projects/credentials.ts';

type Parts = Pick<Deps, 'store' | 'vault' | 'gateways' | 'log'>;

/** Shows the callbacks of one payment's entries; the credentials that open sealed ones are read once. */
export function createCallbackReader(deps: Parts) {
  const kept = new Map<number, Promise<Secrets | null>>();

  const secretsOf = (attemptId: number): Promise<Secrets | null> => {
    const known = kept.get(attemptId) ?? findSecrets(deps, attemptId);
    kept.set(attemptId, known);
    return known;
  };

  return async function readCallback(entry: DeskEntry): Promise<ShownCallback | null> {
    const { size, seen, body, contentType, attemptId } = entry;
    if (size === null) return null;
    const shown = { contentType: contentType ?? '', size, seen };
    const gateway = deps.gateways.find(entry.gateway ?? '');
    if (body === null || !gateway) return { ...shown, body: null, opened: null };
    const secrets = attemptId === null ? null : await secretsOf(attemptId);
    return {
      ...shown,
      body: readBody(body, shown.contentType, gateway.callback),
      opened: secrets && openSealed(gateway, secrets, body, shown.contentType),
    };
  };
}

async function findSecrets(deps: Parts, attemptId: number): Promise<Secrets | null> {
  const attempt = await deps.store.findAttempt(attemptId);
  const stored = attempt && (await deps.store.findCredential(attempt.credentialId));
  if (!stored) return null;
  try {
    return openSecrets(deps, stored);
  } catch (error) {
    // Of another master key: the page shows everything else.
    deps.log.warn('credentials could not be opened', { error });
    return null;
  }
}

/** The message inside an envelope that only these secrets open; null for what came in the clear. */
function openSealed(gateway: Gateway, secrets: Secrets, body: Uint8Array, contentType: string): ShownBody | null {
  const { callback, credentials } = gateway;
  const located = callback.locate({ contentType, body, query: new URLSearchParams(), headers: new Headers() });
  if (located.type !== 'sealed') return null;
  const message = callback.open?.(located.envelope, secrets);
  if (!message) return null;
  const fields = hideIn(message.fields, makeHider(credentials, [secrets]));
  return readBody(new TextEncoder().encode(JSON.stringify(fields)), 'application/json', callback);
}
