import type { Deps } from '../../deps.ts';
import type { Gateway, Verification } from '../../gateways/gateway.ts';
import { GatewayCallError, type GatewayHttp } from '../../gateways/http.ts';
import { makeContext } from '../subject.ts';
import { LATER } from './arrival.ts';
import type { Found } from './finder.ts';
import type { KeySet } from './keysets.ts';

export interface Proof {
  readonly verification: Verification;
  /** The set that it was verified with. */
  readonly by: KeySet | null;
  /** Every set that was tried: the callback may quote any of them. */
  readonly tried: readonly KeySet[];
}

/** The first set of secrets that proves anything counts; else what the attempt's own set says. */
export async function prove(
  deps: Deps,
  gateway: Gateway,
  found: Found,
  mayCall: () => Promise<boolean>,
): Promise<Proof> {
  const { payment, attempt, message } = found;
  // Two gateways may call their test environments differently: what counts is the attempt's own.
  const isShared = attempt.credentialId === payment.credentialId;
  const stored = isShared ? null : await deps.store.findCredential(attempt.credentialId);
  const subject = {
    payment: stored ? { ...payment, environment: stored.environment } : payment,
    attempt,
    get ctx() {
      const ctx = makeContext(deps, payment, attempt);
      return { ...ctx, http: limitCalls(ctx.http, mayCall) };
    },
  };
  let first: Omit<Proof, 'tried'> | null = null;
  const tried: KeySet[] = [];
  for await (const by of found.keySets) {
    tried.push(by);
    const given = gateway.callback.verify(message, by.secrets, subject);
    const verification: Verification = given instanceof Promise ? await waitForProof(deps, given) : given;
    // Who is proved to lie stays a liar, whatever other secrets would let pass.
    if (verification.ok || verification.proved) return { verification, by, tried };
    first ??= { verification, by };
  }
  const none = { ok: false, proved: false, message: gateway.callback.texts.unknown ?? LATER } as const;
  return { ...(first ?? { verification: none, by: null }), tried };
}

function limitCalls(http: GatewayHttp, mayCall: () => Promise<boolean>): GatewayHttp {
  const guard = async () => {
    if (!(await mayCall()))
      throw new GatewayCallError('not_sent', 'too many callbacks about one payment', { elapsedMs: 0 });
  };
  return {
    get: async (url, options) => {
      await guard();
      return http.get(url, options);
    },
    post: async (url, options) => {
      await guard();
      return http.post(url, options);
    },
  };
}

async function waitForProof(deps: Deps, given: Promise<Verification>): Promise<Verification> {
  try {
    return await given;
  } catch (error) {
    deps.log.warn('callback could not be proved', { error });
    return { ok: false, proved: false, message: LATER };
  }
}
