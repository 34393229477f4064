import { defineErrors, PayCoreError } from '../../core/errors.ts';
import { drawText } from '../../core/ids.ts';
import type { Deps } from '../../deps.ts';
import type { ApiKey } from '../../store/queries/keys.ts';
import { createCheckout } from '../create/checkout.ts';
import { pagePath } from '../urls.ts';
import { isPractising, startPractice } from './practice.ts';

/** Why a project cannot practise here; programs that only call the API never meet them. */
const ERRORS = defineErrors({
  SIMULATOR_NEEDS_HTTPS: [409, 'Payers could not reach the simulator.'],
  SIMULATOR_PORT_TAKEN: [409, 'The port of the simulator is taken.'],
  TEST_KEY_MISSING: [409, 'This project has no test key. Make one first.'],
});
const REASONS = { https: ERRORS.SIMULATOR_NEEDS_HTTPS, port: ERRORS.SIMULATOR_PORT_TAKEN } as const;

/** Switches practice on. Throws what stands in its way. */
export async function requirePractice(deps: Deps, projectId: number): Promise<void> {
  const state = await startPractice(deps, projectId);
  if (state.state === 'failed') throw new PayCoreError(REASONS[state.reason], { message: state.problem });
}

export interface Trial {
  readonly itemName: string;
  /** Where whoever tries it is led when it is paid. */
  readonly successUrl: string;
}

/** In whole units: enough for every method's least amount. */
const AMOUNT = 100;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/**
 * A test payment made as the shop's own system would make it, by its newest test key; a project without any account at a
 * gateway practises from then on. Gives the payment's number and the path of its page.
 */
export async function makeTrial(deps: Deps, projectId: number, { itemName, successUrl }: Trial) {
  const key = await findTestKey(deps, projectId);
  if (!key) throw new PayCoreError(ERRORS.TEST_KEY_MISSING);
  if (!(await isPractising(deps, projectId))) await requirePractice(deps, projectId);
  const { data } = await createCheckout(
    deps,
    { projectId, kind: 'test', keyId: key.id },
    {
      merchant_order_no: `TEST-${drawText(deps.random, LETTERS, 8)}`,
      amount: AMOUNT,
      item_name: itemName,
      success_url: successUrl,
    },
  );
  const paymentNo = String(data.payment_no);
  return { paymentNo, path: pagePath(deps, paymentNo, deps.config.locale) };
}

/** The newest that is in use; null: the project has none. */
export async function findTestKey({ store }: Pick<Deps, 'store'>, projectId: number): Promise<ApiKey | null> {
  const keys = await store.listKeys();
  return keys.findLast((key) => key.projectId === projectId && key.kind === 'test' && key.revokedAt === null) ?? null;
}
