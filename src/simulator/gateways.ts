/** How a gateway route answers, which decides what can go wrong with it. */
export type Shape = 'page' | 'form' | 'sealed' | 'browser' | 'xml' | 'json';

/** A route of the gateway under the name that faults and the request log use. */
export interface Gateway {
  readonly name: string;
  /**
   * `page` for the payer, `form` signed text, `sealed` a JSON envelope, `browser` for the script on the pay page, `xml`
   * and `json` for services that sign nothing.
   */
  readonly shape: Shape;
  /** Counts against the limit of queries; making orders never does (ECPay developer documentation, page 2858). */
  readonly isQuery?: boolean;
  /** Can be refused because the MerchantTradeNo is spent. */
  readonly spendsNumber?: boolean;
  /** The stand whose calls these are; ECPay's when left out. */
  readonly stand?: string;
  /** The answer says which order it is about. */
  readonly namesOrder?: boolean;
}

export const gateways = {
  checkout: { name: 'aio-checkout', shape: 'page', spendsNumber: true },
  aioQueryTrade: { name: 'aio-query-trade', shape: 'form', isQuery: true, namesOrder: true },
  aioQueryPaymentInfo: { name: 'aio-query-payment-info', shape: 'form', isQuery: true, namesOrder: true },
  aioDoAction: { name: 'aio-do-action', shape: 'form', namesOrder: true },
  genPaymentCode: { name: 'gen-payment-code', shape: 'sealed', spendsNumber: true, namesOrder: true },
  queryTrade: { name: 'query-trade', shape: 'sealed', isQuery: true, namesOrder: true },
  queryPaymentInfo: { name: 'query-payment-info', shape: 'sealed', isQuery: true, namesOrder: true },
  doAction: { name: 'do-action', shape: 'sealed' },
  getToken: { name: 'get-token', shape: 'sealed', spendsNumber: true },
  createPayment: { name: 'create-payment', shape: 'sealed', spendsNumber: true, namesOrder: true },
  sdkScript: { name: 'sdk-script', shape: 'browser' },
  payToken: { name: 'pay-token', shape: 'browser' },
} as const satisfies Readonly<Record<string, Gateway>>;
