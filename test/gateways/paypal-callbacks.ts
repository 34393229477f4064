import type { Delivery, TestApp } from '../support/app.ts';
import { present } from '../support/parts.ts';
import type { Post, Say, Target } from './contract.ts';

/** PayPal's events as the simulator delivers them, kept from PayCore. */
export interface Account {
  readonly client_id: string;
  readonly client_secret: string;
}

export const OURS: Account = { client_id: 'SELLER_CLIENT_ID', client_secret: 'SELLER_CLIENT_SECRET' };
/** Another merchant of PayPal. */
export const THEIRS: Account = { client_id: 'THEIR_CLIENT_ID', client_secret: 'THEIR_CLIENT_SECRET' };

/** The simulator's webhook of every account that has set up none. */
export const WEBHOOK_ID = 'SIMULATORWEBHOOK1';

/** Another wording is another event about the same: each approval is one. */
interface Events {
  readonly approved: readonly [Delivery, Delivery];
  readonly reversed: Delivery;
}

const told = new WeakMap<TestApp, Map<string, Promise<Events>>>();

/** What can be said about an order, said once at the beginning: PayPal stands by every delivery it has made. */
function eventsOf(app: TestApp, tradeNo: string): Promise<Events> {
  const known = told.get(app) ?? new Map<string, Promise<Events>>();
  told.set(app, known);
  const events = known.get(tradeNo) ?? tellEverything(app, tradeNo);
  known.set(tradeNo, events);
  return events;
}

async function tellEverything(app: TestApp, tradeNo: string): Promise<Events> {
  // Our own capture is told by PayPal as well; here it shall be found by asking.
  await app.simulate(tradeNo, 'outcome', { outcome: 'completed', callback: false });
  const tell = async (action: string) => {
    const [delivery] = await app.catchCallbacks(tradeNo, () => app.simulate(tradeNo, action));
    return present(delivery, `the event of ${action}`);
  };
  const first = await tell('approve');
  const reversed = await tell('decline');
  const second = await tell('approve');
  await app.simulate(tradeNo, 'decline', { callback: false });
  return { approved: [first, second], reversed };
}

/** The event that says so, after the simulator's order has been brought to say the same. */
export async function makeEvent(target: Target, say: Say, app: TestApp): Promise<Post> {
  const tradeNo = target.tradeNo ?? (await openElsewhere(app, OURS, target.paymentNo));
  const { approved, reversed } = await eventsOf(app, tradeNo);
  const isPaid = say.fact === 'paid';
  // For a payment that is over, money only comes when it was taken before we knew.
  const isOver = (await app.deps.store.findPayment(target.paymentNo))?.payment.status !== 'pending';
  if (isPaid && isOver) await app.simulate(tradeNo, 'pay', { capture: true, callback: false });
  else await app.simulate(tradeNo, isPaid ? 'approve' : 'decline', { callback: false });
  return isPaid ? approved[say.again ? 1 : 0] : reversed;
}

/** An event of another merchant, who may have given his own order the number of our payment. */
export async function makeForeignEvent(target: Target, names: 'himself' | 'us', app: TestApp): Promise<Post> {
  const tradeNo = await openElsewhere(app, THEIRS, names === 'us' ? target.paymentNo : 'CART-5');
  return makeEvent({ ...target, tradeNo }, { fact: 'paid' }, app);
}

/** An order of a program that is not PayCore. */
export async function openElsewhere(app: TestApp, account: Account, customId: string): Promise<string> {
  const { client_id, client_secret } = account;
  const post = async (path: string, authorization: string, type: string, body: string) => {
    const headers = { authorization, 'content-type': type };
    const response = await fetch(app.gateway.url + path, { method: 'POST', headers, body });
    return (await response.json()) as Record<string, unknown>;
  };
  const form = 'application/x-www-form-urlencoded';
  const basic = `Basic ${btoa(`${client_id}:${client_secret}`)}`;
  const token = await post('/v1/oauth2/token', basic, form, 'grant_type=client_credentials');
  const order = {
    intent: 'CAPTURE',
    purchase_units: [{ custom_id: customId, amount: { currency_code: 'TWD', value: '980' } }],
    // Tells the simulator where events go.
    application_context: { return_url: `${app.url}/elsewhere` },
  };
  const bearer = `Bearer ${token.access_token}`;
  const made = await post('/v2/checkout/orders', bearer, 'application/json', JSON.stringify(order));
  return String(made.id);
}

/** A post of somebody who claims money; see the simulator for the kinds. */
export async function forgeEvent({ tradeNo }: Target, kind: string, app: TestApp): Promise<Post> {
  const no = present(tradeNo);
  // One kind names another order, so the address of the payer's page is all that is sure to be there.
  const [delivery] = await app.catchCallbacks(
    ({ body }) => isClaim(body),
    () => app.simulate(no, 'forge', { kind }),
  );
  return present(delivery);
}

function isClaim(body: Uint8Array): boolean {
  return new TextDecoder().decode(body).includes('PAYMENT.CAPTURE.COMPLETED');
}
