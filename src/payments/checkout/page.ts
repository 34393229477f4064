import type { Attempt } from '../../core/attempt.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { detailsOf } from '../../core/notification.ts';
import { payersPart } from '../../core/paid-details.ts';
import { type Payment, UNCHOSEN } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { Method, PageOrigins } from '../../gateways/gateway.ts';
import type { Asked, ElementForm, Notice, PageModel, Screen } from '../../pages/checkout/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { loadSubject, makeContext } from '../subject.ts';
import { originOf, pagePath, pageUrl, type Ways } from '../urls.ts';
import { describeChoice } from './choice.ts';
import { maySelectMethod } from './method-selection.ts';
import { listAsked } from './payer-details.ts';
import { buildPracticeUrl } from './practice-url.ts';
import { chooseScreen, unchosenScreen } from './screen.ts';
import { describeShop, itemOf, orderNoOf, successUrlOf } from './shop.ts';

/** The payment behind a page's address. Null for an unknown number and for a wrong token alike. */
export async function findForPage(
  deps: Pick<Deps, 'store' | 'vault'>,
  paymentNo: string,
  token: string,
): Promise<PaymentWithAttempt | null> {
  if (!PAYMENT_NO.test(paymentNo) || !deps.vault.checkPageToken(paymentNo, token)) return null;
  return deps.store.findPayment(paymentNo);
}

/** How the payer came to the page. */
export interface Arrival {
  /** Back from the gateway. */
  readonly returned?: boolean;
  readonly notice?: Notice | null;
  /** He wants to pay another way. */
  readonly choose?: boolean;
  /** What he has filled in where the page asked him, and it is wrong. */
  readonly asked?: readonly Asked[];
}

/** Everything the payment page shows, ready made. */
export async function buildPageModel(
  deps: Deps,
  found: PaymentWithAttempt,
  locale: Locale,
  arrival: Arrival = {},
): Promise<PageModel> {
  const { payment } = found;
  const moving = payment.status === 'pending' ? await deps.store.findMoving(payment.id) : null;
  // What money may be moving through is what the page is about, whatever the payer looked at last.
  const attempt = moving ?? found.attempt;
  const chosen = payment.gateway === UNCHOSEN ? null : deps.gateways.methodOf(moving ?? payment);
  const mayChange = maySelectMethod(payment, moving, deps.clock.now());
  const wantsChoice = mayChange && (arrival.choose === true || chosen === null || attempt?.status === 'ended');
  const asks = listAsked(deps, payment);
  const isAsked = asks.length > 0;
  const screen = wantsChoice
    ? 'choose'
    : chosen
      ? chooseScreen(payment, attempt, chosen.method, isAsked)
      : unchosenScreen(payment);
  const token = encodeURIComponent(deps.vault.makePageToken(payment.paymentNo));
  const base = `/${locale}/pay/${payment.paymentNo}`;
  const [project, change, element, practiceUrl] = await Promise.all([
    deps.store.findProject(payment.projectId),
    mayChange ? describeChoice(deps, payment, locale) : null,
    screen === 'element' ? describeElement(deps, payment, attempt, locale) : null,
    screen === 'choose' ? null : buildPracticeUrl(deps, payment, attempt, locale),
  ]);
  const instructions = attempt?.instructions ?? null;
  return {
    locale,
    now: deps.clock.now(),
    screen,
    paymentNo: payment.paymentNo,
    merchantOrderNo: orderNoOf(payment),
    ...describeShop(project, payment),
    gateway: chosen?.gateway.name ?? '',
    method: (moving ?? payment).method,
    status: payment.status,
    flags: payment.flags,
    amount: payment.amount,
    currency: payment.currency,
    itemName: itemOf(payment),
    instructions,
    guideUrl: instructions?.type === 'atm' || screen === 'choose' ? null : (chosen?.method.guideUrl ?? null),
    notice: payment.status === 'pending' ? (arrival.notice ?? null) : null,
    returned: arrival.returned ?? false,
    deadline: (screen === 'choose' ? null : attempt?.deadline) ?? payment.closeAt,
    paidAt: payment.paidAt,
    card: showCard(attempt),
    pageUrl: pageUrl(deps, payment.paymentNo, locale),
    languages: LOCALES.map((one) => ({ locale: one, href: pagePath(deps, payment.paymentNo, one) })),
    startAction:
      canGo(payment, chosen?.method, isAsked) && !moving && screen !== 'choose' ? `${base}/go?token=${token}` : null,
    ...(change ? { change } : {}),
    ...(isAsked && screen === 'go' ? { asks: arrival.asked ?? asks } : {}),
    paysHere: chosen?.gateway.element !== undefined,
    ...(chosen?.method.inSite
      ? {
          inSite: {
            formUrl: `${base}/form?token=${token}`,
            payUrl: `/api/paycore/pay/${chosen.gateway.id}/${chosen.method.path}/${payment.paymentNo}/create?token=${token}&locale=${locale}`,
          },
        }
      : {}),
    ...(element ? { element } : {}),
    statusUrl: `${base}/status?token=${token}`,
    revision: revisionOf(payment),
    practiceUrl,
    successUrl: successUrlOf(payment),
  };
}

function showCard(attempt: Attempt | null): NonNullable<PageModel['card']> | null {
  const { last4, bank = null } = payersPart(detailsOf(attempt))?.card ?? {};
  return last4 === undefined ? null : { last4, bank };
}

function canGo({ status }: Payment, method: Method | undefined, asks: boolean): boolean {
  return status === 'pending' && method !== undefined && (asks || (method.mayChooseAgain && !method.inSite));
}

/** Changes whenever the page would look different. */
export function revisionOf(payment: Payment): string {
  return `${payment.revision}-${payment.status}`;
}

/** In the language of the page, whatever the attempt was opened in. */
async function describeElement(
  deps: Deps,
  payment: Payment,
  attempt: Attempt | null,
  locale: Locale,
): Promise<ElementForm> {
  const { gateway } = deps.gateways.methodOf(payment);
  if (!attempt || !gateway.element) throw new Error(`${payment.gateway} has no form for its element`);
  const shown = { ...attempt, locale };
  const { secrets } = await loadSubject(deps, payment, shown);
  const ctx = makeContext(deps, payment, shown);
  return { gateway: gateway.id, ...gateway.element.describe(shown, secrets, ctx, payment.environment) };
}

/** What the page's policy lets in for the gateway's form in it; null: no such form. */
export function listOrigins(deps: Ways, payment: Payment, screen: Screen): PageOrigins | null {
  if (payment.gateway === UNCHOSEN) return null;
  const { gateway } = deps.gateways.methodOf(payment);
  const driver = { insite: gateway.inSite, element: gateway.element }[screen as string];
  const ctx = {
    originOf: (service: string, environment: Payment['environment']) =>
      originOf(deps, payment.gateway, service, environment),
  };
  return driver?.origins(ctx, payment.environment) ?? null;
}
