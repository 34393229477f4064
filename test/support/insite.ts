import type { TestApp } from './app.ts';

/** What the payer's browser does in ECPay's form on our page. */

export interface PageAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, Record<string, unknown>>>;
}

/** Sends a page's request; `send` reaches one of several processes. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

export function inSiteHand(
  app: { readonly request: Send; readonly gateway: Pick<TestApp['gateway'], 'url'> },
  send: Send = app.request,
) {
  const post = async (path: string, body: object): Promise<PageAnswer> => {
    const response = await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as PageAnswer['json'] };
  };
  const hand = {
    /** The form's token, as the page asks for it; `page`: path and query of the payment's page. */
    async openForm(page: string): Promise<PageAnswer & { readonly token: string }> {
      const answer = await post(page.replace('?', '/form?'), {});
      return { ...answer, token: String(answer.json.data?.token) };
    },
    /** What ECPay's script gives for what the payer has typed: `card`, `card-3d`, `atm` … */
    async takePayToken(token: string, method: string): Promise<string> {
      const response = await fetch(`${app.gateway.url}/Merchant/SimulatorPayToken`, {
        method: 'POST',
        body: new URLSearchParams({ Token: token, Method: method }),
      });
      return ((await response.json()) as { PayToken: string }).PayToken;
    },
    /** The payer presses the button. */
    press(page: string, PayToken: string): Promise<PageAnswer> {
      const [, no = '', query = ''] = /\/pay\/(PAY[0-9A-Z]+)(\?.+)$/.exec(page) ?? [];
      return post(`/api/paycore/pay/ecpay/ecpg/${no}/create${query}`, { PayToken });
    },
    /** Opens the form and fills it in. */
    async fillIn(page: string, method = 'card'): Promise<string> {
      return hand.takePayToken((await hand.openForm(page)).token, method);
    },
  };
  return hand;
}
