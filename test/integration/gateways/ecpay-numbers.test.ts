import { afterAll, beforeAll, expect, test } from 'bun:test';
import { signFields } from '../../../src/gateways/ecpay/signature.ts';
import { STAGE, startApp, type TestApp } from '../../support/app.ts';

/** Numbers that the payer takes at ECPay's cashier. */
let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const infoOf = async (paymentNo: unknown) =>
  (await app.find(String(paymentNo))).payment_info as Readonly<Record<string, unknown>>;
const asked = (path: string) => app.gateway.received.filter((request) => request.path === path).length;

test('barcodes: the answer to the create has the page to give to the payer, the guide, and no numbers yet', async () => {
  const { json } = await app.create('ecpay/aio/barcode');
  expect(json.data.payment_info).toEqual({
    ecpay: {
      selected_payment_method: 'barcode',
      barcode_user_copy_url: json.data.payment_url,
      barcode_segments_copyable: false,
      barcode_user_action: 'copy_payment_page_url_and_scan_rendered_barcodes',
      barcode_intro_url: 'https://www.ecpay.com.tw/introcvs',
    },
  });
});

test('a store code: ECPay’s page about it is in answer and page as soon as ECPay names it, and stays', async () => {
  const { json } = await app.create('ecpay/aio/cvs');
  const { payment_no, payment_url, gateway_order_no, redirect_form } = json.data;
  expect(json.data.payment_info).toEqual({});
  const { action, fields } = redirect_form as { action: string; fields: Record<string, string> };
  await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
  const page = async () => (await app.request(String(payment_url).slice(app.url.length))).text();
  const issue = () => app.simulate(String(gateway_order_no), 'issue');
  const sync = () => app.call(`/api/paycore/payments/${payment_no}/sync`, {});

  await issue();
  const told = await infoOf(payment_no);
  expect({ ...told }).toMatchObject({ payment_code: expect.stringMatching(/^\w{14}$/), payment_code_url: null });
  expect(await page()).not.toContain('PaymentNo=');

  // Asked for, and not named: that is nothing new, however often it is heard.
  const order = { MerchantID: STAGE.merchant_id, MerchantTradeNo: String(gateway_order_no), TradeAmt: '980' };
  const number = {
    ...order,
    RtnCode: '10100073',
    PaymentNo: String(told.payment_code),
    ExpireDate: '2026/06/29 15:30:00',
  };
  const signed = Object.entries({ ...number, CheckMacValue: signFields(number, STAGE) });
  app.gateway.answer = ({ path }) =>
    path === '/Cashier/QueryPaymentInfo' ? new Response(signed.map((pair) => pair.join('=')).join('&')) : null;
  const events = async () => (await app.call(`/api/paycore/payments/${payment_no}/events`)).json.data.events;
  const known = await events();
  await sync();
  expect(await events()).toEqual(known);
  app.gateway.answer = null;

  await sync();
  const url = `${app.gateway.url}/PaymentRule/CVSBarCode?PaymentNo=${told.payment_code}`;
  expect(await infoOf(payment_no)).toEqual({ ...told, payment_code_url: url });
  expect(await page()).toContain(`href="${url}"`);

  // What is known is not asked for.
  const before = asked('/Cashier/QueryPaymentInfo');
  await sync();
  expect(await infoOf(payment_no)).toEqual({ ...told, payment_code_url: url });
  expect(asked('/Cashier/QueryPaymentInfo')).toBe(before);
});
