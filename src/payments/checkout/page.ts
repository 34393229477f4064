import type { Attempt } from '../../core/attempt.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { detailsOf } from '../../core/notification.ts';
import { payersPart } from '../../core/paid-details.ts';
import { type Payment, UNCHOSEN } from '../../core/payment.ts';
import { appendQuery } from '../../core/shop-address.ts';
import type { Deps } from '../../deps.ts';
import type { Method, PageOrigins } from '../../gateways/gateway.ts';
import { nameFor } from '../../gateways/names.ts';
import type { ElementForm, MethodSelection, Notice, PageModel, Screen } from '../../pages/checkout/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { brandOf, shopNameOf } from '../projects/projects.ts';
import { loadSubject, makeContext } from '../subject.ts';
import { originOf, pagePath, pageUrl, type Ways } from '../urls.ts';
import { listMethodOptions } from './method-options.ts';
import { maySelectMethod } from './method-selection.ts';
import { findMissingOf } from './payer-details.ts';
import { chooseScreen, unchosenScreen } from './screen.ts';

/** The payment behind a page's address. Null for an unknown number and for a wrong token alike. */
export async function findForPage(
  deps: Pick<Deps, 'store' | 'vault'>,
  paymentNo: string,
  token: string,
): Promise<PaymentWithAttempt | null> {
  if (!PAYMENT_NO.test(paymentNo) || !deps.vault.checkPageToken(paymentNo, token)) return null;
  return deps.store.findPayment(paymentNo);
}

/** In the address of the page for who wants to pay another way. */
const CHOOSING = '&choose=1';

/** How the payer came to the page. */
export interface Arrival {
  /** Back from the gateway. */
  readonly returned?: boolean;
  readonly notice?: Notice | null;
  /** He wants to pay another way. */
  readonly choose?: boolean;
  /** What he has filled in where the page asked him, and it is wrong. */
  readonly sent?: string;
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
  const asks = findMissingOf(deps, payment);
  const screen = wantsChoice
    ? 'choose'
    : chosen
      ? chooseScreen(payment, attempt, chosen.method, asks !== null)
      : unchosenScreen(payment);
  const token = encodeURIComponent(deps.vault.makePageToken(payment.paymentNo));
  const base = `/${locale}/pay/${payment.paymentNo}`;
  const [project, change, element] = await Promise.all([
    deps.store.findProject(payment.projectId),
    mayChange ? describeChange(deps, payment, locale) : null,
    screen === 'element' ? describeElement(deps, payment, attempt, locale) : null,
  ]);
  const instructions = attempt?.instructions ?? null;
  const place = arrival.choose ? CHOOSING : '';
  return {
    locale,
    now: deps.clock.now(),
    screen,
    paymentNo: payment.paymentNo,
    merchantOrderNo: payment.merchantOrderNo,
    shopName: shopNameOf(project),
    brand: brandOf(project),
    gateway: chosen ? nameFor(chosen.gateway, locale) : '',
    method: (moving ?? payment).method,
    status: payment.status,
    flags: payment.flags,
    livemode: payment.livemode,
    amount: payment.amount,
    currency: payment.currency,
    itemName: payment.order.itemName ?? payment.order.description ?? null,
    instructions,
    guideUrl: instructions?.type === 'atm' || screen === 'choose' ? null : (chosen?.method.guideUrl ?? null),
    notice: payment.status === 'pending' ? (arrival.notice ?? null) : null,
    returned: arrival.returned ?? false,
    deadline: (screen === 'choose' ? null : attempt?.deadline) ?? payment.closeAt,
    paidAt: payment.paidAt,
    card: showCard(attempt),
    pageUrl: pageUrl(deps, payment.paymentNo, locale),
    languages: LOCALES.map((one) => ({ locale: one, href: pagePath(deps, payment.paymentNo, one) + place })),
    startAction:
      canGo(payment, chosen?.method, asks !== null) && !moving && screen !== 'choose'
        ? `${base}/go?token=${token}`
        : null,
    ...(change ? { change } : {}),
    ...(asks !== null && screen === 'go' ? { asks: { field: asks, sent: arrival.sent ?? null } } : {}),
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
    successUrl: buildSuccessUrl(payment),
    cancelUrl: payment.order.cancelUrl ?? null,
  };
}

function showCard(attempt: Attempt | null): NonNullable<PageModel['card']> | null {
  const { last4, bank = null } = payersPart(detailsOf(attempt))?.card ?? {};
  return last4 === undefined ? null : { last4, bank };
}

function canGo({ status }: Payment, method: Method | undefined, asks: boolean): boolean {
  return status === 'pending' && method !== undefined && (asks || (method.mayChooseAgain && !method.inSite));
}

/** What the payer may choose from, and where he says so. */
async function describeChange(deps: Deps, payment: Payment, locale: Locale): Promise<MethodSelection> {
  const token = encodeURIComponent(deps.vault.makePageToken(payment.paymentNo));
  const page = pagePath(deps, payment.paymentNo, locale);
  const choices = await listMethodOptions(deps, payment);
  return {
    listUrl: page + CHOOSING,
    action: `/${locale}/pay/${payment.paymentNo}/choose?token=${token}`,
    choices: choices.map(({ route, gateway, method }) => ({
      route,
      gateway: nameFor(gateway, locale),
      method: method.method,
    })),
  };
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

/** The shop's address with `payment_no`, `merchant_order_no` and `status` added. */
function buildSuccessUrl(payment: Payment): string | null {
  const base = payment.order.successUrl ?? payment.order.returnUrl;
  if (base === undefined) return null;
  const { paymentNo: payment_no, merchantOrderNo: merchant_order_no, status } = payment;
  return appendQuery(base, { payment_no, merchant_order_no, status });
}
