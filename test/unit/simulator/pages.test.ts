import { describe, expect, test } from 'bun:test';
import { codeData, generate, get, orderOf, postForm, useShop } from './support.ts';

/** What people see of the orders: the list, an order's page for whoever pays, ECPay's guide page. */

const PAYCORE = 'http://paycore.test';
const SHOP = 'http://shop.test';
const { clock, shop, simulator } = useShop({ home: () => ({ payments: PAYCORE, shop: SHOP }) });

async function issue(no: string, method: 'ATM' | 'CVS' = 'CVS') {
  const kind = method === 'CVS' ? { ATMInfo: undefined, CVSInfo: {} } : {};
  await generate(
    simulator,
    codeData(
      { ChoosePayment: method, CustomField: `PAY-${no}`, ...kind },
      { MerchantTradeNo: no, ReturnURL: shop.url('/return') },
    ),
  );
  return orderOf(simulator, no);
}
const read = async (path: string) => (await get(simulator, path)).text();
const ordersIn = (html: string) => [...html.matchAll(/orders\/\d+-(\w+)\/page\?gateway=ecpay">/g)].map(([, no]) => no);

describe('the list of orders', () => {
  test('shows number, code or account, amount and status of each, the newest first', async () => {
    const first = await issue('FIRST');
    clock.now += 1000;
    const second = await issue('SECOND', 'ATM');
    const html = await read('/simulator');
    expect(ordersIn(html)).toEqual(['SECOND', 'FIRST']);
    for (const shown of [first.info.PaymentNo, `${second.info.BankCode} ${second.info.vAccount}`, '980', 'issued']) {
      expect(html).toContain(String(shown));
    }
    expect(html).toContain('<title>Orders · Simulator</title>');
    expect(html).toContain(`<a href="${SHOP}">Shop</a>`);
  });

  test('finds an order by its number, its code, the account in groups and the payment, and says when there is none', async () => {
    const first = await issue('FIRST');
    const second = await issue('SECOND', 'ATM');
    const grouped = String(second.info.vAccount).replace(/(.{4})/g, '$1 ');
    for (const [wanted, found] of [
      ['first', ['FIRST']],
      [String(first.info.PaymentNo), ['FIRST']],
      [grouped, ['SECOND']],
      ['PAY-SECOND', ['SECOND']],
      ['%', []],
      ['<b>', []],
    ] as const) {
      const html = await read(`/simulator?q=${encodeURIComponent(wanted)}`);
      expect([wanted, ordersIn(html)]).toEqual([wanted, [...found]]);
      expect(html).not.toContain('<b>');
    }
  });
});

describe('the page of an order', () => {
  const pageOf = (no: string, back: string) =>
    `/simulator/orders/${no}/page?gateway=ecpay&back=${encodeURIComponent(back)}`;

  test('for its payer has one button that pays, and leads back to the payment page', async () => {
    await issue('PAYER');
    const back = `${PAYCORE}/zh-tw/pay/PAY1?token=t&x=1`;
    const html = await read(pageOf('PAYER', back));
    expect(html).toContain(`href="${back.replaceAll('&', '&amp;')}"`);
    expect(html).not.toContain('Forge');
    const action = /<form method="post" action="([^"]+\/pay[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const answer = await postForm(simulator, action, {});
    expect([answer.status, answer.headers.get('location')]).toEqual([303, back]);
    expect((await orderOf(simulator, 'PAYER')).status).toBe('paid');
    const after = await read(pageOf('PAYER', back));
    expect(after).toContain('Paid');
    expect(after).not.toContain('<form');
  });

  test('stays with the payer after a decline', async () => {
    await issue('DECLINED');
    const back = `${PAYCORE}/en/pay/PAY1?token=t`;
    const answer = await postForm(simulator, pageOf('DECLINED', back).replace('/page?', '/decline?'), {});
    expect(answer.headers.get('location')).toEndWith(`&back=${encodeURIComponent(back)}`);
  });

  test.each(['https://evil.example/', 'javascript:alert(1)', `${PAYCORE}.evil.example/`, '//evil.example', ''])(
    'never leads to %p',
    async (back) => {
      await issue('EVIL');
      const html = await read(pageOf('EVIL', back));
      expect(html).not.toContain('data-back');
      expect(html).toContain('data-action="pay"');
      const answer = await postForm(simulator, pageOf('EVIL', back).replace('/page?', '/pay?'), {});
      expect(answer.headers.get('location')).toStartWith('/simulator/orders/');
    },
  );

  test('is found by the gateway’s own number too', async () => {
    const { trade_no } = (await issue('TRADED')) as unknown as { readonly trade_no: string };
    expect((await orderOf(simulator, trade_no)).merchant_trade_no).toBe('TRADED');
  });
});

test('ECPay’s guide page of a store code has a button that pays the order, and says so afterwards', async () => {
  const { info } = await issue('GUIDE');
  const { pathname, search } = new URL(String(info.PaymentURL));
  const html = await read(pathname + search);
  expect(html).toContain('<title>Convenience store code · GUIDE · Simulator</title>');
  const action = /<form class="stack" method="post" action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect((await postForm(simulator, action, {})).status).toBe(303);
  expect((await orderOf(simulator, 'GUIDE')).status).toBe('paid');
  const after = await read(pathname + search);
  expect(after).toContain('Paid');
  expect(after).not.toContain('<form');
});
