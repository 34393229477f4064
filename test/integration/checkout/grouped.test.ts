import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { DAY, SECOND } from '../../../src/core/time.ts';
import { GATEWAYS } from '../../../src/gateways/index.ts';
import { readCredentials, storeCredential } from '../../../src/payments/projects/credentials.ts';
import type { TestApp } from '../../support/app.ts';
import { chooseWay, startChoice } from '../../support/choice.ts';
import { SIMULATED, tellSimulator } from '../../support/orders.ts';
import { present } from '../../support/parts.ts';
import { readAttributes } from '../../unit/pages/html.ts';

/** The ways to pay as the payer sees them: one row a kind, and what he has taken of them so far. */

const apps: TestApp[] = [];
let app: TestApp;
let projectId = 0;
beforeAll(async () => {
  app = await startChoice(apps);
  projectId = present(await app.deps.store.findProjectByName('shop')).id;
});
afterAll(() => app.stop());
afterEach(async () => {
  const names = app.deps.gateways.list.flatMap(({ id, methods }) => methods.map(({ path }) => `${id}/${path}`));
  await offer(Object.fromEntries(names.map((name) => [name, { enabled: null, position: null }])));
});

type Change = Readonly<Record<string, { readonly enabled?: boolean | null; readonly position?: number | null }>>;
async function offer(methods: Change) {
  await app.deps.store.changeProject(projectId, { fields: {}, methods });
  // A page that was just drawn is drawn again.
  app.clock.advance(SECOND);
}
/** Nothing but these, in this order. */
async function offerOnly(...routes: readonly string[]) {
  const all = app.deps.gateways.list.flatMap(({ id, methods }) => methods.map(({ path }) => `${id}/${path}`));
  await offer(Object.fromEntries(all.map((name) => [name, { enabled: false }])));
  await offer(Object.fromEntries(routes.map((name, at) => [name, { enabled: true, position: at + 1 }])));
}

async function open(body: object = {}) {
  const order = { merchant_order_no: crypto.randomUUID(), amount: 980, ...body };
  const { data } = (await app.call('/api/paycore/checkout', order)).json;
  const path = String(data.payment_url).slice(app.url.length);
  const no = String(data.payment_no);
  const page = async (address = path) => (await app.request(address)).text();
  const list = () => page(`${path}&choose=1`);
  return {
    no,
    page,
    list,
    choose: (route: string) => chooseWay(app, path, route),
    rows: async () => (await readAttributes(await list(), '[data-choice]')).map((row) => row['data-choice']),
    current: async () =>
      (await readAttributes(await list(), '[data-choice][aria-current]')).map((row) => row['data-choice']),
    attempts: async () => (await app.rows.attemptsOf(no)).map(({ gateway, status }) => `${gateway} ${status}`),
    number: async () => String((await app.find(no)).gateway_order_no),
  };
}

describe('several gateways of one kind', () => {
  test('are one row, and the merchant’s order decides which gateway it is', async () => {
    const { rows } = await open();
    expect((await rows()).filter((route) => route?.endsWith('atm'))).toEqual(['ecpay/atm']);
    await offer({ 'plus/atm': { position: 1 }, 'smilepay/atm': { position: 2 } });
    expect((await rows()).filter((route) => route?.endsWith('atm'))).toEqual(['plus/atm']);
    await offer({ 'plus/atm': { enabled: false } });
    expect((await rows()).filter((route) => route?.endsWith('atm'))).toEqual(['smilepay/atm']);
  });

  test('of which the first cannot take the amount are the next one, by the project’s own terms as well', async () => {
    await offerOnly('smilepay/atm', 'ecpay/atm');
    expect(await (await open({ amount: 20_000 })).rows()).toEqual(['smilepay/atm']);
    expect(await (await open({ amount: 20_001 })).rows()).toEqual(['ecpay/atm']);
    await app.deps.store.setLimit(projectId, 'smilepay/atm', { min: 100, max: 500 });
    expect(await (await open({ amount: 980 })).rows()).toEqual(['ecpay/atm']);
    await app.deps.store.setLimit(projectId, 'smilepay/atm', null);
  });

  test('stay two rows where the first serves fewer stores', async () => {
    await offerOnly('smilepay/cvs', 'ecpay/cvs');
    const { rows, list } = await open();
    expect(await rows()).toEqual(['smilepay/cvs', 'ecpay/cvs']);
    expect(await list()).toMatch(/7-ELEVEN 萊爾富・付現.*7-ELEVEN 全家 萊爾富 OK超商・付現/s);
    await offerOnly('ecpay/cvs', 'smilepay/cvs');
    expect(await rows()).toEqual(['ecpay/cvs']);
  });

  test('a store code whose merchant means barcodes by it is a barcode', async () => {
    const use = async (more: object) => {
      const gateway = present(GATEWAYS.find(({ id }) => id === 'smilepay'));
      const { secrets, environment } = readCredentials(app.deps, gateway, 'test', { ...SIMULATED.smilepay, ...more });
      const id = await storeCredential(app.deps, projectId, gateway, secrets, environment);
      await app.deps.store.makeCurrentCredential(id);
    };
    await use({ default_cvs_type: 'barcode' });
    await offerOnly('smilepay/cvs', 'ecpay/cvs', 'ecpay/barcode');
    const { rows, choose, page } = await open();
    expect(await rows()).toEqual(['smilepay/cvs', 'ecpay/cvs']);
    await choose('smilepay/cvs');
    expect(await page()).toContain('data-barcode="1"');
    await use({});
  });
});

