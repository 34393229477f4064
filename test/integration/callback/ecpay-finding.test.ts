import { describe, expect, test } from 'bun:test';
import { STAGE } from '../../support/app.ts';
import { useApp } from '../../support/apps.ts';
import { formCallback, noticeData, resultFields, sealedCallback, signedCallback } from '../../support/ecpay.ts';

/** How ECPay's callbacks find their payment when the usual number is missing, or the envelope names somebody else. */

const app = useApp({}, 'file');

async function sell(route: string, credentials: object = {}) {
  const gateway_credentials = { ...STAGE, environment: 'stage', ...credentials };
  const { json } = await app.create(route, { buyer_email: 'a@b.example', gateway_credentials });
  return { no: String(json.data.payment_no), orderNo: String(json.data.gateway_order_no) };
}

async function post({ contentType, body }: ReturnType<typeof formCallback>) {
  const { status, text } = await app.callback(Buffer.from(body), contentType);
  return [status, text];
}

const statusOf = async (no: string) => (await app.find(no)).status;
const { MerchantTradeNo: _, ...nameless } = resultFields();
const { OrderInfo, ...notice } = noticeData();
const { MerchantTradeNo: __, ...namelessOrder } = OrderInfo as Record<string, unknown>;

describe('without MerchantTradeNo', () => {
  test('a signed result is found by CustomField1', async () => {
    const { no } = await sell('ecpay/aio/credit');
    expect(await post(signedCallback({ ...nameless, CustomField1: no }))).toEqual([200, '1|OK']);
    expect(await statusOf(no)).toBe('paid');
  });

  test('a sealed notice is found by CustomField', async () => {
    const { no } = await sell('ecpay/ecpg');
    const data = { ...notice, OrderInfo: namelessOrder, CustomField: no };
    expect(await post(sealedCallback(data))).toEqual([200, '1|OK']);
    expect(await statusOf(no)).toBe('paid');
  });

  test('it has to be signed all the same, and about a payment that there is', async () => {
    const { no } = await sell('ecpay/aio/credit');
    const forged = formCallback({ ...nameless, CustomField1: no, CheckMacValue: 'A'.repeat(64) });
    expect(await post(forged)).toEqual([400, '0|ECPay CheckMacValue verification failed.']);
    const other = signedCallback({ ...nameless, CustomField1: 'PAY202606220001ABCDEFGH' });
    expect(await post(other)).toEqual([400, '0|ECPay transaction not found.']);
    expect(await post(signedCallback({ ...nameless, CustomField1: 'tea' }))).toEqual([
      400,
      '0|ECPay callback cannot be read.',
    ]);
    expect(await statusOf(no)).toBe('pending');
  });

  test('it is about the attempt at ECPay, though the payer has gone on to another gateway', async () => {
    const { deps } = app;
    const project = await deps.store.findProjectByName('shop');
    const { no } = await sell('ecpay/aio/credit');
    const found = await deps.store.findPayment(no);
    const id = await deps.store.ensureCredential({
      projectId: project?.id ?? 0,
      gateway: 'paypal',
      merchantId: 'x',
      environment: 'sandbox',
      fingerprint: new Uint8Array(32),
      sealed: new Uint8Array(1),
      now: deps.clock.now(),
    });
    const attempt = {
      ...{ gateway: 'paypal', method: 'checkout', mode: 'checkout', credentialId: id, locale: 'en' as const },
      ...{ gatewayOrderNo: 'PCELSEWHERE000000001', status: 'open' as const },
      ...{ deadline: deps.clock.now() + 1000, checkAt: deps.clock.now() + 1000 },
    };
    await deps.store.openAttempt(found?.payment.id ?? 0, attempt, deps.clock.now());
    expect((await deps.store.findPayment(no))?.attempt?.gateway).toBe('paypal');
    expect(await post(signedCallback({ ...nameless, CustomField1: no }))).toEqual([200, '1|OK']);
    expect(await statusOf(no)).toBe('paid');
  });
});

describe('an envelope with the platform’s MerchantID', () => {
  const platform = { platform_id: '3003008' };
  const fromPlatform = (orderNo: string, no: string, MerchantID = platform.platform_id) =>
    sealedCallback(noticeData({ CustomField: no }, { MerchantTradeNo: orderNo }), { MerchantID });

  test('is taken when the payment was made with platform_id', async () => {
    const { no, orderNo } = await sell('ecpay/ecpg', platform);
    expect(await post(fromPlatform(orderNo, no))).toEqual([200, '1|OK']);
    expect(await statusOf(no)).toBe('paid');
  });

  test('is not when it was made without', async () => {
    const { no, orderNo } = await sell('ecpay/ecpg');
    expect(await post(fromPlatform(orderNo, no, '3009999'))).toEqual([
      400,
      '0|ECPay encrypted background callback transaction not found.',
    ]);
    expect(await statusOf(no)).toBe('pending');
  });

  test('is taken with a set that was stored before platforms were kept, once it is used again', async () => {
    const own = { ...platform, hash_key: 'abcdefghijklmnop' };
    const first = await sell('ecpay/ecpg', own);
    await app.tamper.forgetPlatforms();
    const secrets = { ...STAGE, ...own };
    const late = sealedCallback(
      noticeData({ CustomField: first.no }, { MerchantTradeNo: first.orderNo }),
      { MerchantID: '3003008' },
      secrets,
    );
    expect((await post(late))[0]).toBe(400);
    await sell('ecpay/ecpg', own);
    expect(await post(late)).toEqual([200, '1|OK']);
  });
});
