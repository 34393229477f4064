import type { VNode } from 'preact';
import { answerPage, parseForm, seeOther } from '../http.ts';
import { refuseAction } from '../rest.ts';
import { PayerPage, Step, WayBack } from '../rest-page.tsx';
import { ONCE } from '../sender.ts';
import type { Call, World } from '../world.ts';
import { approvedEvent } from './events.ts';
import { changeOrder, contextOf, isGone, orderNoOf, ordersOf, type PaypalOrder, unitOf } from './order.ts';
import { outcomes, readOutcome } from './plans.ts';
import { brandOf, PAYER_ID } from './views.ts';
import { sendEvent } from './webhooks.ts';

/** PayPal takes no money for an order that is gone. */
export function needAlive(world: World, order: PaypalOrder): PaypalOrder {
  return isGone(order, world.now()) ? refuseAction('ORDER_EXPIRED', 'PayPal has dropped this order.') : order;
}

/** The payer agrees; the money moves when the order is captured. An order past that stays as it is. */
export function approve(world: World, order: PaypalOrder): PaypalOrder {
  needAlive(world, order);
  return order.stage === 'open' ? changeOrder(world, order.id, { stage: 'approved' }) : order;
}

/** What the shop's address already asks stays byte for byte. Null when the shop gave no address. */
function addQuery(address: string | undefined, query: Readonly<Record<string, string>>): string | null {
  if (address === undefined) return null;
  const url = new URL(address);
  const added = new URLSearchParams(query).toString();
  url.search = url.search === '' ? added : `${url.search}&${added}`;
  return url.href;
}

function returnAddress(order: PaypalOrder): string | null {
  return addQuery(contextOf(order).return_url, { token: order.id, PayerID: PAYER_ID });
}

function cancelAddress(order: PaypalOrder): string | null {
  return addQuery(contextOf(order).cancel_url, { token: order.id });
}

function saleOf(order: PaypalOrder) {
  const { currency_code: currency, value: amount } = order.amount;
  const payee = `PayPal · ${brandOf(order)}`;
  return { payee, currency, amount, item: unitOf(order).description, orderNo: orderNoOf(order) };
}

/** Approve, decline or cancel; `isDeclined` after the payer's bank just refused. */
function approvePage(order: PaypalOrder, isDeclined: boolean): VNode {
  const words = isDeclined
    ? { title: 'Declined', css: 'bad', heading: 'The bank declined' }
    : { title: 'PayPal', heading: 'Pay with PayPal' };
  const pathOf = (name: string) => `/checkoutnow/${name}?token=${order.id}`;
  return (
    <PayerPage {...saleOf(order)} {...words}>
      <p class="quiet">
        {isDeclined
          ? 'The shop is not told. Approve with something else, or go back.'
          : 'No account is needed here: choose what the payer does.'}
      </p>
      <div class="stack">
        <Step action={pathOf('approve')} name="approve" label="Approve 同意付款" isMain>
          <label>
            <span class="quiet">When the shop captures</span>
            <select name="outcome">
              {Object.entries(outcomes).map(([value, [name]]) => (
                <option key={value} value={value} selected={value === order.plan.kind}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </Step>
        <Step action={pathOf('decline')} name="decline" label="Let the bank decline 拒絕" />
        <Step action={pathOf('cancel')} name="cancel" label="Cancel and go back 取消" />
      </div>
    </PayerPage>
  );
}

/** Where an order is that a payer can do nothing about. */
function statePage(order: PaypalOrder, title: string, back: string | null): VNode {
  return (
    <PayerPage {...saleOf(order)} title={title}>
      <WayBack href={back} />
    </PayerPage>
  );
}

function pageOf(world: World, order: PaypalOrder, isDeclined: boolean): VNode {
  if (isGone(order, world.now())) return statePage(order, 'This order has expired', cancelAddress(order));
  if (order.stage === 'captured') return statePage(order, 'This order is paid for', returnAddress(order));
  return order.stage === 'approved'
    ? statePage(order, 'Approved', returnAddress(order))
    : approvePage(order, isDeclined);
}

function show(call: Call, order: PaypalOrder, isDeclined = false): Response {
  return answerPage(pageOf(call.world, order, isDeclined));
}

function goBack(call: Call, order: PaypalOrder, address: string | null): Response {
  return address === null ? show(call, order) : seeOther(address);
}

function stepApprove(call: Call, order: PaypalOrder): Response {
  const { world, body } = call;
  if (order.stage !== 'open') return goBack(call, order, returnAddress(order));
  const { outcome } = Object.fromEntries(parseForm(body) ?? []);
  // What a program chose beforehand, with its details, stands unless the payer chooses something else.
  const isChosen = outcome !== undefined && outcome !== order.plan.kind;
  const approved = approve(world, isChosen ? changeOrder(world, order.id, { plan: readOutcome({ outcome }) }) : order);
  // The payer comes back while the event is under way, as with PayPal.
  void sendEvent(world, approved, ONCE, approvedEvent);
  return goBack(call, approved, returnAddress(approved));
}

const steps: Readonly<Record<string, (call: Call, order: PaypalOrder) => Response>> = {
  approve: stepApprove,
  decline: (call, order) => show(call, order, true),
  cancel: (call, order) => goBack(call, order, cancelAddress(order)),
};

function needOrder({ world, url }: Call): PaypalOrder {
  const order = ordersOf(world).get(url.searchParams.get('token') ?? '');
  return order ?? refuseAction('ORDER_NOT_FOUND', 'No such PayPal order.', 404);
}

/** `GET /checkoutnow?token=…`: where the link `payer-action` or `approve` leads. */
export function showCheckout(call: Call): Response {
  return show(call, needOrder(call));
}

/** `POST /checkoutnow/approve|decline|cancel?token=…`: what the payer pressed. */
export function stepCheckout(call: Call): Response {
  const order = needOrder(call);
  const [name = ''] = call.params;
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!step) return refuseAction('NOT_FOUND', 'No such step.', 404);
  return isGone(order, call.world.now()) ? show(call, order) : step(call, order);
}
