import { MAX_ATTEMPTS } from '../../core/attempt.ts';
import type { Deps } from '../../deps.ts';
import type { Gateway, Hints } from '../../gateways/gateway.ts';
import type { FoundAttempt } from '../../store/queries/payments.ts';

const HINT_ORDER: readonly (keyof Hints)[] = ['tradeNo', 'token', 'orderNo', 'paymentNo', 'merchantOrder'];

/** Finds the attempt that a callback's hints lead to, the most exact hint first, and says which one did. */
export function createMatcher(deps: Pick<Deps, 'store' | 'vault'>) {
  const lookUp: Readonly<Record<keyof Hints, (gateway: string, hints: Hints) => Promise<FoundAttempt | null>>> = {
    tradeNo: async (gateway, { tradeNo = '' }) => deps.store.findByGatewayTradeNo(gateway, tradeNo),
    token: async (gateway, { token = '' }) => {
      const orderNo = deps.vault.readCallbackToken(gateway, token);
      return orderNo === null ? null : deps.store.findByGatewayOrderNo(gateway, orderNo);
    },
    orderNo: async (gateway, { orderNo = '', merchantOrder }) => {
      const found = await deps.store.findByGatewayOrderNo(gateway, orderNo);
      if (!found || !merchantOrder) return found;
      // Two merchants' shops may count their orders alike, and only one of them has the number at the gateway.
      const { merchantId } = (await deps.store.findCredential(found.attempt.credentialId)) ?? {};
      if (merchantId === merchantOrder.merchantId) return found;
      const theirs = await deps.store.findByMerchantOrderNo(gateway, merchantOrder.merchantId, merchantOrder.orderNo);
      return theirs ?? found;
    },
    paymentNo: async (gateway, { paymentNo = '' }) => {
      const found = await deps.store.findPayment(paymentNo);
      if (!found) return null;
      const { payment } = found;
      // The payer may pay by what he has left again.
      const all =
        found.attempt?.gateway === gateway ? [found.attempt] : await deps.store.listAttempts(payment.id, MAX_ATTEMPTS);
      const attempt = all.find((one) => one.gateway === gateway);
      return attempt ? { payment, attempt } : null;
    },
    merchantOrder: async (gateway, { merchantOrder }) =>
      merchantOrder ? deps.store.findByMerchantOrderNo(gateway, merchantOrder.merchantId, merchantOrder.orderNo) : null,
  };

  return async (
    gateway: Gateway,
    hints: Hints,
  ): Promise<(FoundAttempt & { readonly matchedBy: keyof Hints }) | null> => {
    for (const name of HINT_ORDER) {
      const found = hints[name] === undefined ? null : await lookUp[name](gateway.id, hints);
      if (found) return { ...found, matchedBy: name };
    }
    return null;
  };
}
