import type { Attempt } from '../../core/attempt.ts';
import { MAX_ATTEMPTS } from '../../core/attempt.ts';
import { makeRefundNo } from '../../core/ids.ts';
import type { SyncTrigger } from '../../core/lifecycle/sync.ts';
import type { Payment } from '../../core/payment.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import { GatewayForbidden, GatewayGarbage } from '../../gateways/gateway.ts';
import type { AccountKey } from '../../store/commands/cooldowns.ts';
import type { RefundList } from '../../store/commands/refunds/reconcile.ts';
import type { StoredCredential } from '../../store/queries/credentials.ts';
import { webhookIds } from '../facts.ts';
import { openSecrets, requireCredential } from '../projects/credentials.ts';
import { loadSubject, makeContext, makeQueryInput } from '../subject.ts';
import { COOLDOWN_MS } from '../sync/attempt.ts';
import { type Pacer, spaceCalls } from '../sync/pacer.ts';

/** The account at a gateway that a set of credentials is for. */
export function accountOf({ gateway, environment, merchantId }: StoredCredential): AccountKey {
  return { gateway, environment, merchantId };
}

/**
 * Credentials that may pay an attempt's money back, in the order they are tried. What the project uses now comes before
 * what the payment was made with, since keys are renewed; but what is for another account comes last.
 */
export async function listRefundCredentials(
  deps: Pick<Deps, 'store'>,
  payment: Payment,
  attempt: Attempt,
): Promise<readonly StoredCredential[]> {
  const own = await requireCredential(deps, attempt);
  const current = await deps.store.findCurrentCredential(payment.projectId, attempt.gateway, own.environment);
  if (!current || current.id === own.id) return [own];
  return current.merchantId === own.merchantId ? [current, own] : [own, current];
}

/**
 * Asks the gateways about a payment's refunds and brings ours in line; one look at a time for one payment. Resolves when
 * that is done, or put off because they could not be asked: false when one did not answer, null when none was asked.
 */
export function createRefundSync(deps: Deps, pacer: Pacer) {
  const flight = singleFlight<number, boolean | null>();

  const syncOnce = async (paymentId: number, trigger: SyncTrigger): Promise<boolean | null> => {
    const payment = await deps.store.findPaymentById(paymentId);
    if (!payment) return null;
    const askedAt = deps.clock.now();
    const attempts = await deps.store.listAttempts(paymentId, MAX_ATTEMPTS);
    const paid = attempts.filter(({ status }) => status === 'paid');
    try {
      // A refund may be told of before the payment is.
      if (paid.length === 0) throw new Error('the payment is not known as paid yet');
      const lists: RefundList[] = [];
      for (const attempt of paid) lists.push(await askAbout(deps, pacer, payment, attempt, trigger));
      await deps.store.reconcileRefunds({
        paymentId,
        lists,
        askedAt,
        isScheduled: trigger === 'schedule',
        makeRefundNo: () => makeRefundNo(askedAt, deps.random),
        now: deps.clock.now(),
        makeWebhookId: webhookIds(deps),
      });
      deps.wake();
      return true;
    } catch (error) {
      deps.log.warn('refunds could not be asked about', { payment_no: payment.paymentNo, error });
      if (trigger === 'schedule') await postpone(deps, payment, error);
      return error instanceof CoolingDown ? null : false;
    }
  };

  return (paymentId: number, trigger: SyncTrigger): Promise<boolean | null> =>
    flight.run(paymentId, () => syncOnce(paymentId, trigger));
}

export type SyncRefunds = ReturnType<typeof createRefundSync>;

/** A look that is not made because the account rests. */
class CoolingDown extends Error {
  readonly until: number;

  constructor(until: number) {
    super('the gateway has asked for a rest');
    this.until = until;
  }
}

async function askAbout(
  deps: Deps,
  pacer: Pacer,
  payment: Payment,
  attempt: Attempt,
  trigger: SyncTrigger,
): Promise<RefundList> {
  const { listRefunds } = deps.gateways.methodOf(attempt).gateway;
  const { credentialId } = attempt;
  if (!listRefunds) return { attemptId: attempt.id, credentialId, reported: null };
  const [subject, own, all] = await Promise.all([
    loadSubject(deps, payment, attempt),
    deps.store.findCredential(credentialId),
    listRefundCredentials(deps, payment, attempt),
  ]);
  // Another account's list would not have them, and be believed.
  const candidates = all.filter(({ merchantId }) => merchantId === own?.merchantId);
  let failure: unknown;
  for (const credential of candidates) {
    const account = accountOf(credential);
    await pacer.takeTurn(account, trigger);
    const until = await deps.store.findCooldown(account, deps.clock.now());
    if (until !== null) throw new CoolingDown(until);
    const secrets = openSecrets(deps, credential);
    try {
      const ctx = makeContext({ ...deps, http: spaceCalls(deps.http, pacer, account) }, payment, attempt);
      const reported = await listRefunds({ ...makeQueryInput(subject), secrets }, ctx);
      return { attemptId: attempt.id, credentialId: credential.id, reported };
    } catch (error) {
      if (error instanceof GatewayForbidden) throw await startCooldown(deps, account);
      if (!(error instanceof GatewayGarbage)) throw error;
      // Perhaps a key that is no longer taken.
      failure = error;
    }
  }
  throw failure;
}

async function startCooldown(deps: Deps, account: AccountKey): Promise<CoolingDown> {
  const now = deps.clock.now();
  const until = now + COOLDOWN_MS;
  await deps.store.startCooldown(account, until, now);
  return new CoolingDown(until);
}

async function postpone(deps: Deps, { id }: Payment, error: unknown): Promise<void> {
  const now = deps.clock.now();
  const isLong = await deps.store.postponeRefundSync(id, now, error instanceof CoolingDown ? error.until : 0);
  if (isLong) await deps.store.flagForReview(id, 'refund unanswered', { now, makeWebhookId: webhookIds(deps) });
}
