import type { Secrets } from './context.ts';
import type { Method, MethodNature } from './method.ts';

/** What a method is with one account; `open` is asked only where accounts differ. */
export function natureOf(method: Method, open: () => Secrets): MethodNature {
  const { varies } = method;
  const value = varies ? (open()[varies.by] ?? '') : '';
  return varies && Object.hasOwn(varies.as, value) ? (varies.as[value] ?? method) : method;
}

type Service = Pick<MethodNature, 'kind' | 'serves'>;

/** The ways that were offered before serve all that this one does. */
export function isServed(one: Service, before: readonly Service[]): boolean {
  const same = before.filter(({ kind }) => kind === one.kind);
  if (same.some(({ serves }) => serves === undefined)) return true;
  const served = new Set(same.flatMap(({ serves = [] }) => serves));
  return one.serves?.every((what) => served.has(what)) ?? false;
}
