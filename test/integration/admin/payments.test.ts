import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { parse } from 'csv-parse/sync';
import type { Store } from '../../../src/store/store.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { type BulkPayment, bulkPayment, prepareBulk } from '../../support/bulk.ts';
import { START } from '../../support/clock.ts';
import { type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { present } from '../../support/parts.ts';

let app: TestApp;
let owner: DeskClient;
/** The project of the keys, and one beside it. */
let shop: Pick<BulkPayment, 'projectId' | 'credentialId'>;
let other: typeof shop;
let written = 0;

beforeAll(async () => {
  // A zone whose days begin in the middle of Taipei's.
  app = await startApp({ env: { PAYCORE_TIMEZONE: 'America/New_York', PAYCORE_RATE_LIMIT: 'off' } });
  shop = await ownerOf('shop');
  other = await ownerOf('other shop');
  owner = await signInOwner(app);
  await owner.get('/admin?kind=test&project=all&locale=en');
});
afterAll(() => app.stop());

async function ownerOf(name: string): Promise<typeof shop> {
  const { id: projectId } = present(await app.deps.store.findProjectByName(name));
  const credentialId = await app.deps.store.ensureCredential({
    ...{ projectId, gateway: 'ecpay', merchantId: '3002607', environment: 'stage', now: START },
    ...{ fingerprint: app.deps.vault.fingerprint(name), sealed: app.deps.vault.seal('credentials ecpay', '{}') },
  });
  return { projectId, credentialId };
}

type Row = Partial<BulkPayment> & { readonly orderNo: string };

async function add(rows: readonly Row[]): Promise<void> {
  const before = (await app.rows.payments()).at(-1)?.id ?? 0;
  const bulk = prepareBulk(app.engine, before);
  for (const row of rows) {
    written += 1;
    const paymentNo = `PAY20260101${String(written).padStart(4, '0')}ABCDEFGH`;
    bulk.payment(bulkPayment({ ...shop, paymentNo, createdAt: START, ...row }));
  }
  await bulk.write();
}

/** Numbers of the orders that a page of the list shows, in its order. */
async function ordersOn(query: string): Promise<readonly string[]> {
  const page = await owner.get(`/admin/payments${query}`);
  expect([query, page.status]).toEqual([query, 200]);
  return ordersIn(page.text);
}

function ordersIn(page: string): readonly string[] {
  return [...page.matchAll(/<tr data-payment-no="[^"]+".*?<bdi>([^<]*)<\/bdi>/gs)].map(([, order = '']) => order);
}

describe('the list of payments', () => {
  test('shows every project’s, newest first, each row a link to its payment, and only those of the kind in view', async () => {
    await add([
      { orderNo: 'A1', createdAt: START - 3000 },
      { orderNo: 'A2', createdAt: START - 2000, ...other },
      { orderNo: 'A3', createdAt: START - 1000, keyKind: 'live', livemode: true },
    ]);
    expect(await ordersOn('')).toEqual(['A2', 'A1']);
    const { text } = await owner.get('/admin/payments');
    expect(text).toContain('data-page="payments"');
    const [, number = ''] = /<tr data-payment-no="(\w+)" data-status="pending">/.exec(text) ?? [];
    expect(text).toContain(`<a class="cell row-link" href="/admin/payments/${number}">`);
    await owner.get(`/admin?project=${other.projectId}`);
    expect(await ordersOn('')).toEqual(['A2']);
    await owner.get('/admin?project=all&kind=live');
    expect(await ordersOn('')).toEqual(['A3']);
    await owner.get('/admin?kind=test');
  });

  test('is narrowed by what stands in its address, and what was left empty does not stay there', async () => {
    await add([
      { orderNo: 'B1', status: 'paid', flags: ['late'], paidAt: START },
      { orderNo: 'B2', status: 'failed', gateway: 'smilepay', method: 'cvs' },
    ]);
    expect(await ordersOn('?status=paid')).toEqual(['B1']);
    expect(await ordersOn('?flag=late')).toEqual(['B1']);
    expect(await ordersOn('?gateway=smilepay&method=cvs')).toEqual(['B2']);
    expect(await ordersOn('?gateway=smilepay&status=paid')).toEqual([]);
    expect((await owner.get('/admin/payments?q=&status=paid&gateway=&from=')).location).toBe(
      '/admin/payments?status=paid',
    );
    const { text } = await owner.get('/admin/payments?status=paid&flag=late');
    expect(text).toContain('href="/admin/payments?flag=late" aria-label="Remove Status: Paid"');
    // Words that there are none of narrow nothing.
    expect((await ordersOn('?status=bogus&gateway=%27')).length).toBeGreaterThan(1);
  });

  test('takes days as the merchant’s calendar has them, and says which day there is none of', async () => {
    const at = (time: string) => Date.parse(time);
    await add([
      { orderNo: 'C1', createdAt: at('2026-03-08T04:59:59Z') },
      { orderNo: 'C2', createdAt: at('2026-03-08T05:00:00Z') },
      // The day on which clocks go forward has 23 hours.
      { orderNo: 'C3', createdAt: at('2026-03-09T03:59:59Z') },
      { orderNo: 'C4', createdAt: at('2026-03-09T04:00:00Z') },
    ]);
    expect(await ordersOn('?from=2026-03-08&to=2026-03-08')).toEqual(['C3', 'C2']);
    expect(await ordersOn('?to=2026-03-07')).toEqual(['C1']);
    expect(readText((await owner.get('/admin/payments?from=2026-02-30')).text)).toContain(
      'Enter a day that is in the calendar.',
    );
    expect(readText((await owner.get('/admin/payments?from=2026-03-09&to=2026-03-08')).text)).toContain(
      'The last day must not be before the first.',
    );
  });

  test('goes on page by page to the end, and back to the newest', async () => {
    const orders = Array.from({ length: 120 }, (_, n) => `D${n}`);
    await add(orders.map((orderNo, n) => ({ orderNo, createdAt: START + n * 1000, gateway: 'plus', method: 'atm' })));
    const seen: string[] = [];
    const sizes: number[] = [];
    let path: string | undefined = '/admin/payments?gateway=plus';
    while (path !== undefined) {
      const { text } = await owner.get(path);
      seen.push(...ordersIn(text));
      sizes.push(ordersIn(text).length);
      expect(text.includes('rel="first"')).toBe(path.includes('cursor'));
      if (path.includes('cursor')) expect(text).toContain('href="/admin/payments?gateway=plus" rel="first"');
      path = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(seen).toEqual(orders.reverse());
    // A cursor of another view is none.
    expect((await ordersOn('?gateway=plus&cursor=bogus'))[0]).toBe('D119');
  });

  test('says why a payment is not paid yet', async () => {
    await app.create('ecpay/atm', { merchant_order_no: 'E1' });
    await app.create('ecpay/aio', { merchant_order_no: 'E2' });
    await app.call('/api/paycore/checkout', { merchant_order_no: 'E3', amount: 100 });
    const rows = readText((await owner.get('/admin/payments?q=E')).text);
    expect(rows).toMatch(/E1 .*?Pending Until \d\d-\d\d \d\d:\d\d/);
    expect(rows).toMatch(/E2 .*?Pending Page not opened yet/);
    expect(rows).toMatch(/E3 .*?Not chosen yet .*?No method chosen, until/);
  });

  test('with nothing in it says the one next action', async () => {
    expect((await owner.get('/admin/payments?q=nobody')).text).toContain('No payments match.');
    await owner.get(`/admin?project=${other.projectId}&kind=live`);
    expect((await owner.get('/admin/payments')).text).toContain('href="/admin/links"');
    await owner.get('/admin?project=all&kind=test');
  });
});

describe('the search box', () => {
  test('leads straight to the payment that has just this number, of whatever project and kind it is', async () => {
    const made = (await app.create('ecpay/atm', { merchant_order_no: 'SEARCH-1', buyer_name: '王小明' })).json.data;
    const no = String(made.payment_no);
    const { virtual_account } = made.payment_info as Record<string, string>;
    const account = present(virtual_account);
    const numbers = [
      ...[no, no.toLowerCase(), 'SEARCH-1', String(made.gateway_order_no), String(made.gateway_trade_no), account],
      account.replace(/(.{4})/g, '$1 '),
    ];
    await owner.get('/admin?kind=live');
    for (const text of numbers) {
      const { status, location } = await owner.get(`/admin/payments?q=${encodeURIComponent(text)}`);
      expect([text, status, location]).toEqual([text, 303, `/admin/payments/${no}`]);
    }
    await owner.get('/admin?kind=test');
  });

  test('shows a list for names, e-mail addresses and the beginnings of numbers', async () => {
    await app.create('ecpay/cvs', {
      merchant_order_no: 'SEARCH-2',
      buyer_name: '王小明',
      buyer_email: 'Ming@shop.example',
    });
    expect(await ordersOn('?q=王小明')).toEqual(['SEARCH-2', 'SEARCH-1']);
    expect(await ordersOn('?q=小明')).toEqual(['SEARCH-2', 'SEARCH-1']);
    expect(await ordersOn('?q=ming%40shop')).toEqual(['SEARCH-2']);
    expect(await ordersOn('?q=search-')).toEqual(['SEARCH-2', 'SEARCH-1']);
    expect(await ordersOn('?q=search-&method=cvs')).toEqual(['SEARCH-2']);
  });

  test('takes whatever is typed for text', async () => {
    const { status, text } = await owner.get(`/admin/payments?q=${encodeURIComponent('"><script>x</script>')}`);
    expect(status).toBe(200);
    expect(text).not.toContain('<script>x');
  });
});

describe('the list as a file', () => {
  const read = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });
  const plain = (cell: string | undefined) => (cell?.startsWith("'") ? cell.slice(1) : cell);

  test('has every row of the filtered list, with texts that stay texts and numbers that are numbers', async () => {
    const orders = [
      '=HYPERLINK("http://x")',
      '007',
      '9103522175887271',
      '訂單,"1"\n第二行',
      "'quoted",
      '-12',
      'F-plain',
    ];
    const order = JSON.stringify({ itemName: '@SUM(1)', buyerName: '王, 小明' });
    await add(
      orders.map((orderNo, n) => ({
        ...{ orderNo, order, gateway: 'stripe', method: 'credit', amount: 98_050 + n, currency: 'TWD' },
        ...{ status: 'paid', paidAt: Date.parse('2026-06-30T23:30:00Z'), createdAt: START + n },
      })),
    );
    const answer = await owner.get('/admin/payments.csv?gateway=stripe&names=en');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="payments-\d{4}-\d\d-\d\d\.csv"$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const rows = read(answer.text);
    expect(rows.map((row) => plain(row.merchant_order_no))).toEqual(orders.toReversed());
    expect(rows.map((row) => Number(row.amount))).toEqual(orders.map((_, n) => 980.5 + n / 100).reverse());
    expect(rows[0]).toMatchObject({
      ...{ project: 'shop', kind: 'test', status: 'paid', currency: 'TWD', refunded: '0.00', fee: '' },
      ...{ paid_at: '2026-06-30 19:30:00', item_name: "'@SUM(1)", buyer_name: '王, 小明' },
    });
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@\t\r]|^-\D/);
  });

  test('names its columns in the language of the page, and keeps digits from spreadsheets', async () => {
    await owner.get('/admin?locale=zh-tw');
    const { text } = await owner.get('/admin/payments.csv?gateway=stripe');
    await owner.get('/admin?locale=en');
    // Only bytes tell whether it begins with the mark of UTF-8.
    expect(text.split('\r\n')[0]).toContain('付款編號,訂單編號,專案,');
    const rows = read(text);
    expect(rows.map((row) => row.訂單編號)).toEqual(
      ['=HYPERLINK("http://x")', '007', '9103522175887271', '訂單,"1"\n第二行', "'quoted", '-12', 'F-plain']
        .map((order) => (/^[=\d'-]/.test(order) ? `'${order}` : order))
        .reverse(),
    );
    expect(rows[0]?.金額).toBe('980.56');
  });

  test('begins with the mark of UTF-8, and ends its lines as RFC 4180 has it', async () => {
    const headers = { cookie: cookiesOf(owner) };
    const response = await app.request('/admin/payments.csv?gateway=stripe', { headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect([...bytes.slice(-2)]).toEqual([13, 10]);
  });

  test('for the books has what was paid in those days, in the order of the money', async () => {
    const paid = (orderNo: string, time: string) =>
      ({ orderNo, status: 'paid', paidAt: Date.parse(time), gateway: 'paypal', method: 'checkout' }) as const;
    await add([
      paid('G3', '2026-05-03T03:59:59Z'),
      paid('G1', '2026-05-01T04:00:00Z'),
      paid('G4', '2026-05-03T04:00:00Z'),
      { ...paid('G2', '2026-05-02T12:00:00Z'), ...other },
      { orderNo: 'G0', gateway: 'paypal', method: 'checkout' },
    ]);
    const { text } = await owner.get('/admin/payments.csv?sheet=books&from=2026-05-01&to=2026-05-02&names=en');
    const rows = read(text);
    expect(rows.map((row) => [row.merchant_order_no, row.project, row.paid_at])).toEqual([
      ['G1', 'shop', '2026-05-01 00:00:00'],
      ['G2', 'other shop', '2026-05-02 08:00:00'],
      ['G3', 'shop', '2026-05-02 23:59:59'],
    ]);
    expect(rows[0]).toMatchObject({ amount: '980.00', refunded: '0.00', kept: '980.00', net: '', fee_currency: '' });
  });

  test('is written for one at a time, waits for who reads it, stops when he goes away, and is then free again', async () => {
    const store = app.deps.store as { -readonly [Name in keyof Store]: Store[Name] };
    const { listDeskPayments } = store;
    let pages = 0;
    // A list without an end, in large pieces.
    store.listDeskPayments = async (input) => {
      const { payments, isCut } = await listDeskPayments({ ...input, before: null });
      pages += 1;
      return { payments: Array.from({ length: 20 }, () => payments).flat(), isCut, next: { at: pages, id: 1 } };
    };
    try {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      socket.write(`GET /admin/payments.csv HTTP/1.1\r\nhost: desk\r\ncookie: ${cookiesOf(owner)}\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
      const refused = await owner.get('/admin/payments.csv');
      expect([refused.status, readText(refused.text)]).toEqual([
        429,
        expect.stringContaining('You are downloading one already'),
      ]);
      expect((await (await signInStaff(app)).get('/admin/refunds.csv')).status).toBe(200);
      // What is under way fills the buffers between here and there, and then nothing more is made.
      await until(async () => {
        const before = pages;
        await Bun.sleep(300);
        return pages === before;
      });
      expect(pages).toBeLessThan(200);
      socket.destroy();
      store.listDeskPayments = listDeskPayments;
      await until(async () => (await owner.get('/admin/payments.csv')).status === 200);
    } finally {
      store.listDeskPayments = listDeskPayments;
    }
  });
});

const cookiesOf = ({ cookies }: DeskClient) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries > 200) throw new Error('it never came to be so');
    await Bun.sleep(10);
  }
}
