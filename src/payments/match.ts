import type { Attempt } from '../core/attempt.ts';
import type { Payment } from '../core/payment.ts';
import type { Deps } from '../deps.ts';
import type { Gateway, Hints } from '../gateways/gateway.ts';

type Match = { readonly payment: Payment; readonly attempt: Attempt };

const HINT_ORDER: readonly (keyof Hints)[] = ['tradeNo', 'token', 'orderNo', 'paymentNo', 'merchantOrder'];

/** Finds the attempt that a callback's hints lead to, the most exact hint first, and says which one did. */
export function createMatcher(deps: Pick<Deps, 'store' | 'vault'>) {
  const lookUp: Readonly<Record<keyof Hints, (gateway: string, hints: Hints) => Match | null>> = {
    tradeNo: (gateway, { tradeNo = '' }) => deps.store.findByGatewayTradeNo(gateway, tradeNo),
    token: (gateway, { token = '' }) => {
      const orderNo = deps.vault.readCallbackToken(gateway, token);
      return orderNo === null ? null : deps.store.findByGatewayOrderNo(gateway, orderNo);
    },
    orderNo: (gateway, { orderNo = '', merchantOrder }) => {
      const found = deps.store.findByGatewayOrderNo(gateway, orderNo);
      if (!found || !merchantOrder) return found;
      // Two merchants' shops may count their orders alike, and only one of them has the number at the gateway.
      const { merchantId } = deps.store.findCredential(found.attempt.credentialId) ?? {};
      if (merchantId === merchantOrder.merchantId) return found;
      return deps.store.findByMerchantOrderNo(gateway, merchantOrder.merchantId, merchantOrder.orderNo) ?? found;
    },
    paymentNo: (gateway, { paymentNo = '' }) => {
      const found = deps.store.findPayment(paymentNo);
      const { payment, attempt } = found ?? {};
      return payment && attempt?.gateway === gateway ? { payment, attempt } : null;
    },
    merchantOrder: (gateway, { merchantOrder }) =>
      merchantOrder ? deps.store.findByMerchantOrderNo(gateway, merchantOrder.merchantId, merchantOrder.orderNo) : null,
  };

  return (gateway: Gateway, hints: Hints): (Match & { readonly matchedBy: keyof Hints }) | null => {
    for (const name of HINT_ORDER) {
      const found = hints[name] === undefined ? null : lookUp[name](gateway.id, hints);
      if (found) return { ...found, matchedBy: name };
    }
    return null;
  };
}
