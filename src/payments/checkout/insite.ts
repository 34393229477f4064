import type { Attempt } from '../../core/attempt.ts';
import { PayCoreError } from '../../core/errors.ts';
import type { Field } from '../../core/fields.ts';
import type { Locale } from '../../core/locale.ts';
import { singleFlight } from '../../core/single-flight.ts';
import type { Deps } from '../../deps.ts';
import type { InSiteForm } from '../../gateways/gateway.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import type { Calls } from '../calls.ts';
import { openAnother } from '../create/attempt.ts';
import { explainFailure } from '../failure.ts';
import { noteProved } from '../projects/credentials.ts';
import type { SyncAttempt, SyncResult } from '../sync/result.ts';
import { notPayable, prepareCall, requireInSite } from './insite-call.ts';
import { createForms } from './insite-forms.ts';
import { type InSitePaid, payOnce } from './insite-pay.ts';
import type { MayDraw } from './start.ts';

/** Paying in our own page: a form token when the page opens, one payment call with what the form gives back. */

export interface FormWish {
  /** The token given before does not work any more. */
  readonly renew: boolean;
  readonly mayDraw: MayDraw;
}

/** Body of the payment call. */
export const PAY_FIELDS: readonly Field[] = [
  {
    name: 'PayToken',
    type: 'string',
    required: true,
    // ECPay's page says 64 characters; tokens of more than 200 have been seen.
    max: 1000,
    pattern: /^[\x21-\x7e]+$/,
    expected: 'the token that the form gave',
    description: 'What ECPay’s script gave the browser.',
  },
];

export function createInSite(deps: Deps, syncAttempt: SyncAttempt, calls: Calls) {
  const forms = createForms(deps, calls);
  const opening = singleFlight<string, InSiteForm>();
  /** Who presses twice gets the answer to the first press; that no two charge is the store's to say. */
  const paying = singleFlight<number, InSitePaid>();

  const openOnce = async (
    found: PaymentWithAttempt,
    locale: Locale,
    { renew, mayDraw }: FormWish,
  ): Promise<InSiteForm> => {
    // What was found before this was registered may be from before another page's form.
    const current = (await deps.store.findPayment(found.payment.paymentNo)) ?? found;
    const { payment } = current;
    const { inSite } = requireInSite(deps, payment);
    const attempt = await chooseAttempt(deps, syncAttempt, current, locale);
    return forms.take({ attemptId: attempt.id, locale, renew }, async () => {
      if (!(await mayDraw())) throw new PayCoreError('RATE_LIMITED', { details: { retry_after: 1 } });
      const { input, ctx } = await prepareCall(deps, payment, attempt, locale);
      const form = await inSite.prepare(input, ctx).catch((error) => {
        throw explainFailure(error, null);
      });
      await noteProved(deps, attempt.credentialId);
      return form;
    });
  };

  /**
   * Two pages that open at once share one form, so that neither
   * holds the token of a number that the other has replaced.
   * Throws PAYMENT_NOT_PAYABLE when there is nothing to pay, or what the gateway said.
   */
  const openForm = (found: PaymentWithAttempt, locale: Locale, wish: FormWish): Promise<InSiteForm> =>
    opening.run(`${found.payment.id} ${locale}`, () => openOnce(found, locale, wish));

  const pay = ({ payment, attempt }: PaymentWithAttempt, payToken: string, locale: Locale): Promise<InSitePaid> => {
    if (!attempt) return Promise.reject(new PayCoreError('PAYMENT_NOT_PAYABLE'));
    const press = { payment, attempt, payToken, locale };
    return paying.run(payment.id, () =>
      payOnce({ deps, syncAttempt, calls, forms }, press).finally(() => forms.spend(attempt.id)),
    );
  };

  return { openForm, pay };
}

/**
 * The attempt to pay with: the current one while its number is fresh, else what became of it, else a new one. None while
 * money may be moving.
 */
async function chooseAttempt(
  deps: Deps,
  syncAttempt: SyncAttempt,
  found: PaymentWithAttempt,
  locale: Locale,
): Promise<Attempt> {
  const { payment, attempt } = await refresh(deps, syncAttempt, found);
  const isPayable = payment.status === 'pending' && !attempt?.instructions && attempt?.status !== 'unknown';
  if (!isPayable || (await deps.store.findMoving(payment.id))) throw notPayable(payment);
  if (attempt && isFresh(attempt)) return attempt;
  const another = await openAnother(deps, payment, locale, 'as_seen');
  if (another) return another;
  // Another page may have opened the next one: both share it.
  const now = await deps.store.findPayment(payment.paymentNo);
  if (now?.payment.status !== 'pending' || !now.attempt || !isFresh(now.attempt)) throw notPayable(payment);
  return now.attempt;
}

/** Its number has not been called with. */
function isFresh({ status, used }: Attempt): boolean {
  return status === 'open' && !used;
}

/** Nobody has said whether it was paid; ask again after so many seconds. */
const UNKNOWN_FOR: Partial<Record<SyncResult['result'], number>> = { busy: 1, failed: 10, cooldown: 60 };

/** What has become of a number that was used. */
async function refresh(deps: Deps, syncAttempt: SyncAttempt, found: PaymentWithAttempt): Promise<PaymentWithAttempt> {
  const { payment, attempt } = found;
  if (!attempt?.used || (attempt.status !== 'open' && attempt.status !== 'unknown')) return found;
  const { result } = await syncAttempt(payment, attempt, 'page');
  // As long as nobody knows whether it was paid, there is no other to pay with.
  const wait = UNKNOWN_FOR[result];
  if (wait !== undefined) throw new PayCoreError('RATE_LIMITED', { details: { retry_after: wait } });
  const after = (await deps.store.findPayment(payment.paymentNo)) ?? found;
  return { payment: after.payment, attempt: after.attempt ?? attempt };
}
