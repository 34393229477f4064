import { isRecord } from '../http.ts';
import { type Detail, makeDetail } from './errors.ts';

/** Looks at one value and names what is wrong with it; `field` is a JSON pointer. */
export type Check = (value: unknown, field: string) => readonly Detail[];

function fault(issue: string, field: string, value?: unknown): readonly Detail[] {
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

const encoder = new TextEncoder();

export function text({ min = 1, max, pattern, choices, isInBytes = false }: TextRule): Check {
  return (value, field) => {
    if (typeof value !== 'string') return fault('INVALID_PARAMETER_SYNTAX', field, value);
    const length = isInBytes ? encoder.encode(value).length : [...value].length;
    if (length < min || length > max) return fault('INVALID_STRING_LENGTH', field, value);
    if (choices && !choices.includes(value)) return fault('INVALID_PARAMETER_VALUE', field, value);
    return pattern && !pattern.test(value) ? fault('INVALID_PARAMETER_SYNTAX', field, value) : [];
  };
}

const URL_LENGTH = 2048;

export function isWebAddress(value: string): boolean {
  return /^https?:\/\/\S+$/.test(value) && URL.canParse(value);
}

export const webAddress: Check = (value, field) => {
  const faults = text({ max: URL_LENGTH })(value, field);
  if (faults.length > 0) return faults;
  return isWebAddress(String(value)) ? [] : fault('INVALID_PARAMETER_SYNTAX', field, value);
};

type Fields = Readonly<Record<string, Check>>;

/** A closed object: what stands in neither list is refused. */
export function shape(required: Fields, optional: Fields = {}): Check {
  const all = { ...required, ...optional };
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

export function list(check: Check, min: number, max: number): Check {
  return (value, field) => {
    if (!Array.isArray(value)) return fault('INVALID_PARAMETER_SYNTAX', field);
    if (value.length < min) return fault('INVALID_ARRAY_MIN_ITEMS', field);
    if (value.length > max) return fault('INVALID_ARRAY_MAX_ITEMS', field);
    return value.flatMap((inner, at) => check(inner, `${field}/${at}`));
  };
}
