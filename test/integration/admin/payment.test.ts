import { beforeAll, describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { createBrowser, type DeskClient, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { formsOf, sendForm } from '../../support/desk-forms.ts';
import { bodyFor, registerStripe } from '../../support/orders.ts';

/** The page of one payment at the desk, and what is done there: asked, told of again, cancelled. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');
let owner: DeskClient;
let staff: DeskClient;
beforeAll(async () => {
  owner = await signInOwner(app);
  staff = await signInStaff(app);
  for (const client of [owner, staff]) await client.get('/admin?locale=en');
});

const pathOf = (no: unknown) => `/admin/payments/${no}`;
const create = async (route: string, body: object = {}, headers = {}) => {
  const made = await app.create(route, { ...bodyFor(route), ...body }, headers);
  expect([200, 201]).toContain(made.status);
  return made.json.data as Record<string, string>;
};
const show = async (no: unknown, client = owner) => (await client.get(pathOf(no))).text;
const read = async (no: unknown, client = owner) => readText(await show(no, client));
interface Sent {
  readonly gateway_order_no: string;
  readonly redirect_form: { readonly action: string; readonly fields: Record<string, string> };
}
/** The form that leads to the gateway, with the number of the try that is current. */
const repeat = async (no: unknown) => {
  const { payment } = (await app.deps.store.findPayment(String(no))) ?? {};
  return create('ecpay/aio/credit', { merchant_order_no: payment?.merchantOrderNo });
};
const whyOf = (page: string) => /data-why="(\w+)"/.exec(page)?.[1] ?? null;

/** What the API tells of who did what. */
async function eventsOf(no: unknown): Promise<readonly unknown[]> {
  const { json } = await app.call(`/api/paycore/payments/${no}/events`);
  const events = json.data.events as { type: string; by: { type: string; name: string | null }; data: object }[];
  return events
    .filter(({ type }) => type.startsWith('admin.'))
    .map(({ type, by, data }) => [type, by.type, by.name, data]);
}

/** What the page says once after an action. */
async function follow(client: DeskClient, answer: { status: number; location: string | null }): Promise<string> {
  expect(answer.status).toBe(303);
  const page = (await client.get(answer.location ?? '')).text;
  return readText(/<p class="notice"[^>]*>([^<]*)/.exec(page)?.[1] ?? '');
}
const troubleOf = (page: string) => readText(/<p class="form-problem"[^>]*>([^<]*)/.exec(page)?.[1] ?? '');

describe('the page of a payment', () => {
  test('carries number and status, says why it is unpaid and what to do, and has every form of what may be done', async () => {
    const { payment_no, gateway_order_no } = await create('ecpay/atm', {
      ...{ merchant_order_no: 'PAGE-1', metadata: { table: '7' }, buyer_name: '王小明' },
    });
    const page = await show(payment_no);
    expect(page).toMatch(
      new RegExp(`<main[^>]* data-page="payment" data-payment-no="${payment_no}" data-status="pending"`),
    );
    expect(whyOf(page)).toBe('counter');
    const text = readText(page);
    for (const said of ['PAGE-1', 'NT$ 980', '手沖咖啡豆', '王小明', 'table', gateway_order_no, '3002607', 'stage']) {
      expect(text).toContain(String(said));
    }
    expect(text).toContain('Test payment');
    for (const secret of ['pwFHCqoQZGmho4w6', 'EkRm7iFT261dpevs']) expect(page).not.toContain(secret);
    const names = ['sync', 'cancel'];
    for (const name of names)
      expect(formsOf(page, name).map(({ action }) => action)).toEqual([`${pathOf(payment_no)}/${name}`]);
    expect(text).toContain('Cancel the payment of NT$980 for order PAGE-1?');
    expect([formsOf(page, 'refund'), formsOf(page, 'resend')]).toEqual([[], []]);
  });

  test('follows a payment from the choice to the money', async () => {
    const { payment_no, payment_url } = await create('ecpay/aio/credit');
    expect(whyOf(await show(payment_no))).toBe('not_started');
    const { pathname, search } = new URL(String(payment_url));
    await app.request(`${pathname}/go${search}`, { method: 'POST' });
    expect(whyOf(await show(payment_no))).toBe('at_gateway');
    const { gateway_order_no, redirect_form } = (await repeat(payment_no)) as unknown as Sent;
    await fetch(redirect_form.action, { method: 'POST', body: new URLSearchParams(redirect_form.fields) });
    await app.simulate(String(gateway_order_no), 'decline');
    const declined = await show(payment_no);
    expect(whyOf(declined)).toBe('declined');
    expect(readText(declined)).toMatch(/declined 1×.*ECPay says: /);
    await app.simulate(String(gateway_order_no), 'pay');
    const paid = await show(payment_no);
    expect([whyOf(paid), /data-status="(\w+)"/.exec(paid)?.[1]]).toEqual([null, 'paid']);
    expect(readText(paid)).toMatch(/How it was paid.*ECPay’s number/);
  });

  test('of another shop, or of the other kind, is shown whatever is in view; one that is not there is a 404', async () => {
    const { payment_no } = await create('ecpay/atm', {}, { 'x-api-key': app.keys.other.api_key });
    await owner.get('/admin?kind=live');
    expect((await owner.get(pathOf(payment_no))).status).toBe(200);
    expect(await read(payment_no)).toContain('other shop');
    for (const no of ['PAY202606220001ABCDEFGH', 'x', '..%2f..', '1%20OR%201=1']) {
      expect((await owner.get(pathOf(no))).status).toBe(404);
      expect((await owner.post(`${pathOf(no)}/sync`)).status).toBe(404);
    }
  });

  test('is for people who are signed in', async () => {
    const { payment_no } = await create('ecpay/atm');
    expect((await createBrowser(app).get(pathOf(payment_no))).location).toStartWith('/admin/login');
  });

  test('what shops and payers have written is text, whatever it looks like', async () => {
    const evil = '"><script>alert(1)</script>';
    const { payment_no } = await create('ecpay/atm', {
      ...{ merchant_order_no: 'EVIL-1', metadata: { [evil]: evil }, buyer_name: evil, item_name: '<img src=x>' },
    });
    const page = await show(payment_no);
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;script>');
  });
});

describe('asking the gateway', () => {
  test('is for everybody, says what came of it, and stands in the timeline under the person’s name', async () => {
    const { payment_no, gateway_order_no } = await create('ecpay/atm');
    const unpaid = await sendForm(staff, await show(payment_no, staff), 'sync');
    expect(await follow(staff, unpaid)).toBe('綠界 ECPay says: not paid.');
    expect(await read(payment_no)).toContain('ECPay was asked just now: not paid.');
    await app.simulate(String(gateway_order_no), 'pay', { callback: false });
    expect(await follow(staff, await sendForm(staff, await show(payment_no, staff), 'sync'))).toBe(
      'The answer: it is paid.',
    );
    expect(await eventsOf(payment_no)).toEqual([
      ['admin.sync', 'person', '陳店員', { asked: true, result: 'unpaid' }],
      ['admin.sync', 'person', '陳店員', { asked: true, result: 'paid' }],
    ]);
    expect(await read(payment_no)).toContain('Asked the gateway: not paid 陳店員');
  });

  test('in vain comes back as a sentence at the form: the gateway rests, or cannot be reached', async () => {
    const { payment_no } = await create('ecpay/atm');
    app.gateway.answer = () => new Response('', { status: 500 });
    const failed = await staff.post(`${pathOf(payment_no)}/sync`);
    app.gateway.answer = null;
    expect([failed.status, troubleOf(failed.text)]).toEqual([
      502,
      'The gateway could not be reached, or gave no proper answer. Try again later.',
    ]);
    expect(failed.text).toContain(`data-payment-no="${payment_no}"`);
    app.gateway.answer = () => new Response('', { status: 403 });
    const rests = await staff.post(`${pathOf(payment_no)}/sync`);
    app.gateway.answer = null;
    expect([rests.status, troubleOf(rests.text)]).toEqual([
      503,
      'The gateway asked for a pause after too many queries. Try again later.',
    ]);
    app.clock.advance(31 * 60_000);
  });
});

describe('notifying the shop again', () => {
  test('sends any of the payment’s notifications, and says so', async () => {
    const { payment_no, gateway_order_no } = await create('ecpay/atm');
    await app.simulate(String(gateway_order_no), 'pay');
    await app.deliver();
    const page = await show(payment_no, staff);
    const [main, row] = formsOf(page, 'resend');
    expect(main?.fields.webhook_id).toBeUndefined();
    expect(row?.fields.webhook_id).toMatch(/^msg_/);
    app.shop.received.length = 0;
    expect(await follow(staff, await staff.post(`${pathOf(payment_no)}/resend`, main?.fields))).toContain('sent again');
    await app.deliver();
    await staff.post(`${pathOf(payment_no)}/resend`, row?.fields);
    await app.deliver();
    expect(app.shop.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      String(row?.fields.webhook_id),
      String(row?.fields.webhook_id),
    ]);
    const told = { event: 'payment.paid', webhook_id: row?.fields.webhook_id };
    expect(await eventsOf(payment_no)).toEqual([
      ['admin.resend', 'person', '陳店員', told],
      ['admin.resend', 'person', '陳店員', told],
    ]);
  });

  test('of another payment, or of one that is unpaid, is refused at the form', async () => {
    const { payment_no } = await create('ecpay/atm');
    const unpaid = await staff.post(`${pathOf(payment_no)}/resend`);
    expect([unpaid.status, troubleOf(unpaid.text)]).toEqual([409, 'This payment is not paid, so this cannot be done.']);
    const [other] = await app.rows.outbox({});
    const foreign = await staff.post(`${pathOf(payment_no)}/resend`, { webhook_id: String(other?.webhookId) });
    expect(foreign.status).toBe(409);
    expect(await eventsOf(payment_no)).toEqual([]);
  });
});

describe('cancelling', () => {
  test('is the owner’s: staff see that it is, and are refused', async () => {
    const { payment_no } = await create('ecpay/atm');
    const page = await show(payment_no, staff);
    expect(formsOf(page, 'cancel')).toEqual([]);
    expect(readText(page)).toContain('Only the owner can cancel a payment.');
    expect((await staff.post(`${pathOf(payment_no)}/cancel`)).status).toBe(403);
    expect(await app.find(String(payment_no))).toMatchObject({ status: 'pending' });
  });

  test('ends the payment once, however often it is pressed, and names who did it', async () => {
    const { payment_no } = await create('ecpay/atm');
    const page = await show(payment_no);
    const [first, second] = await Promise.all([sendForm(owner, page, 'cancel'), sendForm(owner, page, 'cancel')]);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(await app.find(String(payment_no))).toMatchObject({ status: 'failed', reason: 'CANCELLED' });
    expect(await eventsOf(payment_no)).toEqual([['admin.cancel', 'person', '林老闆', {}]]);
    const after = await show(payment_no);
    expect(whyOf(after)).toBe('cancelled');
    expect(readText(after)).toContain('This payment was cancelled (林老闆).');
    expect(await follow(owner, await sendForm(owner, page, 'cancel'))).toBe('The payment was over already.');
  });

  test('a payment that was paid meanwhile stays paid, and the page says so', async () => {
    const { payment_no, gateway_order_no } = await create('ecpay/atm');
    const page = await show(payment_no);
    await app.simulate(String(gateway_order_no), 'pay');
    const refused = await sendForm(owner, page, 'cancel');
    expect(refused.status).toBe(409);
    expect(troubleOf(refused.text)).toStartWith('This payment is paid and cannot be cancelled.');
    expect(refused.text).toContain('data-status="paid"');
  });

  test('waits while the money is moving', async () => {
    await registerStripe(app);
    const { payment_no, gateway_order_no } = await create('stripe/credit');
    await app.simulate(String(gateway_order_no), 'processing', { callback: false });
    const refused = await owner.post(`${pathOf(payment_no)}/cancel`);
    expect([refused.status, whyOf(refused.text)]).toEqual([409, 'under_review']);
    expect(troubleOf(refused.text)).toStartWith('Money may be moving');
  });
});

describe('what is done at the page', () => {
  test('needs the token of a form of this session', async () => {
    const { payment_no } = await create('ecpay/atm');
    const stranger = await staff.csrf();
    for (const action of ['sync', 'resend', 'cancel', 'refund', 'confirm-refund']) {
      for (const csrf of ['', 'x', stranger]) {
        expect((await owner.post(`${pathOf(payment_no)}/${action}`, { csrf })).status).toBe(403);
      }
    }
    expect(await app.find(String(payment_no))).toMatchObject({ status: 'pending' });
  });
});
