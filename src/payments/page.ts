import type { Attempt } from '../core/attempt.ts';
import { makeGatewayOrderNo, PAYMENT_NO } from '../core/ids.ts';
import { LOCALES, type Locale } from '../core/locale.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { Method } from '../gateways/gateway.ts';
import { findMethodOf } from '../gateways/index.ts';
import type { FormPostView, PaymentView, Screen } from '../pages/checkout/view.ts';
import type { PaymentWithAttempt } from '../store/payments.ts';
import { lifetimeOf, openStep, planAttempt } from './create.ts';
import { openSecrets } from './secrets.ts';
import { pagePath, pageUrl } from './urls.ts';

/** The payment behind a page's address. Null for an unknown number and for a wrong token alike. */
export function findForPage(
  deps: Pick<Deps, 'store' | 'vault'>,
  paymentNo: string,
  token: string,
): PaymentWithAttempt | null {
  if (!PAYMENT_NO.test(paymentNo) || !deps.vault.checkPageToken(paymentNo, token)) return null;
  return deps.store.findPayment(paymentNo);
}

/** Everything the payment page shows, ready made. */
export function buildPaymentView(deps: Deps, found: PaymentWithAttempt, locale: Locale): PaymentView {
  const { payment, attempt } = found;
  const { gateway, method } = findMethodOf(payment);
  const token = encodeURIComponent(deps.vault.makePageToken(payment.paymentNo));
  const base = `/${locale}/pay/${payment.paymentNo}`;
  const instructions = attempt?.instructions ?? null;
  return {
    locale,
    now: deps.clock.now(),
    screen: chooseScreen(payment, attempt, method),
    paymentNo: payment.paymentNo,
    merchantOrderNo: payment.merchantOrderNo,
    shopName: deps.store.findProject(payment.projectId)?.name ?? '',
    gateway: { id: gateway.id, name: gateway.name },
    method: payment.method,
    status: payment.status,
    flags: payment.flags,
    livemode: payment.livemode,
    amount: payment.amount,
    currency: payment.currency,
    itemName: payment.order.itemName ?? payment.order.description ?? null,
    instructions,
    guideUrl: instructions === null || instructions.type !== 'atm' ? method.guideUrl : null,
    deadline: attempt?.deadline ?? null,
    paidAt: payment.paidAt,
    pageUrl: pageUrl(deps, payment.paymentNo, locale),
    languages: LOCALES.map((one) => ({ locale: one, href: pagePath(deps, payment.paymentNo, one) })),
    goAction:
      payment.status === 'pending' && method.mayChooseAgain && !method.inSite ? `${base}/go?token=${token}` : null,
    ...(method.inSite
      ? {
          inSite: {
            gateway: gateway.id,
            formUrl: `${base}/form?token=${token}`,
            payUrl: `/api/paycore/pay/${gateway.id}/${method.path}/${payment.paymentNo}/create?token=${token}&locale=${locale}`,
          },
        }
      : {}),
    statusUrl: `${base}/status?token=${token}`,
    revision: revisionOf(payment),
    successUrl: buildSuccessUrl(payment),
    cancelUrl: payment.order.cancelUrl ?? null,
  };
}

/** Changes whenever the page would look different. */
export function revisionOf(payment: Payment): string {
  return `${payment.revision}-${payment.status}`;
}

function chooseScreen(payment: Payment, attempt: Attempt | null, method: Method): Screen {
  if (payment.status !== 'pending') return payment.status;
  if (attempt?.instructions) return 'instructions';
  if (method.inSite) return attempt?.status === 'unknown' || attempt?.status === 'under_review' ? 'waiting' : 'insite';
  return method.mayChooseAgain ? 'go' : 'waiting';
}

/** The shop's address with `payment_no`, `merchant_order_no` and `status` added. */
function buildSuccessUrl(payment: Payment): string | null {
  const base = payment.order.successUrl ?? payment.order.returnUrl;
  if (base === undefined || !URL.canParse(base)) return null;
  const url = new URL(base);
  url.searchParams.set('payment_no', payment.paymentNo);
  url.searchParams.set('merchant_order_no', payment.merchantOrderNo);
  url.searchParams.set('status', payment.status);
  return url.href;
}

export type GoResult =
  | { readonly type: 'form'; readonly view: FormPostView }
  | { readonly type: 'redirect'; readonly url: string }
  /** Nothing can be started: the page says why. */
  | { readonly type: 'page' }
  | { readonly type: 'too_many' };

/**
 * The payer pressed the button. Every post to the gateway gets a number of its own, since ECPay takes none twice, not
 * even after the payer came back without paying.
 */
export async function openForPayer(deps: Deps, found: PaymentWithAttempt, locale: Locale): Promise<GoResult> {
  const { payment } = found;
  const { gateway, method } = findMethodOf(payment);
  if (payment.status !== 'pending' || !method.mayChooseAgain) return { type: 'page' };
  const now = deps.clock.now();
  const attempt = await deps.store.openAttempt(
    payment.id,
    {
      gatewayOrderNo: makeGatewayOrderNo(now, deps.random),
      credentialId: payment.credentialId,
      status: 'open',
      ...planAttempt(method, now, payment.createdAt + lifetimeOf(method, payment.order.expireDays)),
    },
    now,
  );
  if (!attempt)
    return deps.store.findPayment(payment.paymentNo)?.payment.status === 'pending'
      ? { type: 'too_many' }
      : { type: 'page' };
  const stored = deps.store.findCredential(attempt.credentialId);
  if (!stored) throw new Error(`credential ${attempt.credentialId} of payment ${payment.paymentNo} is missing`);
  const step = await openStep(deps, { gateway, method, payment, attempt, secrets: openSecrets(deps, stored) }, locale);
  if (step.type === 'redirect') return step;
  if (step.type !== 'form') return { type: 'page' };
  return {
    type: 'form',
    view: {
      locale,
      shopName: deps.store.findProject(payment.projectId)?.name ?? '',
      gatewayName: gateway.name,
      amount: payment.amount,
      currency: payment.currency,
      action: step.action,
      fields: step.fields,
      backUrl: pagePath(deps, payment.paymentNo, locale),
    },
  };
}
