import { formatDecimal, fromMinorUnits } from '../core/money.ts';
import type { Gateways } from '../gateways/registry.ts';

/** A way to pay, as the shop offers it. */
export interface Way {
  /** What the shop's button is called by. */
  readonly route: string;
  /** Behind `/api/paycore/`. */
  readonly path: string;
  readonly gateway: string;
  readonly title: string;
  /** In the unit that the route takes. */
  readonly amount: number;
  readonly currency: string;
  /** The gateway issues a number that is paid elsewhere. */
  readonly isNumber: boolean;
  /** The amount as people write it. */
  readonly price: string;
}

/** What the shop's customers call each route; a driver's new method goes by its path. */
const TITLES: Readonly<Record<string, string>> = {
  aio: 'Cashier, every way',
  'aio/credit': 'Cashier, card',
  'aio/atm': 'Cashier, bank transfer',
  'aio/cvs': 'Cashier, store code',
  'aio/barcode': 'Cashier, store barcode',
  ecpg: 'Form in our page',
  atm: 'Bank transfer',
  cvs: 'Store code',
  barcode: 'Store barcode',
  checkout: 'PayPal account',
  credit: 'Card',
  alipay: 'Alipay',
  'wechat-pay': 'WeChat Pay',
  grabpay: 'GrabPay',
  paynow: 'PayNow',
  promptpay: 'PromptPay',
  fpx: 'FPX',
};

const NUMBERS: readonly string[] = ['atm', 'cvs', 'barcode'];

/** What a demo payment costs in minor units: 980 TWD, or about as much as a lunch elsewhere. */
const PRICES: Readonly<Record<string, number>> = { TWD: 98_000, THB: 12_000 };
const PRICE = 3000;

/** The payer chooses the way on PayCore's own page. */
export const CHECKOUT: Way = {
  route: 'checkout',
  path: 'checkout',
  gateway: '',
  title: 'Pay',
  amount: 980,
  currency: 'TWD',
  isNumber: false,
  price: 'NT$980',
};

/** Every way to pay that there is, each with an amount its currency makes sense of. */
export function listWays(gateways: Gateways): readonly Way[] {
  return gateways.list.flatMap((gateway) =>
    gateway.methods.map(({ path, method, currencies, unit, callsGateway }): Way => {
      const currency = currencies.includes('TWD') ? 'TWD' : (currencies[0] ?? 'TWD');
      const minor = PRICES[currency] ?? PRICE;
      return {
        route: `${gateway.id}/${path}`,
        path: `pay/${gateway.id}/${path}`,
        gateway: gateway.name,
        title: TITLES[path] ?? path,
        amount: fromMinorUnits(minor, currency, unit),
        currency,
        isNumber: callsGateway && NUMBERS.includes(method),
        price: `${currency} ${formatDecimal(minor, currency).replace(/\.00$/, '')}`,
      };
    }),
  );
}
