import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startApp, type TestApp } from '../support/app.ts';
import { describeCreates } from './creates.ts';
import { describeForgery } from './forgery.ts';
import { describeOrders } from './orders.ts';

/**
 * What every driver has to pass, over real HTTP and a real database. A driver brings data: how its callbacks are made,
 * what a forger could change about them, and which texts it answers with. The tests come from here.
 */
export interface GatewayContract {
  /** As in the addresses: `/api/paycore/pay/{id}/…`. */
  readonly id: string;
  readonly kinds: readonly CallbackKind[];
  readonly texts: ContractTexts;
  readonly accept: Expected;
  /** Status and body of a refusal. */
  refuse(message: string): Expected;
  /** Credentials under our merchant's number with another merchant's keys, those of `makeForeign`. */
  readonly foreignCredentials: Readonly<Record<string, string>>;
  /** A route whose creation stores its credentials without calling the gateway. */
  readonly storingRoute: string;
  /** A route whose creation calls the gateway. */
  readonly callingRoute: string;
  /** Path of that call at the gateway. */
  readonly callPath: string;
}

export interface Expected {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface ContractTexts {
  readonly amount: string;
  readonly merchant: string;
}

/** One way in which the gateway calls us. */
export interface CallbackKind {
  readonly name: string;
  /** The route behind `/api/paycore/pay/` whose payments get such callbacks. */
  readonly route: string;
  make(target: Target, say: Say): Post;
  /** The same, proved with the secrets of another merchant of the same gateway, who may name himself or us. */
  makeForeign(target: Target, say: Say, names: 'himself' | 'us'): Post;
  /** Every single change of a byte; the message means something else then, or nothing. */
  flips(post: Post): Iterable<Change>;
  /** Changes that the gateway's own proof does not see; they may be taken or refused but never do harm. */
  unseenFlips(post: Post): Iterable<Change>;
  /** What a careless reader would fall for; none of it may change a payment. */
  mutations(target: Target): Iterable<Change>;
  /** Unusual but right: all of these are paid. */
  variants(target: Target): Iterable<Change>;
  readonly unknown: string;
  readonly unproved: string;
}

/** A payment seen from the gateway. */
export interface Target {
  readonly paymentNo: string;
  readonly orderNo: string;
  /** In the unit of the gateway. */
  readonly amount: number;
  /** What the gateway called it when it was created, if it was asked then. */
  readonly tradeNo: string | null;
}

export interface Say {
  readonly fact: 'paid' | 'declined' | 'issued' | 'issued as paid';
  /** Another wording, as when the gateway sends it again. */
  readonly again?: boolean;
  readonly tradeNo?: string;
  readonly amount?: number;
  readonly simulated?: boolean;
}

export interface Post {
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export interface Change {
  readonly what: string;
  readonly post: Post;
}

/** What a payment looks like from the outside, as far as money is concerned. */
export interface State {
  readonly status: string;
  readonly flags: readonly string[];
  readonly attempt: string | undefined;
  readonly notifications: number;
}

export interface Bench {
  readonly app: TestApp;
  readonly contract: GatewayContract;
  open(route: string, mode?: 'live' | 'test'): Promise<Target>;
  post(callback: Post): Promise<Expected>;
  state(target: Target): State;
  refused(message: string): Expected;
}

export function describeGateway(contract: GatewayContract): void {
  describe(`${contract.id} as a gateway`, () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp({ env: { PAYCORE_RATE_LIMIT: 'off', PAYCORE_LOG_LEVEL: 'error' } });
    });
    afterAll(() => app.stop());
    const bench = (): Bench => makeBench(app, contract);

    for (const kind of contract.kinds) {
      describe(kind.name, () => {
        describeMeaning(bench, kind);
        describeForgery(bench, kind);
        describeOrders(bench, kind);
      });
    }
    describeCreates(bench);
  });
}

function makeBench(app: TestApp, contract: GatewayContract): Bench {
  return {
    app,
    contract,
    async open(route, mode = 'test') {
      const live = mode === 'live' ? await liveBody(app) : {};
      const headers = mode === 'live' ? { 'x-api-key': app.keys.live.api_key } : {};
      const made = await app.create(route, live, headers);
      expect(made.status).toBe(201);
      const { payment_no, gateway_order_no, gateway_trade_no, amount } = made.json.data;
      return {
        paymentNo: String(payment_no),
        orderNo: String(gateway_order_no),
        amount: Number(amount),
        tradeNo: gateway_trade_no === null ? null : String(gateway_trade_no),
      };
    },
    async post({ type, body }) {
      const reply = await app.callback(body, type, contract.id);
      return { status: reply.status, type: reply.type ?? '', text: reply.text };
    },
    state(target) {
      const found = app.deps.store.findPayment(target.paymentNo);
      const attempt = app.deps.store.findByGatewayOrderNo(contract.id, target.orderNo)?.attempt;
      const sent = app.sql
        .query<{ n: number }, [number]>('SELECT count(*) AS n FROM outbox WHERE payment_id = ?')
        .get(found?.payment.id ?? 0);
      return {
        status: found?.payment.status ?? 'missing',
        flags: found?.payment.flags ?? [],
        attempt: attempt?.status,
        notifications: sent?.n ?? 0,
      };
    },
    refused: (message) => contract.refuse(message),
  };
}

async function liveBody(app: TestApp): Promise<object> {
  const { exampleOrder } = await import('../support/app.ts');
  const { gateway_credentials } = exampleOrder(app.shop.url);
  return { gateway_credentials: { ...gateway_credentials, environment: 'production' } };
}

export const UNTOUCHED: State = { status: 'pending', flags: [], attempt: 'open', notifications: 0 };
export const PAID: State = { status: 'paid', flags: [], attempt: 'paid', notifications: 1 };

