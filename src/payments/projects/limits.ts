import { failValidation } from '../../core/errors.ts';
import { checkFields, type Field } from '../../core/fields.ts';
import type { Deps } from '../../deps.ts';
import type { ProjectLimits } from '../../store/queries/projects.ts';
import { listMethods, type NamedMethod, requireMethod } from './projects.ts';

/** The merchant's own terms with a gateway, method by method. */

type Parts = Pick<Deps, 'store' | 'gateways'>;

const MAX_LIMIT = 999_999_999_999;
const amount = (name: string, description: string): Field => ({
  name,
  type: 'amount',
  required: true,
  min: 1,
  max: MAX_LIMIT,
  description,
});

/** Amounts that the merchant's contract with a gateway allows, in the unit of the method's route. */
const LIMIT_FIELDS: readonly Field[] = [amount('min', 'Least amount.'), amount('max', 'Largest amount.')];

export interface MethodLimits extends NamedMethod {
  readonly limits: ProjectLimits[string];
  /** The merchant's own terms, not the gateway's usual ones. */
  readonly isOwn: boolean;
}

/** What every method takes in this project. */
export async function listLimits(deps: Parts, projectId: number): Promise<readonly MethodLimits[]> {
  const own = await deps.store.findLimits(projectId);
  return listMethods(deps.gateways).map((one) => ({
    ...one,
    limits: own[one.name] ?? one.method.limits,
    isOwn: Object.hasOwn(own, one.name),
  }));
}

/** Sets the merchant's own terms for a method. Throws VALIDATION_FAILED with every bad field. */
export async function setLimit(
  deps: Parts,
  projectId: number,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<ProjectLimits[string]> {
  requireMethod(deps.gateways, name);
  const { values, errors } = checkFields(given, LIMIT_FIELDS);
  if (Object.keys(errors).length > 0) throw failValidation(errors);
  const [min, max] = [Number(values.min), Number(values.max)];
  if (min > max) throw failValidation({ min: [`The min field must not be greater than max, which is ${max}.`] });
  await deps.store.setLimit(projectId, name, { min, max });
  return { min, max };
}

/** The gateway's usual terms count again. */
export async function clearLimit(deps: Parts, projectId: number, name: string): Promise<void> {
  requireMethod(deps.gateways, name);
  await deps.store.setLimit(projectId, name, null);
}
