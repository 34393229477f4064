import type { Order } from '../../../../src/core/payment.ts';
import { ecpay } from '../../../../src/gateways/ecpay/index.ts';
import { findMisplaced, readExtras } from '../../../../src/payments/create/extras.ts';
import { methodAt } from '../../../support/ecpay.ts';

/** What the gateway would be sent, or the texts about what is wrong. */
export function check(path: string, extras: Record<string, unknown>, twd = 980, order: Order = {}) {
  const method = methodAt(path);
  const read = readExtras(extras, ecpay, { method, amount: twd * 100, currency: 'TWD', order });
  const misplaced = findMisplaced({ ecpay: extras }, [ecpay], { ...method, gateway: 'ecpay' });
  const problems = Object.entries({ ...read.problems, ...misplaced });
  return problems.length === 0 ? read.extras : Object.fromEntries(problems.map(([name, [text]]) => [name, text]));
}

export const bad = (path: string, extras: Record<string, unknown>, twd?: number, order?: Order) =>
  Object.keys(check(path, extras, twd, order)).filter((name) => /^(ecpay\.|buyer_)/.test(name));
