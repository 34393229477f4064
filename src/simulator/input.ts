import type { Input } from './actions.ts';
import { ActionError } from './http.ts';

function refuse(name: string, wanted: string): never {
  throw new ActionError(400, 'INVALID_ARGUMENT', `${name} must be ${wanted}.`);
}

function refuseAbsent(name: string): never {
  throw new ActionError(400, 'INVALID_ARGUMENT', `${name} is needed.`);
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A form's box says `1` or `on`, a program says true or false. */
export function readFlag(input: Input, name: string, standard: boolean): boolean {
  const value = input[name];
  if (isAbsent(value)) return standard;
  if (value === true || value === 'true' || value === '1' || value === 'on') return true;
  if (value === false || value === 'false' || value === '0') return false;
  return refuse(name, 'true or false');
}

export function readCount(input: Input, name: string, low: number, high: number, standard: number): number {
  const value = input[name];
  if (isAbsent(value)) return standard;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  const isFine = typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high;
  return isFine ? number : refuse(name, `a whole number from ${low} to ${high}`);
}

export function readText(input: Input, name: string, pattern: RegExp): string | null {
  const value = input[name];
  if (isAbsent(value)) return null;
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && pattern.test(text) ? text : refuse(name, `text like ${pattern.source}`);
}

export function readChoice<T extends string>(input: Input, name: string, choices: readonly T[]): T | null {
  const value = input[name];
  if (isAbsent(value)) return null;
  return choices.find((choice) => choice === value) ?? refuse(name, `one of ${choices.join(', ')}`);
}

export function needText(input: Input, name: string, pattern: RegExp): string {
  return readText(input, name, pattern) ?? refuseAbsent(name);
}

export function needChoice<T extends string>(input: Input, name: string, choices: readonly T[]): T {
  return readChoice(input, name, choices) ?? refuseAbsent(name);
}
