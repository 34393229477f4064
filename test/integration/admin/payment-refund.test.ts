import { beforeAll, describe, expect, test } from 'bun:test';
import { useApp } from '../../support/apps.ts';
import { type DeskClient, type DeskPageAnswer, readText, signInOwner, signInStaff } from '../../support/desk.ts';
import { formsOf, sendForm } from '../../support/desk-forms.ts';
import { present } from '../../support/parts.ts';
import { createRefundBench, type Selling, type Sold } from '../refund/bench.ts';

/** Paying back at the desk: the form, the question, and that it is done once. */

const app = useApp({ env: { PAYCORE_RATE_LIMIT: 'off' } }, 'file');
const bench = createRefundBench(app);
let owner: DeskClient;
let cashier: DeskClient;
let staff: DeskClient;
beforeAll(async () => {
  owner = await signInOwner(app);
  cashier = await signInStaff(app, { mayRefund: true });
  staff = await signInStaff(app);
  for (const client of [owner, cashier, staff]) await client.get('/admin?locale=en');
});

const pathOf = ({ no }: Sold) => `/admin/payments/${no}`;
const show = async (sold: Sold, client = owner) => (await client.get(pathOf(sold))).text;
const troubleOf = (page: string) => readText(/<p class="form-problem"[^>]*>([^<]*)/.exec(page)?.[1] ?? '').trim();
const wrongOf = (page: string) => readText(/<p class="wrong"[^>]*>([^<]*)/.exec(page)?.[1] ?? '').trim();

/** From the page of the payment to the question. */
const ask = async (sold: Sold, fields: Readonly<Record<string, string>> = {}, client = owner) =>
  sendForm(client, await show(sold, client), 'refund', fields);
/** The answer to the question that is in this page. */
const answer = (question: DeskPageAnswer, client = owner) => sendForm(client, question.text, 'refund');
const notice = async (client: DeskClient, { status, location }: DeskPageAnswer) => {
  expect(status).toBe(303);
  return readText(/<p class="notice"[^>]*>([^<]*)/.exec((await client.get(location ?? '')).text)?.[1] ?? '');
};
const made = async ({ no }: Sold) =>
  (await bench.list(no)).map(({ amount_decimal, status, reason }) => [amount_decimal, status, reason]);

describe('paying back', () => {
  for (const gateway of ['stripe', 'paypal', 'ecpay'] as const satisfies readonly Selling[]) {
    test(`a part, then the rest, each after a question that names amount, order and gateway: ${gateway}`, async () => {
      const sold = await bench.sellBy(gateway);
      if (gateway === 'ecpay') await bench.collect(sold);
      const { merchant_order_no } = await app.find(sold.no);
      const question = await ask(sold, { amount: '300', reason: '退貨' });
      expect(question.status).toBe(200);
      const text = readText(question.text);
      expect(text).toMatch(new RegExp(`Pay NT\\$300 of order ${merchant_order_no} back to the customer through .*\\?`));
      expect(text).toContain('The payment was NT$980; after this NT$680 is left.');
      expect(await made(sold)).toEqual([]);
      expect(await notice(owner, await answer(question))).toStartWith('NT$300 was paid back');
      expect(await made(sold)).toEqual([['300.00', 'succeeded', '退貨']]);
      // The form says what is left.
      const rest = await show(sold);
      expect(present(formsOf(rest, 'refund')[0]).fields.amount).toBe('680');
      await answer(await ask(sold));
      expect(await bench.paidBack(gateway, sold)).toBe(980);
      const over = await show(sold);
      expect(formsOf(over, 'refund')).toEqual([]);
      expect(readText(over)).toContain('All of it was paid back.');
    });
  }

  test('stands in the timeline under the person’s name, there and in the API', async () => {
    const sold = await bench.sellBy('stripe');
    await answer(await ask(sold, { amount: '100' }, cashier), cashier);
    const { json } = await app.call(`/api/paycore/payments/${sold.no}/events`);
    const events = json.data.events as { type: string; by: { type: string; name: string } }[];
    expect(events.filter(({ by }) => by.type === 'person').map(({ type, by }) => [type, by.name])).toEqual([
      ['admin.refund', '陳店員'],
      ['refund.created', '陳店員'],
    ]);
    expect(readText(await show(sold))).toMatch(/Refunded NT\$100 \(RF\w+\) 陳店員/);
  });

  test('takes amounts as people write them, and none that is too much, too fine, or nothing', async () => {
    const sold = await bench.sellBy('stripe');
    expect(readText((await ask(sold, { amount: ' ＮＴ$ 1２0.5 ' })).text)).toContain('Pay NT$120.50 of order');
    for (const [amount, said] of [
      ['', 'Please fill this in.'],
      ['abc', 'Please enter a number such as 980 or 10.99.'],
      ['-1', 'At least 0.01.'],
      ['0', 'At least 0.01.'],
      ['1.005', 'At most 2 decimals.'],
      ['980.01', 'At most 980.00.'],
      ['9e2', 'Please enter a number such as 980 or 10.99.'],
    ] as const) {
      const refused = await ask(sold, { amount, reason: 'kept' });
      expect([amount, refused.status, wrongOf(refused.text)]).toEqual([amount, 422, said]);
      expect(refused.text).toContain('value="kept"');
    }
    expect((await ask(sold, { reason: 'x'.repeat(201) })).status).toBe(422);
    expect(await made(sold)).toEqual([]);
  });

  test('where the gateway takes no cents none can be asked for', async () => {
    const sold = await bench.sellBy('ecpay');
    expect(wrongOf((await ask(sold, { amount: '100.5' })).text)).toBe('At most 0 decimals.');
  });

  test('where the gateway pays nothing back the page says how it is done, and no form can be forged for it', async () => {
    const sold = await bench.sell('ecpay/atm');
    const page = await show(sold);
    expect(formsOf(page, 'refund')).toEqual([]);
    expect(readText(page)).toMatch(/cannot be paid back through .* ECPay from here.*ECPay’s own desk/);
    expect(readText(page)).toContain(sold.tradeNo);
    const forged = await owner.post(`${pathOf(sold)}/refund`, { amount: '1' });
    expect([forged.status, await made(sold)]).toEqual([422, []]);
  });
});

