import { expect } from 'bun:test';
import { GATEWAYS } from '../../src/gateways/index.ts';
import { readCredentials, storeCredential } from '../../src/payments/projects/credentials.ts';
import { readAttributes } from '../unit/pages/html.ts';
import { STAGE, type TestApp } from './app.ts';
import { present } from './parts.ts';

/** What a payer does with payment links of the project `shop`. */

export interface MadeLink {
  readonly no: string;
  /** Of the page in the shop's language. */
  readonly path: string;
}

export type Fields = Readonly<Record<string, string>>;

export function linkHand(app: TestApp) {
  const view = (path: string) => app.request(path);
  const page = async (path: string) => (await view(path)).text();
  return {
    view,
    page,
    /** Lets payers choose ECPay. */
    async storeCredentials(): Promise<void> {
      const { deps } = app;
      const { id } = present(await deps.store.findProjectByName('shop'));
      const gateway = present(GATEWAYS.find((one) => one.id === 'ecpay'));
      const { secrets, environment } = readCredentials(deps, gateway, 'test', STAGE);
      await deps.store.makeCurrentCredential(await storeCredential(deps, id, gateway, secrets, environment));
    },
    async make(body: object = {}): Promise<MadeLink> {
      const link = { title: 'Tea', payok_url: `${app.shop.url}/payok`, ...body };
      const no = String((await app.call('/api/paycore/links', link)).json.data.link_no);
      return { no, path: `/zh-tw/link/${no}` };
    },
    status: async ({ no }: MadeLink) => (await app.call(`/api/paycore/links/${no}`)).json.data,
    post: (path: string, fields: Fields = {}) =>
      app.request(path, { method: 'POST', body: new URLSearchParams(fields) }),
    /** As a browser would: with the hidden field of the page. */
    async fillIn(path: string): Promise<Fields> {
      const inputs = await readAttributes(await page(path), 'input');
      return Object.fromEntries(inputs.map(({ name = '', value = '' }) => [name, value]));
    },
    /** Chooses a way to pay; answers the number at the gateway. */
    async choose(answer: Response, route: string): Promise<string> {
      const to = answer.headers.get('location') ?? '';
      await app.request(to.replace('?', '/choose?'), { method: 'POST', body: new URLSearchParams({ route }) });
      return String((await app.find(paymentOf(answer))).gateway_order_no);
    },
  };
}

/** The payment that the answer of a form leads to. */
export function paymentOf(answer: Response): string {
  const to = answer.headers.get('location') ?? '';
  const [, no = ''] = /^\/(?:zh-tw|en)\/pay\/(PAY[0-9A-Z]+)\?token=/.exec(to) ?? [];
  expect([answer.status, no === '' ? to : 'a payment page']).toEqual([303, 'a payment page']);
  return no;
}
