import { checkFields, type Field } from '../../core/fields.ts';
import { makeId } from '../../core/ids.ts';
import { type AmountRule, type Link, type LinkState, readEntered, smallestEntered, stateOf } from '../../core/link.ts';
import { LOCALES, type Locale } from '../../core/locale.ts';
import { majorToMinor } from '../../core/money.ts';
import type { Order, Payment } from '../../core/payment.ts';
import type { ProjectSettings, ProjectUrls } from '../../core/settings.ts';
import { frontPageOf } from '../../core/shop-address.ts';
import type { Deps } from '../../deps.ts';
import type { LinkForm, LinkPageModel, LinkProblems } from '../../pages/checkout/link-model.ts';
import type { PendingUse } from '../../store/queries/links.ts';
import { signOf } from '../checkout/shop.ts';
import { planCheckout } from '../create/checkout.ts';
import { CREATE_FIELDS } from '../create/request.ts';
import { webhookIds } from '../facts.ts';
import { MAX_AMOUNT } from './fields.ts';
import { linkPath } from './links.ts';

/** Payment links as payers see them: the page, and what its button does. */

/** What a payer has sent, as he wrote it. */
export interface SentForm extends LinkForm {
  /** Names the page that was sent off; null when it is none of ours. */
  readonly formKey: string | null;
}

/** More than any field takes, so that what is cut is refused all the same. */
const LONGEST = 400;
const FORM_KEY = /^form_[A-Za-z0-9]{22}$/;

/** The fields of the page’s form, without what would not be seen. */
export function readSentForm(fields: URLSearchParams): SentForm {
  const read = (name: string) =>
    (fields.get(name) ?? '')
      .slice(0, LONGEST)
      .toWellFormed()
      .replace(/\p{Cc}/gu, ' ')
      .trim();
  const formKey = fields.get('form_key') ?? '';
  return {
    amount: read('amount'),
    buyer_name: read('buyer_name'),
    buyer_email: read('buyer_email'),
    formKey: FORM_KEY.test(formKey) ? formKey : null,
  };
}

/** Bounds of what the payer may enter. */
function ruleOf({ currency, minAmount, maxAmount }: Link): AmountRule {
  return {
    currency,
    min: Math.max(minAmount ?? 0, smallestEntered(currency)),
    max: maxAmount ?? Math.min(majorToMinor(MAX_AMOUNT, currency), Number.MAX_SAFE_INTEGER),
  };
}

export interface LinkArrival {
  readonly form?: LinkForm;
  readonly problems?: LinkProblems;
}

/** Everything the link's page shows, ready made. */
export async function buildLinkPageModel(
  deps: Deps,
  link: Link,
  locale: Locale,
  arrival: LinkArrival = {},
): Promise<LinkPageModel> {
  const [project, begun] = await Promise.all([deps.store.findProject(link.projectId), findBegun(deps, link)]);
  const now = deps.clock.now();
  return {
    locale,
    now,
    state: begun ? 'begun' : stateOf(link, now),
    linkNo: link.linkNo,
    title: link.title,
    itemName: link.order.itemName ?? null,
    ...signOf(project),
    homeUrl: homeOfLink(link, project?.settings ?? {}),
    livemode: link.keyKind === 'live',
    currency: link.currency,
    amount: begun?.amount ?? link.amount,
    ...describeBounds(link),
    expiresAt: link.expiresAt,
    form: arrival.form ?? { amount: '', buyer_name: '', buyer_email: '' },
    problems: arrival.problems ?? {},
    formKey: makeId('form', deps.random),
    action: linkPath(link.linkNo, locale),
    isSecure: deps.publicUrl.startsWith('https:'),
    languages: LOCALES.map((one) => ({ locale: one, href: linkPath(link.linkNo, one) })),
  };
}

