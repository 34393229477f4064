import { isRecord } from '../http.ts';
import { type Detail, type Issue, makeDetail, PaypalError } from './errors.ts';

/** Looks at one value and names what is wrong with it; `field` is a JSON pointer. `T` is a value with nothing wrong. */
export interface Check<T> {
  (value: unknown, field: string): readonly Detail[];
  /** For the compiler only: never set. */
  readonly fits?: T;
}

export type Checked<C> = C extends Check<infer T> ? T : never;

function fault(issue: Issue, field: string, value?: unknown): readonly Detail[] {
  const shown = typeof value === 'string' || typeof value === 'number' ? { value: String(value) } : {};
  return [makeDetail(issue, { field, ...shown, location: 'body' })];
}

interface TextRule {
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
  readonly choices?: readonly string[];
  /** PayPal counts US-ASCII characters in texts for people, so others weigh more. */
  readonly isInBytes?: boolean;
}

export const text =
  ({ min = 1, max, pattern, choices, isInBytes = false }: TextRule): Check<string> =>
  (value, field) => {
    if (typeof value !== 'string') return fault('INVALID_PARAMETER_SYNTAX', field, value);
    const length = isInBytes ? Buffer.byteLength(value) : [...value].length;
    if (length < min || length > max) return fault('INVALID_STRING_LENGTH', field, value);
    if (choices && !choices.includes(value)) return fault('INVALID_PARAMETER_VALUE', field, value);
    return pattern && !pattern.test(value) ? fault('INVALID_PARAMETER_SYNTAX', field, value) : [];
  };

export const ADDRESS_CAP = 2048;
const address = text({ max: ADDRESS_CAP });
export const isWebAddress = (value: string): boolean => /^https?:\/\/\S+$/.test(value) && URL.canParse(value);

export const webAddress: Check<string> = (value, field) => {
  const faults = address(value, field);
  return faults.length > 0 || isWebAddress(String(value)) ? faults : fault('INVALID_PARAMETER_SYNTAX', field, value);
};

type Fields = Readonly<Record<string, Check<unknown>>>;
type Shape<R, O> = { readonly [N in keyof R]: Checked<R[N]> } & { readonly [N in keyof O]?: Checked<O[N]> };

/** A closed object: what stands in neither list is refused. */
export function shape<R extends Fields, O extends Fields>(required: R, optional: O): Check<Shape<R, O>> {
  const all: Fields = { ...required, ...optional };
  return (value, field) => {
    if (!isRecord(value)) return fault('INVALID_PARAMETER_SYNTAX', field);
    const missing = Object.keys(required)
      .filter((name) => !Object.hasOwn(value, name))
      .flatMap((name) => fault('MISSING_REQUIRED_PARAMETER', `${field}/${name}`));
    const present = Object.entries(value).flatMap(([name, inner]) => {
      const check = Object.hasOwn(all, name) ? all[name] : undefined;
      return check ? check(inner, `${field}/${name}`) : fault('NOT_SUPPORTED', `${field}/${name}`);
    });
    return [...missing, ...present];
  };
}

export const single =
  <T>(check: Check<T>): Check<readonly [T]> =>
  (value, field) => {
    if (!Array.isArray(value)) return fault('INVALID_PARAMETER_SYNTAX', field);
    if (value.length === 0) return fault('INVALID_ARRAY_MIN_ITEMS', field);
    return value.length > 1 ? fault('INVALID_ARRAY_MAX_ITEMS', field) : check(value[0], `${field}/0`);
  };

export const anyObject: Check<object> = (value, field) =>
  isRecord(value) ? [] : fault('INVALID_PARAMETER_SYNTAX', field);

/** Throws every fault of the schema at once. */
export function insist<T>(check: Check<T>, body: unknown): T {
  const faults = check(body, '');
  if (faults.length > 0) throw new PaypalError(400, faults);
  return body as T;
}
