import { describe, expect, test } from 'bun:test';
import type { Order } from '../../../../src/core/payment.ts';
import { openData } from '../../../../src/gateways/ecpay/cipher.ts';
import { ecpay } from '../../../../src/gateways/ecpay/index.ts';
import { createInput, ecpayContext, SECRETS } from '../../../support/ecpay.ts';
import { present } from '../../../support/parts.ts';

/** What GetTokenbyTrade is asked for an order. */
async function readRequest(order: Order): Promise<Readonly<Record<string, unknown>>> {
  const sent: string[] = [];
  const stop = new Error('not sent');
  const http = {
    get: () => Promise.reject(stop),
    post: (_url: string, { body }: { readonly body: string | Uint8Array }) => {
      sent.push(String(body));
      return Promise.reject(stop);
    },
  };
  const asked = present(ecpay.inSite).prepare(createInput('ecpg', order), { ...ecpayContext(), http });
  expect(await asked.catch((error) => error)).toBe(stop);
  return present(openData(JSON.parse(present(sent[0])).Data, SECRETS));
}

describe('ECPay’s form in our page offers', () => {
  test.each([
    ['everything but instalments, whose periods are not known', {}, '1,3,4,5,6'],
    ['instalments too, when their periods are known', { extras: { CreditInstallment: '3,6' } }, '1,2,3,4,5,6'],
    ['what the order names', { own: { methods: ['atm', 'cvs'] } }, '3,4'],
    ['what an older order names', { methods: ['credit', 'barcode'] } as Order, '1,5'],
    ['nothing that ECPay does not have', { own: { methods: ['cash', 'unionpay'] } }, '6'],
  ])('%s', async (_name, order, list) => {
    expect((await readRequest(order)).ChoosePaymentList).toBe(list);
  });
});
