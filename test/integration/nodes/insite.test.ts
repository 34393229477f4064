import { describe, expect, test } from 'bun:test';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { seal } from '../../../src/simulator/ecpay/envelope.ts';
import { STAGE } from '../../support/app.ts';
import { holdCalls } from '../../support/held.ts';
import { inSiteHand, type PageAnswer } from '../../support/insite.ts';
import { pagePathOf } from '../../support/page-path.ts';
import { present } from '../../support/parts.ts';
import {
  awaitOthers,
  countAnswers,
  hasPostgres,
  hurry,
  sendMany,
  until,
  useTwoNodes,
} from '../../support/two-nodes.ts';

/** A card in ECPay's form on our page, whose requests land on either of two nodes. */

const nodes = useTwoNodes();

async function begin() {
  const { app } = nodes;
  const { json } = await app.create('ecpay/ecpg', { buyer_email: 'buyer@example.com' });
  const no = String(json.data.payment_no);
  const page = pagePathOf(app, json.data.payment_url);
  app.gateway.received.length = 0;
  const [one, two] = [nodes.first, nodes.second].map((send) => inSiteHand(app, send));
  return { app, no, page, one: one as typeof hand, two: two as typeof hand };
}
declare const hand: ReturnType<typeof inSiteHand>;

const countCalls = (path: string) => nodes.app.gateway.received.filter((one) => one.path === path).length;
const TOKEN = '/Merchant/GetTokenbyTrade';
const CHARGE = '/Merchant/CreatePayment';

describe.skipIf(!hasPostgres)('the form', () => {
  test('is made once for all pages, by one of the nodes', async () => {
    const { app, page, one, two } = await begin();
    const held = holdCalls(app, (path) => path === TOKEN);
    const opening = sendMany(10, () => Promise.all([one.openForm(page), two.openForm(page)]));
    await held.arrived;
    await Bun.sleep(100);
    held.release();
    const forms = (await opening).flat();
    expect(new Set(forms.map(({ status, token }) => `${status} ${token}`)).size).toBe(1);
    expect([forms[0]?.status, countCalls(TOKEN)]).toEqual([200, 1]);
  });

  test('is another one for another language, and when it is about to run out', async () => {
    const { app, page, one, two } = await begin();
    const first = await one.openForm(page);
    const english = await two.openForm(page.replace('/zh-tw/', '/en/'));
    expect([english.token === first.token, countCalls(TOKEN)]).toEqual([false, 2]);
    expect((await one.openForm(page.replace('/zh-tw/', '/en/'))).token).toBe(english.token);
    app.clock.advance(9 * MINUTE);
    const { json, token } = await one.openForm(page.replace('/zh-tw/', '/en/'));
    expect([token === english.token, Number(json.data?.expires_in_ms) > 9 * MINUTE]).toEqual([false, true]);
    expect(countCalls(TOKEN)).toBe(3);
  });

  test('is renewed when its token does not work, but not again and again, whichever node is asked', async () => {
    const { app, page, one, two } = await begin();
    const first = await one.openForm(page);
    const renew = `${page}&renew=1`;
    expect((await two.openForm(renew)).token).toBe(first.token);
    app.clock.advance(10 * SECOND);
    const renewed = await two.openForm(renew);
    expect(renewed.token).not.toBe(first.token);
    expect([(await one.openForm(renew)).token, countCalls(TOKEN)]).toEqual([renewed.token, 2]);
  });

  test('is nowhere to be read in the database, and goes when its time is over', async () => {
    const { app, no, page, one } = await begin();
    const { token } = await one.openForm(page);
    const [attempt] = await app.rows.attemptsOf(no);
    const row = await app.deps.store.findInSiteForm(attempt?.id ?? 0, app.clock.now());
    expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toContain(token);
    app.clock.advance(11 * MINUTE);
    await app.deps.store.pruneShared(app.clock.now());
    expect(await app.deps.store.findInSiteForm(attempt?.id ?? 0, app.clock.now())).toBeNull();
  });

  test('is made by the other node when the one that was making it is gone', async () => {
    const { app, no, page, two } = await begin();
    const [attempt] = await app.rows.attemptsOf(no);
    const lease = { name: `form ${attempt?.id}`, owner: 'proc_gone', now: app.clock.now(), leaseMs: 35 * SECOND };
    expect(await app.deps.store.claim(lease)).toBe(true);
    const looks = countAnswers(nodes.program.deps.store, 'claim');
    const opening = two.openForm(page);
    await until(() => looks() > 1);
    app.clock.advance(35 * SECOND);
    expect((await opening).status).toBe(200);
  });
});

/** Says nothing that can be understood. */
const loseAnswer = () => new Response('busy', { status: 504 });