/** Back to the shop from a page that is no payment yet: the addresses as they are. */
function homeOfLink({ order }: Link, { cancel_url, success_url, shop_url }: ProjectSettings): string | null {
  return order.cancelUrl ?? cancel_url ?? shop_url ?? frontPageOf(order.successUrl ?? success_url);
}

/** `max` is told only when the shop has set it. */
function describeBounds(link: Link): Pick<LinkPageModel, 'min' | 'max' | 'hasMin' | 'hasMax'> {
  const { min, max } = ruleOf(link);
  return { min, max, hasMin: link.minAmount !== null, hasMax: link.maxAmount !== null };
}

/** The payment that is under way through a single-use link: nobody can begin another. */
async function findBegun(deps: Pick<Deps, 'store'>, link: Link): Promise<Payment | null> {
  if (!link.isSingleUse || link.paidCount > 0) return null;
  const use: PendingUse | null = await deps.store.findPendingUse(link.id);
  return use?.isBegun ? use.payment : null;
}

export type UseResult =
  | { readonly type: 'payment'; readonly payment: Payment }
  | { readonly type: 'ended' }
  | { readonly type: 'invalid'; readonly problems: LinkProblems };

/** The payer goes on to pay. */
export async function useLink(deps: Deps, link: Link, form: SentForm): Promise<UseResult> {
  const begun = await findBegun(deps, link);
  if (begun) return { type: 'payment', payment: begun };
  if (stateOf(link, deps.clock.now()) !== 'open') return { type: 'ended' };
  const entered = link.amount === null ? readEntered(form.amount, ruleOf(link)) : { amount: link.amount };
  const buyer = checkFields({ ...form }, BUYER_FIELDS);
  const problems: LinkProblems = {
    ...(typeof entered === 'string' ? { amount: entered } : {}),
    ...(buyer.errors.buyer_name ? { buyer_name: 'long' } : {}),
    ...(buyer.errors.buyer_email ? { buyer_email: 'format' } : {}),
  };
  if (typeof entered === 'string' || Object.keys(problems).length > 0) return { type: 'invalid', problems };
  const order = await composeOrder(deps, link, buyer.values);
  return openPayment(deps, link, form, { amount: entered.amount, order });
}

const BUYER_FIELDS: readonly Field[] = CREATE_FIELDS.filter(({ name }) => ['buyer_name', 'buyer_email'].includes(name));

async function openPayment(
  deps: Deps,
  link: Link,
  { formKey }: SentForm,
  { amount, order }: Pick<Payment, 'amount' | 'order'>,
): Promise<UseResult> {
  const owner = { projectId: link.projectId, kind: link.keyKind };
  const request = { merchantOrderNo: link.linkNo, amount, currency: link.currency, order };
  const planned = planCheckout(deps, owner, request);
  const result = await deps.store.openLinkPayment({
    linkId: link.id,
    payment: { ...planned, origin: { by: { type: 'payer' }, link_no: link.linkNo } },
    formKey,
    makeWebhookId: webhookIds(deps),
  });
  if ('state' in result) return { type: 'ended' };
  if (result.isToldOf) deps.wake();
  return { type: 'payment', payment: result.payment };
}

type Values = Readonly<Record<string, unknown>>;

/** The project's own addresses, as they are now, where the link names none. */
async function composeOrder(
  deps: Pick<Deps, 'store'>,
  link: Link,
  { buyer_name, buyer_email }: Values,
): Promise<Order> {
  const urls: ProjectUrls = await deps.store.findSettings(link.projectId);
  const usual = { successUrl: urls.success_url, cancelUrl: urls.cancel_url, payokUrl: urls.payok_url };
  const buyer = { buyerName: buyer_name, buyerEmail: buyer_email };
  const all = { itemName: link.title, ...usual, ...link.order, ...buyer };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Order;
}

/** Why the page cannot be used; null: it can. */
export function endOf(model: LinkPageModel): Exclude<LinkState, 'open'> | null {
  return model.state === 'open' || model.state === 'begun' ? null : model.state;
}
