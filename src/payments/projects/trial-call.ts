import type { KeyKind } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import { listMethods } from './methods.ts';

/** One line that shows that a new key works: a first payment where the project can take one, else what it could take. */
export async function writeTrial(
  deps: Pick<Deps, 'store' | 'config' | 'gateways' | 'publicUrl' | 'practice'>,
  caller: { readonly projectId: number; readonly kind: KeyKind },
  key: string,
): Promise<string> {
  const methods = await listMethods(deps, { ...caller, keyId: 0 });
  const call = `-H 'X-API-KEY: ${key}'`;
  if (!methods.some((one) => one.in_checkout)) return `curl ${deps.publicUrl}/api/paycore/methods ${call}`;
  const order = JSON.stringify({ merchant_order_no: 'TEST-0001', amount: 100, item_name: 'PayCore' });
  return `curl -X POST ${deps.publicUrl}/api/paycore/checkout ${call} -H 'Content-Type: application/json' -d '${order}'`;
}
