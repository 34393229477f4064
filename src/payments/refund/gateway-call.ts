import { PayCoreError } from '../../core/errors.ts';
import type { Refund } from '../../core/refund.ts';
import type { Deps } from '../../deps.ts';
import { GatewayForbidden, GatewayRefusal, type RefundResult } from '../../gateways/gateway.ts';
import type { RefundWord } from '../../store/commands/refunds/apply.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import { webhookIds } from '../facts.ts';
import { explainCooldown, explainFailure, failureKind, hadNoEffect, quoteRefusal } from '../failure.ts';
import { noteRefusal } from '../projects/credential-trouble.ts';
import { openSecrets } from '../projects/credentials.ts';
import { makeContext } from '../subject.ts';
import { COOLDOWN_MS } from '../sync/attempt.ts';
import { type Pacer, spaceCalls } from '../sync/pacer.ts';
import type { RefundRequest } from './request.ts';
import { explainFailed, noteFailure } from './stored-failure.ts';
import { accountOf } from './sync.ts';

/** One call that pays back, and what comes of it: told, certainly nothing, or open. */
type Outcome =
  | { readonly type: 'told'; readonly credential: StoredCredential; readonly result: RefundResult }
  | { readonly type: 'nothing' | 'open'; readonly credential: StoredCredential; readonly error: Error };

/** Calls the gateway, whose turn it is, for a refund that is on disk. Throws what the caller is answered with. */
export async function callForRefund(
  deps: Deps,
  pacer: Pacer,
  request: RefundRequest,
  refund: Refund,
  credentials: readonly StoredCredential[],
): Promise<Refund> {
  const { paymentNo } = request.payment;
  const outcome = await ask(deps, pacer, request, refund, credentials);
  const failure = outcome.type === 'told' ? null : explain(request, refund, outcome);
  const settled = await write(deps, refund, outcome, failure).catch((cause) => {
    // It stays unknown on disk and is asked about later.
    const message = 'The gateway was asked to pay back, and what it answered could not be stored yet.';
    const details = { payment_no: paymentNo, refund_no: refund.refundNo };
    throw new PayCoreError('STORAGE_UNAVAILABLE', { message, details, cause });
  });
  deps.wake();
  if (outcome.type !== 'told') {
    const { type, error, credential } = outcome;
    deps.log.warn('refund failed', { payment_no: paymentNo, refund_no: refund.refundNo, outcome: type, error });
    if (error instanceof GatewayForbidden) await startRest(deps, credential);
    throw failure;
  }
  if (settled.status === 'failed') throw explainFailed(settled);
  return settled;
}

/** With the next credentials when these are refused: keys are renewed, and a refused key pays nothing back. */
async function ask(
  deps: Deps,
  pacer: Pacer,
  request: RefundRequest,
  refund: Refund,
  [credential, ...others]: readonly StoredCredential[],
): Promise<Outcome> {
  const { payment, attempt, gateway, method } = request;
  if (!credential || !gateway.refund) throw new PayCoreError('REFUND_NOT_SUPPORTED');
  const input = {
    method,
    payment: { ...payment, environment: credential.environment },
    gatewayOrderNo: attempt.gatewayOrderNo,
    tradeNo: attempt.gatewayTradeNo,
    secrets: openSecrets(deps, credential),
    amount: refund.amount,
    refundNo: refund.refundNo,
    ...(refund.reason === '' ? {} : { reason: refund.reason }),
  };
  const http = spaceCalls(deps.http, pacer, accountOf(credential));
  const ctx = makeContext({ ...deps, http }, payment, attempt);
  try {
    return { type: 'told', credential, result: await gateway.refund(input, ctx) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const isKeyRefused = error instanceof GatewayRefusal && error.about === 'account';
    await noteRefusal(deps, credential.id, error);
    const [next] = others;
    if (isKeyRefused && next) {
      await pacer.takeTurn(accountOf(next), 'further');
      return ask(deps, pacer, request, refund, others);
    }
    return { type: hadNoEffect(error) ? 'nothing' : 'open', credential, error };
  }
}

async function write(deps: Deps, refund: Refund, outcome: Outcome, failure: PayCoreError | null): Promise<Refund> {
  const now = deps.clock.now();
  if (outcome.type === 'open') {
    const { error } = outcome;
    await deps.store.loseRefund(refund.refundNo, { kind: failureKind(error), message: error.message }, now);
    return refund;
  }
  const answer = { ...readWord(outcome, failure), credentialId: outcome.credential.id };
  return deps.store.settleRefund(refund.refundNo, answer, { now, makeWebhookId: webhookIds(deps) });
}

function readWord(outcome: Outcome, failure: PayCoreError | null): RefundWord {
  if (outcome.type !== 'told') {
    const told = failure && { told: noteFailure(failure) };
    return { status: 'failed', gatewayRefundNo: null, message: outcome.error.message, ...told };
  }
  const { status, gatewayRefundNo, message = '' } = outcome.result;
  return { status, gatewayRefundNo, message };
}

async function startRest({ store, clock }: Deps, credential: StoredCredential): Promise<void> {
  const now = clock.now();
  await store.startCooldown(accountOf(credential), now + COOLDOWN_MS, now);
}

function explain(
  { payment: { paymentNo } }: RefundRequest,
  { refundNo }: Refund,
  { type, error }: Exclude<Outcome, { type: 'told' }>,
): PayCoreError {
  if (error instanceof GatewayForbidden) return explainCooldown(paymentNo, COOLDOWN_MS, error);
  if (error instanceof GatewayRefusal) {
    const code = error.errorCode === 'REFUND_NOT_SUPPORTED' ? 'REFUND_NOT_SUPPORTED' : 'REFUND_REFUSED';
    return new PayCoreError(code, { details: quoteRefusal(error), cause: error });
  }
  const told = explainFailure(error, paymentNo);
  if (type === 'nothing') return told;
  return new PayCoreError(told.spec, { details: { ...told.details, refund_no: refundNo }, cause: error });
}
