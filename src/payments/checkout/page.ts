import type { Attempt, Instructions } from '../../core/attempt.ts';
import { PAYMENT_NO } from '../../core/ids.ts';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { detailsOf } from '../../core/notification.ts';
import { payersPart } from '../../core/paid-details.ts';
import { type Payment, UNCHOSEN } from '../../core/payment.ts';
import { appendQuery } from '../../core/shop-address.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Method, PageOrigins } from '../../gateways/gateway.ts';
import { nameFor } from '../../gateways/names.ts';
import type { Asked, ElementForm, Notice, PageModel, Screen } from '../../pages/checkout/model.ts';
import type { PaymentWithAttempt } from '../../store/queries/payments.ts';
import { loadSubject, makeContext } from '../subject.ts';
import { CHOOSING, originOf, pagePath, pageUrl, type Ways } from '../urls.ts';
import { describeChoice } from './choice.ts';
import type { InAppBrowser } from './in-app.ts';
import { maySelectMethod } from './method-selection.ts';
import { listAsked } from './payer-details.ts';
import { buildPracticeUrl } from './practice-url.ts';
import { chooseScreen, hasDeadline, isOverdue, unchosenScreen } from './screen.ts';
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
  /** Back from the gateway, or from a form of ours: the address that the browser is at is not the page’s. */
  readonly returned?: boolean;
  readonly notice?: Notice | null;
  /** He wants to pay another way. */
  readonly choose?: boolean;
  /** His browser is that of another app. */
  readonly inApp?: InAppBrowser | null;
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
  const now = deps.clock.now();
  const mayChange = maySelectMethod(payment, moving, now);
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
  const instructions = nameStores(chosen?.gateway, payment, attempt?.instructions ?? null);
  const place = arrival.choose ? CHOOSING : '';
  return {
    locale,
    now,
    timezone: deps.config.timezone,
    screen,
    paymentNo: payment.paymentNo,
    merchantOrderNo: orderNoOf(payment),
    ...describeShop(project, payment),
    gateway: nameFor(chosen?.gateway, locale),
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
    ...describeDeadline({ payment, attempt }, screen, now, `${base}/deadline.ics?token=${token}`),
    paidAt: payment.paidAt,
    card: showCard(attempt),
    pageUrl: pageUrl(deps, payment.paymentNo, locale),
    languages: LOCALES.map((one) => ({ locale: one, href: pagePath(deps, payment.paymentNo, one) + place })),
    startAction:
      canGo(payment, chosen?.method, isAsked) && !moving && screen !== 'choose' ? `${base}/go?token=${token}` : null,
    ...(change ? { change } : {}),
    ...(isAsked && screen === 'go' ? { asks: arrival.asked ?? asks } : {}),
    paysHere: chosen?.gateway.element !== undefined,
    ...(chosen?.method.inSite ? { inSite: describeInSite(chosen, payment, locale, token) } : {}),
    ...(element ? { element } : {}),
    ...describeInApp(screen, chosen?.method, arrival.inApp ?? null, pageUrl(deps, payment.paymentNo, locale)),
    statusUrl: `${base}/status?token=${token}`,
    pictureUrl: instructions?.type === 'qr' ? `${base}/qr.png?token=${token}` : null,
    revision: revisionOf(found, now),
    practiceUrl,
    successUrl: successUrlOf(payment),
  };
}

/** Screens from which the payer goes on to a page or an app of somebody else. */
const LEADS_ON: readonly Screen[] = ['go', 'insite', 'element'];

function describeInApp(
  screen: Screen,
  method: Method | undefined,
  browser: InAppBrowser | null,
  address: string,
): Pick<PageModel, 'inApp'> {
  if (!browser || !method?.needsSystemBrowser || !LEADS_ON.includes(screen)) return {};
  const { app, outside } = browser;
  return { inApp: { app, openUrl: outside && appendQuery(address, { [outside[0]]: outside[1] }) } };
}

function describeInSite(
  { gateway, method }: { readonly gateway: Gateway; readonly method: Method },
  { paymentNo }: Payment,
  locale: Locale,
  token: string,
): NonNullable<PageModel['inSite']> {
  return {
    formUrl: `/${locale}/pay/${paymentNo}/form?token=${token}`,
    payUrl: `/api/paycore/pay/${gateway.id}/${method.path}/${paymentNo}/create?token=${token}&locale=${locale}`,
  };
}

function describeDeadline(
  shown: PaymentWithAttempt,
  screen: Screen,
  now: number,
  calendarUrl: string,
): Pick<PageModel, 'deadline' | 'isOverdue' | 'calendarUrl'> {
  const hasNumber = screen === 'instructions';
  return {
    deadline: (screen === 'choose' ? null : shown.attempt?.deadline) ?? shown.payment.closeAt,
    isOverdue: hasNumber && isOverdue(shown, now),
    calendarUrl: hasNumber && hasDeadline(shown, now) ? calendarUrl : null,
  };
}

/** A code that was asked for one chain is of no use in another. */
function nameStores(
  gateway: Gateway | undefined,
  { order }: Payment,
  instructions: Instructions | null,
): Instructions | null {
  const stores = gateway?.storesOf?.(order);
  return instructions?.type === 'cvs' && stores ? { stores, ...instructions } : instructions;
}

function showCard(attempt: Attempt | null): NonNullable<PageModel['card']> | null {
  const { last4, bank = null } = payersPart(detailsOf(attempt))?.card ?? {};
  return last4 === undefined ? null : { last4, bank };
}

function canGo({ status }: Payment, method: Method | undefined, asks: boolean): boolean {
  return status === 'pending' && method !== undefined && (asks || (method.mayChooseAgain && !method.inSite));
}

/** Changes whenever the page would look different. */
export function revisionOf(found: PaymentWithAttempt, now: number): string {
  const { revision, status } = found.payment;
  return `${revision}-${status}${isOverdue(found, now) ? '-overdue' : ''}`;
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