describe('a gateway that gives nothing', () => {
  test('makes place for the next one of its kind, and is offered again when that gives nothing either', async () => {
    await offerOnly('ecpay/atm', 'smilepay/atm', 'ecpay/aio/credit');
    const { choose, rows, list, attempts, page } = await open();
    await tellSimulator(app, 'faults', { route: 'gen-payment-code', kind: 'refuse', times: 1 });
    expect((await choose('ecpay/atm')).status).toBe(422);
    expect(await rows()).toEqual(['smilepay/atm', 'ecpay/aio/credit']);
    const refusal = '<SmilePay><Status>-3005</Status><Desc>closed</Desc></SmilePay>';
    app.gateway.answer = ({ path }) => (path === '/api/SPPayment.asp' ? new Response(refusal) : null);
    expect((await choose('smilepay/atm')).status).toBe(422);
    app.gateway.answer = null;
    expect(await rows()).toEqual(['ecpay/atm', 'smilepay/atm', 'ecpay/aio/credit']);
    expect((await list()).match(/剛才未成功，可再試一次/g)).toHaveLength(2);
    await choose('smilepay/atm');
    expect(await attempts()).toEqual(['ecpay ended', 'smilepay ended', 'smilepay open']);
    expect(await page()).toContain('data-method="atm"');
  });
});

describe('what the payer has taken', () => {
  test('is marked, comes first when he returns to the list, and is a press away without another number', async () => {
    const { choose, rows, list, current, number, attempts, page } = await open();
    await choose('ecpay/cvs');
    const code = await number();
    expect([(await rows())[0], await current()]).toEqual(['ecpay/cvs', ['ecpay/cvs']]);
    await choose('ecpay/atm');
    const account = await number();
    expect([(await rows()).slice(0, 3), await current()]).toEqual([
      ['ecpay/atm', 'ecpay/cvs', 'ecpay/aio/credit'],
      ['ecpay/atm'],
    ]);
    expect(await list()).toMatch(/您已有帳號，仍可轉帳.*您已有代碼，仍可繳/s);
    // From the page of the account as well.
    expect(await readAttributes(await page(), '[data-held]')).toMatchObject([{ 'data-held': 'ecpay/cvs' }]);
    for (const [route, expected] of [
      ['ecpay/cvs', code],
      ['ecpay/atm', account],
      ['ecpay/cvs', code],
    ] as const) {
      await choose(route);
      expect(await number()).toBe(expected);
    }
    expect(await attempts()).toEqual(['ecpay open', 'ecpay open']);
  });

  test('stays his, whatever the merchant offers by now, and nobody takes a second one of the kind', async () => {
    const { choose, rows, number, attempts } = await open();
    await choose('ecpay/atm');
    const account = await number();
    await choose('ecpay/aio/credit');
    await offerOnly('smilepay/atm', 'ecpay/aio/credit');
    expect(await rows()).toEqual(['ecpay/aio/credit', 'ecpay/atm']);
    await choose('ecpay/atm');
    expect(await number()).toBe(account);
    expect(await attempts()).toEqual(['ecpay open']);
  });

  test('is not pressed on him once its deadline is over: then there is another one', async () => {
    await offerOnly('smilepay/cvs', 'ecpay/aio/credit');
    const { choose, list, number, attempts } = await open({ expire_days: 30 });
    await choose('smilepay/cvs');
    const code = await number();
    app.clock.advance(6 * DAY + 1);
    expect(await list()).not.toContain('仍可繳');
    await choose('smilepay/cvs');
    expect(await number()).not.toBe(code);
    // The old one is still listened to.
    expect(await attempts()).toEqual(['smilepay open', 'smilepay open']);
    expect(await list()).toContain('您已有代碼，仍可繳');
  });
});

test('“another way” is there only where there is one', async () => {
  await offerOnly('ecpay/atm', 'smilepay/atm');
  const { choose, page } = await open();
  await choose('ecpay/atm');
  expect(await page()).not.toContain('data-change');
  await offerOnly('ecpay/atm', 'ecpay/cvs');
  expect(await page()).toContain('data-change');
});

test('where there is no way at all the payer is told whom to ask', async () => {
  await offerOnly();
  await app.deps.store.changeProject(projectId, { fields: { contact: 'help@shop.example' }, methods: {} });
  const { list, rows } = await open();
  expect(await rows()).toEqual([]);
  expect(await list()).toMatch(/請聯絡商店.*mailto:help@shop\.example/s);
  await app.deps.store.changeProject(projectId, { fields: { contact: null }, methods: {} });
});