describe('the same press twice', () => {
  test('refunds once: at the same moment, by a reload, and after the money is back', async () => {
    const sold = await bench.sellBy('stripe');
    const question = await ask(sold, { amount: '980' });
    const both = await Promise.all([answer(question), answer(question)]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    expect(await notice(owner, await answer(question))).toContain('was made already, and not once more');
    expect(await made(sold)).toEqual([['980.00', 'succeeded', '']]);
    expect(await bench.paidBack('stripe', sold)).toBe(980);
  });

  test('of a part refunds that part once', async () => {
    const sold = await bench.sellBy('paypal');
    const question = await ask(sold, { amount: '100' });
    await Promise.all([answer(question), answer(question), answer(question)]);
    expect(await bench.paidBack('paypal', sold)).toBe(100);
  });

  test('when the answer was lost asks the gateway what became of it, and pays nothing twice', async () => {
    const sold = await bench.sellBy('stripe');
    const question = await ask(sold, { amount: '200' });
    await bench.break('stripe', 'lost');
    const lost = await answer(question);
    expect([502, 504]).toContain(lost.status);
    expect(readText(lost.text)).toContain('It is not known whether');
    await answer(question);
    expect(await bench.paidBack('stripe', sold)).toBe(200);
    expect(await bench.calls('stripe')).toBeGreaterThan(0);
    expect(await made(sold)).toEqual([['200.00', 'succeeded', '']]);
  });
});

describe('a payment that changed since it was looked at', () => {
  test('in another tab: the second question is put again with what is left now', async () => {
    const sold = await bench.sellBy('stripe');
    const [one, two] = [await ask(sold, { amount: '100' }), await ask(sold, { amount: '100' })];
    await answer(one);
    const refused = await answer(two);
    expect([refused.status, troubleOf(refused.text)]).toEqual([
      409,
      'Another refund of this payment was made since you looked, so nothing was paid back. Look at what is left, then decide.',
    ]);
    expect(readText(refused.text)).toContain('NT$880 can still be paid back.');
    expect(await bench.paidBack('stripe', sold)).toBe(100);
  });

  test('by the shop’s own program: the person is asked again', async () => {
    const sold = await bench.sellBy('stripe');
    const question = await ask(sold, { amount: '500' });
    expect((await bench.refund(sold.no, { amount: 10_000 })).status).toBe(201);
    expect((await answer(question)).status).toBe(409);
    expect(await bench.paidBack('stripe', sold)).toBe(100);
  });

  test('a refusal of the gateway comes back in its words, and the form can be sent again', async () => {
    const sold = await bench.sellBy('paypal');
    const question = await ask(sold, { amount: '100' });
    app.gateway.answer = ({ path }) =>
      path.endsWith('/refund')
        ? Response.json({ name: 'UNPROCESSABLE_ENTITY', message: 'Capture is on hold' }, { status: 422 })
        : null;
    const refused = await answer(question);
    app.gateway.answer = null;
    expect(refused.status).toBe(422);
    expect(troubleOf(refused.text)).toMatch(/^The gateway did not accept the refund. The gateway says: .*on hold/);
    expect((await answer(question)).status).toBe(303);
    expect(await bench.paidBack('paypal', sold)).toBe(100);
  });
});

describe('who may pay back', () => {
  test('the owner, and staff whom the owner lets; the others see that they may not, and are refused', async () => {
    const sold = await bench.sellBy('stripe');
    const page = await show(sold, staff);
    expect(formsOf(page, 'refund')).toEqual([]);
    expect(readText(page)).toContain('Refunds are for the owner');
    const question = await ask(sold, { amount: '100' });
    const { fields } = present(formsOf(question.text, 'refund')[0]);
    const { csrf: _, ...sent } = fields;
    for (const path of ['refund', 'confirm-refund']) {
      expect((await staff.post(`${pathOf(sold)}/${path}`, sent)).status).toBe(403);
    }
    expect(await made(sold)).toEqual([]);
  });

  test('an answer to no question pays nothing back', async () => {
    const sold = await bench.sellBy('stripe');
    for (const form_key of ['', 'x', 'form_short', `form_${'A'.repeat(23)}`]) {
      const forged = await owner.post(`${pathOf(sold)}/confirm-refund`, { amount: '980', form_key, seen: '0' });
      expect(forged.status).toBe(422);
    }
    const key = `form_${'A'.repeat(22)}`;
    expect((await owner.post(`${pathOf(sold)}/confirm-refund`, { amount: '980', form_key: key })).status).toBe(422);
    expect(await made(sold)).toEqual([]);
  });

  test('money is named only by what was paid for this payment', async () => {
    const sold = await bench.sellBy('stripe');
    const foreign = await owner.post(`${pathOf(sold)}/refund`, { amount: '1', gateway_trade_no: 'pi_other' });
    expect(foreign.status).toBe(422);
  });
});

describe('an order that was paid twice', () => {
  test('has a form for each payment, and each pays back its own', async () => {
    const { json } = await app.create('ecpay/aio/credit');
    const sold: Sold = { no: String(json.data.payment_no), number: '', tradeNo: '' };
    const { pathname, search } = new URL(String(json.data.payment_url));
    const { action, fields } = json.data.redirect_form as { action: string; fields: Record<string, string> };
    const page = await (await app.request(`${pathname}/go${search}`, { method: 'POST' })).text();
    const inputs = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)];
    const second = Object.fromEntries(
      inputs.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]),
    );
    for (const form of [fields, second]) {
      await fetch(action, { method: 'POST', body: new URLSearchParams(form) });
      await app.simulate(String(form.MerchantTradeNo), 'pay');
      await app.simulate(String(form.MerchantTradeNo), 'card', { stage: 'closed' });
    }
    const both = await show(sold);
    expect(readText(both)).toContain('The same order was paid more than once');
    const forms = formsOf(both, 'refund');
    expect(forms.map(({ fields: { amount } }) => amount)).toEqual(['980', '980']);
    expect(new Set([...both.matchAll(/ id="(amount[^"]*)"/g)].map(([, id]) => id)).size).toBe(2);
    const other = present(forms.find((form) => form.fields.gateway_trade_no !== undefined));
    await answer(await owner.post(`${pathOf(sold)}/refund`, other.fields));
    expect(await app.find(sold.no)).toMatchObject({ refunded_amount: 0 });
    const [refund] = await bench.list(sold.no);
    expect(refund?.gateway_trade_no).toBe(other.fields.gateway_trade_no);
    // What is left is the money that the order is paid by.
    const rest = formsOf(await show(sold), 'refund');
    expect(rest.map(({ fields: { gateway_trade_no } }) => gateway_trade_no)).toEqual([undefined]);
    // A mistake is told at the form that it was made in.
    const wrong = await owner.post(`${pathOf(sold)}/refund`, { amount: '981' });
    expect(wrongOf(wrong.text)).toBe('At most 980.00.');
  });
});