/** What the ordinary callbacks do. */
function describeMeaning(bench: () => Bench, kind: CallbackKind): void {
  test('a payment is acknowledged with the exact bytes, makes the payment paid and notifies once', async () => {
    const { open, post, state, contract } = bench();
    const target = await open(kind.route);
    expect(await post(kind.make(target, { fact: 'paid' }))).toEqual(contract.accept);
    expect(state(target)).toEqual(PAID);
  });

  test('a callback that comes again, in the same words or others, is acknowledged and changes nothing', async () => {
    const { app, open, post, state, contract } = bench();
    const target = await open(kind.route);
    await post(kind.make(target, { fact: 'paid' }));
    const before = app.deps.store.findPayment(target.paymentNo);
    for (const again of [false, true, true, false]) {
      expect(await post(kind.make(target, { fact: 'paid', again }))).toEqual(contract.accept);
    }
    expect(state(target)).toEqual(PAID);
    expect(app.deps.store.findPayment(target.paymentNo)).toEqual(before);
  });

  test('a trade number other than that of the issued number is the payment’s own, not a second payment', async () => {
    const { open, post, state, contract } = bench();
    const target = await open(kind.route);
    await post(kind.make(target, { fact: 'issued' }));
    for (const again of [false, true]) {
      const paid = kind.make(target, { fact: 'paid', tradeNo: '8888888888888888', again });
      expect(await post(paid)).toEqual(contract.accept);
    }
    expect(state(target)).toEqual(PAID);
  });

  test('a number that was issued never pays, not even when it says so', async () => {
    const { open, post, state, contract } = bench();
    for (const fact of ['issued', 'issued as paid'] as const) {
      const target = await open(kind.route);
      expect(await post(kind.make(target, { fact }))).toEqual(contract.accept);
      expect(state(target)).toEqual(UNTOUCHED);
    }
  });

  test('a declined try ends nothing: the payer may still pay', async () => {
    const { open, post, state, contract } = bench();
    const target = await open(kind.route);
    expect(await post(kind.make(target, { fact: 'declined' }))).toEqual(contract.accept);
    expect(state(target)).toEqual(UNTOUCHED);
    await post(kind.make(target, { fact: 'paid' }));
    expect(state(target)).toEqual(PAID);
  });

  test('a simulated payment counts with test keys, and with real ones only raises a flag', async () => {
    const { open, post, state, contract } = bench();
    const play = await open(kind.route);
    expect(await post(kind.make(play, { fact: 'paid', simulated: true }))).toEqual(contract.accept);
    expect(state(play)).toEqual({ ...PAID, flags: ['simulated'] });
    const real = await open(kind.route, 'live');
    expect(await post(kind.make(real, { fact: 'paid', simulated: true }))).toEqual(contract.accept);
    expect(state(real)).toEqual({ ...UNTOUCHED, flags: ['simulated'] });
    expect(await post(kind.make(real, { fact: 'paid' }))).toEqual(contract.accept);
    expect(state(real)).toEqual({ ...PAID, flags: ['simulated'] });
  });

  test('another amount is refused with the text of the catalogue and flagged; the right one still counts', async () => {
    const { open, post, state, contract, refused } = bench();
    for (const difference of [1, -1]) {
      const target = await open(kind.route);
      const wrong = kind.make(target, { fact: 'paid', amount: target.amount + difference });
      for (let i = 0; i < 2; i++) expect(await post(wrong)).toEqual(refused(contract.texts.amount));
      expect(state(target)).toEqual({ ...UNTOUCHED, flags: ['mismatch', 'attention'] });
      expect(await post(kind.make(target, { fact: 'paid' }))).toEqual(contract.accept);
      expect(state(target)).toMatchObject({ status: 'paid', notifications: 1 });
    }
  });

  test('another merchant proves nothing, whether he names himself or us', async () => {
    const { open, post, state, contract } = bench();
    const target = await open(kind.route);
    const himself = await post(kind.makeForeign(target, { fact: 'paid' }, 'himself'));
    expect([kind.unknown, contract.texts.merchant].map(contract.refuse)).toContainEqual(himself);
    const us = await post(kind.makeForeign(target, { fact: 'paid' }, 'us'));
    expect(us).toEqual(contract.refuse(kind.unproved));
    expect(state(target)).toEqual(UNTOUCHED);
  });

  test('another project that stores keys of its own under our merchant’s number proves nothing with them', async () => {
    const { app, open, post, state, contract } = bench();
    const target = await open(kind.route);
    const stored = await app.create(
      contract.storingRoute,
      { gateway_credentials: contract.foreignCredentials },
      { 'x-api-key': app.keys.other.api_key },
    );
    expect(stored.status).toBe(201);
    expect(await post(kind.makeForeign(target, { fact: 'paid' }, 'us'))).toEqual(contract.refuse(kind.unproved));
    expect(state(target)).toEqual(UNTOUCHED);
  });

  test('an order that is not ours is refused with the text of the catalogue', async () => {
    const { open, post, state, refused } = bench();
    const target = await open(kind.route);
    const unknown = { ...target, orderNo: `${target.orderNo.slice(0, -4)}0000` };
    expect(await post(kind.make(unknown, { fact: 'paid' }))).toEqual(refused(kind.unknown));
    expect(state(target)).toEqual(UNTOUCHED);
  });

  test('a genuine callback that names another payment of ours is refused', async () => {
    const { open, post, state, refused } = bench();
    const [one, two] = [await open(kind.route), await open(kind.route)];
    const crossed = { ...one, paymentNo: two.paymentNo };
    expect(await post(kind.make(crossed, { fact: 'paid' }))).toEqual(refused(kind.unknown));
    expect([state(one).status, state(two).status]).toEqual(['pending', 'pending']);
  });
}