/** Thirty presses, of which the first is at the bank when the others have come. */
async function pressThirty(method: string, answer?: () => Response) {
  const { app, no, page, one, two } = await begin();
  const payToken = await one.fillIn(page, method);
  const held = holdCalls(app, (path) => path === CHARGE);
  const first = one.press(page, payToken);
  await held.arrived;
  const othersHere = awaitOthers(nodes, 'findPayment', 29);
  const others = [...Array(29).keys()].map((press) => (press % 2 === 0 ? two : one).press(page, payToken));
  await othersHere();
  held.release(answer);
  const answers = { first: await first, others: await Promise.all(others), charges: countCalls(CHARGE) };
  return { app, no, ...answers, pressLater: () => two.press(page, payToken) };
}

const told = ({ status, json }: PageAnswer) => [
  status,
  json.data?.redirect_url ?? json.data?.status ?? json.error?.error_code,
];

const ACCOUNT = { merchantId: STAGE.merchant_id, hashKey: STAGE.hash_key, hashIv: STAGE.hash_iv };
const refuse = () => {
  const Data = seal({ RtnCode: 10100058, RtnMsg: '付款失敗' }, ACCOUNT);
  return Response.json({ MerchantID: STAGE.merchant_id, TransCode: 1, TransMsg: 'Success', Data });
};

describe.skipIf(!hasPostgres)('of thirty presses over two nodes', () => {
  test('one charges the card, and all hear that it is paid', async () => {
    const { app, no, first, others, charges } = await pressThirty('card');
    expect([...told(first), charges]).toEqual([200, 'paid', 1]);
    for (const other of others) expect(told(other)).toEqual(told(first));
    expect(await app.find(no)).toMatchObject({ status: 'paid', flags: [] });
  });

  test('all lead to the bank that the first has been sent to; whoever presses later does not', async () => {
    const { first, others, charges, app, pressLater } = await pressThirty('card-3d');
    expect([first.status, charges]).toEqual([200, 1]);
    expect(String(first.json.data?.redirect_url)).toContain('http');
    for (const other of others) expect(told(other)).toEqual(told(first));
    expect(told(await pressLater())).toEqual([409, 'PAYMENT_NOT_PAYABLE']);
    const kept = await app.rows.attempts();
    const row = await app.deps.store.findInSiteForm(kept.at(-1)?.id ?? 0, app.clock.now());
    expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toContain('http');
    expect(row?.leftMs).toBeLessThanOrEqual(MINUTE);
  });

  test.each([
    ['the bank says no', refuse],
    ['its answer is lost', loseAnswer],
  ])('all hear the same when %s', async (_, answer) => {
    const { first, others, charges } = await pressThirty('card', answer);
    expect([first.status >= 400, charges]).toEqual([true, 1]);
    for (const other of others) expect(told(other)).toEqual(told(first));
  });
});

/** A press that has read the payment before anybody has paid, and comes to pay when the first press has its answer. */
async function pressLate(method: string, answer?: () => Response) {
  const { app, page, one, two } = await begin();
  const payToken = await one.fillIn(page, method);
  const { store } = nodes.program.deps;
  const { beginCharge } = store;
  const turn = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const inTurn: typeof beginCharge = async (...charge) => {
    arrived.resolve();
    await turn.promise;
    return beginCharge(...charge);
  };
  Object.assign(store, { beginCharge: inTurn });
  const late = two.press(page, payToken);
  await arrived.promise;
  Object.assign(store, { beginCharge });
  app.gateway.answer = ({ path }) => (answer && path === CHARGE ? answer() : null);
  const first = await one.press(page, payToken);
  turn.resolve();
  return { first, late: await late, charges: countCalls(CHARGE) };
}

test.skipIf(!hasPostgres).each([
  ['that it is paid', 'card', undefined, 200],
  ['which bank it is led to', 'card-3d', undefined, 200],
  ['that the bank says no', 'card', refuse, 422],
  ['that nobody knows', 'card', loseAnswer, 502],
] as const)('a press that is too late to wait for the first hears as well %s', async (_, method, answer, status) => {
  const { first, late, charges } = await pressLate(method, answer);
  expect([first.status, charges]).toEqual([status, 1]);
  expect(told(late)).toEqual(told(first));
});

test.skipIf(!hasPostgres)(
  'a press whose first does not come back hears within ten seconds that nobody knows',
  async () => {
    const { app, no, page, one } = await begin();
    const payToken = await one.fillIn(page);
    const held = holdCalls(app, (path) => path === CHARGE);
    const found = present(await app.deps.store.findPayment(no));
    const first = one.press(page, payToken);
    await held.arrived;
    const { inSite, seconds } = hurry(nodes);
    const answer = await inSite.pay(found, payToken, 'en').catch((error) => error.code);
    expect([answer, seconds()]).toEqual(['PAYMENT_GATEWAY_TIMEOUT', 10]);
    held.release();
    await first;
  },
);
