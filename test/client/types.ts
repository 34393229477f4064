/** Read by compilers only: what is right compiles, and each wrong line is an error. */
import {
  type Notification,
  PayCore,
  PayCoreError,
  type Payment,
  type PayRoute,
  verifyNotification,
} from '@paycore/client';

const paycore = new PayCore({ url: 'https://pay.shop.example', apiKey: 'pc_test_types' });
const order = { merchant_order_no: 'A', amount: 980 };

export async function right(): Promise<void> {
  const atm = await paycore.pay('ecpay/atm', { ...order, ecpay: { ATMBankCode: '822' } });
  const account: string = atm.payment_info.virtual_account;
  const gateway: 'ecpay' = atm.gateway;
  const form: Readonly<Record<string, string>> = (await paycore.pay('ecpay/aio/credit', order)).redirect_form.fields;
  const all: Payment[] = [];
  for await (const payment of paycore.payments.list({ status: 'paid', limit: 50 })) all.push(payment);
  const sum: number | null = (await paycore.overview()).today_amount;
  const result: 'paid' | 'unpaid' | 'mismatch' | 'unknown' | 'not_found' | 'over' = (await paycore.payments.sync('P'))
    .sync.result;
  const key: string | null = new PayCoreError({ code: 'X', message: '' }).idempotencyKey;
  const route: PayRoute = 'stripe/wechat-pay';
  const notification: Notification = await verifyNotification(['whsec_YQ=='], new Headers(), new Uint8Array());
  await paycore.refunds.create('P', { amount: '1.50' }, { idempotencyKey: 'k', signal: new AbortController().signal });
  await paycore.checkout.create({ ...order, metadata: undefined });
  const code: string | undefined =
    notification.event === 'payment.paid' ? undefined : new PayCoreError({ code: 'X', message: '' }).code;
  void [key, account, gateway, form, sum, result, route, code];
}

export async function wrong(): Promise<void> {
  // @ts-expect-error there is no such route
  await paycore.pay('ecpay/gold', order);
  // @ts-expect-error the order's number is missing
  await paycore.pay('ecpay/atm', { amount: 980 });
  // @ts-expect-error an option of another gateway
  await paycore.pay('smilepay/atm', { ...order, ecpay: { ATMBankCode: '822' } });
  // @ts-expect-error a bank that takes no part
  await paycore.pay('ecpay/atm', { ...order, ecpay: { ATMBankCode: '999' } });
  // @ts-expect-error credentials of another gateway
  await paycore.pay('plus/atm', { ...order, gateway_credentials: { merchant_id: '1', hash_key: '2', hash_iv: '3' } });
  // @ts-expect-error a store code has no account
  (await paycore.pay('ecpay/cvs', order)).payment_info.virtual_account;
  // @ts-expect-error no such status
  paycore.payments.list({ status: 'done' });
  // @ts-expect-error an amount is no truth value
  await paycore.checkout.create({ merchant_order_no: 'A', amount: true });
  // @ts-expect-error a parsed body cannot be verified
  await verifyNotification('whsec_YQ==', {}, { event: 'payment.paid' });
  // @ts-expect-error the address is needed
  new PayCore({ apiKey: 'pc_test_types' });
}
