import type { VNode } from 'preact';
import { answerPage, parseForm, refuseAction, seeOther } from '../http.ts';
import { Choice } from '../pages/layout.tsx';
import { PayerPage, type PayerParts } from '../pages/payer.tsx';
import { ONCE } from '../sender.ts';
import type { Call, World } from '../world.ts';
import { approvedEvent } from './events.ts';
import { changeOrder, contextOf, isGone, orderNoOf, orders, type PaypalOrder, unitOf } from './order.ts';
import { outcomes, readOutcome } from './plans.ts';
import { brandOf, PAYER_ID } from './views.ts';
import { sendEvent } from './webhooks.ts';

/** PayPal takes no money for an order that is gone. */
export const needAlive = (world: World, order: PaypalOrder): PaypalOrder =>
  isGone(order, world.now()) ? refuseAction('ORDER_EXPIRED', 'PayPal has dropped this order.') : order;

/** The payer agrees; the money moves when the order is captured. An order past that stays as it is. */
export function approve(world: World, order: PaypalOrder): PaypalOrder {
  needAlive(world, order);
  return order.stage === 'open' ? changeOrder(world, order, { stage: 'approved' }) : order;
}

/** What the shop's address already asks stays byte for byte. Null when the shop gave no address. */
function addQuery(address: string | undefined, query: Readonly<Record<string, string>>): string | null {
  if (address === undefined) return null;
  const url = new URL(address);
  const added = new URLSearchParams(query).toString();
  url.search = url.search === '' ? added : `${url.search}&${added}`;
  return url.href;
}

const returnAddress = (order: PaypalOrder) =>
  addQuery(contextOf(order).return_url, { token: order.id, PayerID: PAYER_ID });
const cancelAddress = (order: PaypalOrder) => addQuery(contextOf(order).cancel_url, { token: order.id });

const endings = Object.entries(outcomes).map(([value, [text]]) => [value, text] as const);

const approving = {
  title: 'PayPal',
  heading: 'Pay with PayPal',
  note: 'No account is needed here: choose what the payer does.',
};
const declined = {
  title: 'Declined',
  heading: 'The bank declined',
  css: 'bad',
  note: 'The shop is not told. Approve with something else, or go back.',
};

/** Approve, decline or cancel, or where an order is that a payer can do nothing about. */
function partsOf(order: PaypalOrder, now: number, isDeclined: boolean): PayerParts {
  if (isGone(order, now)) return { title: 'This order has expired', back: cancelAddress(order) };
  if (order.stage === 'captured') return { title: 'This order is paid for', back: returnAddress(order) };
  if (order.stage === 'approved') return { title: 'Approved', back: returnAddress(order) };
  const steps = [
    ['approve', 'Approve 同意付款'],
    ['decline', 'Let the bank decline 拒絕'],
    ['cancel', 'Cancel and go back 取消'],
  ] as const;
  const fields = <Choice name="outcome" label="When the shop captures" values={endings} chosen={order.plan.kind} />;
  return { ...(isDeclined ? declined : approving), path: '/checkoutnow', query: `?token=${order.id}`, steps, fields };
}

function pageOf(order: PaypalOrder, parts: PayerParts): VNode {
  const { currency_code, value: amount } = order.amount;
  const items = [unitOf(order).description].flatMap((item) => item ?? []);
  const sale = { payee: `PayPal · ${brandOf(order)}`, unit: `${currency_code} `, amount, items };
  return <PayerPage sale={{ ...sale, orderNo: orderNoOf(order) }} {...parts} />;
}

/** `isDeclined` after the payer's bank just refused. */
const show = ({ world }: Call, order: PaypalOrder, isDeclined = false): Response =>
  answerPage(pageOf(order, partsOf(order, world.now(), isDeclined)));

const goBack = (call: Call, order: PaypalOrder, address: string | null): Response =>
  address === null ? show(call, order) : seeOther(address);

function stepApprove(call: Call, order: PaypalOrder): Response {
  const { world, body } = call;
  if (order.stage !== 'open') return goBack(call, order, returnAddress(order));
  const { outcome } = Object.fromEntries(parseForm(body) ?? []);
  // What a program chose beforehand, with its details, stands unless the payer chooses something else.
  const isChosen = outcome !== undefined && outcome !== order.plan.kind;
  const approved = approve(world, isChosen ? changeOrder(world, order, { plan: readOutcome({ outcome }) }) : order);
  // The payer comes back while the event is under way, as with PayPal.
  void sendEvent(world, approved, ONCE, approvedEvent);
  return goBack(call, approved, returnAddress(approved));
}

const steps: Readonly<Record<string, (call: Call, order: PaypalOrder) => Response>> = {
  approve: stepApprove,
  decline: (call, order) => show(call, order, true),
  cancel: (call, order) => goBack(call, order, cancelAddress(order)),
};

/**
 * `GET /checkoutnow?token=…` is where the link `payer-action` or `approve` leads; `POST
 * /checkoutnow/approve|decline|cancel?token=…` is what the payer pressed there.
 */
export function answerCheckout(call: Call): Response {
  const { world, url, params } = call;
  const order =
    orders.shelf(world).get(url.searchParams.get('token') ?? '') ??
    refuseAction('ORDER_NOT_FOUND', 'No such PayPal order.', 404);
  const [name] = params;
  if (name === undefined) return show(call, order);
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) return refuseAction('NOT_FOUND', 'No such step.', 404);
  return isGone(order, world.now()) ? show(call, order) : step(call, order);
}
