import { parseForm, parseRecord, refuseAction } from './http.ts';
import { limits } from './options.ts';
import type { SendPlan } from './sender.ts';
import type { Call } from './world.ts';

/** What a person's form or a program's JSON gave, not yet looked at. */
export type Input = Readonly<Record<string, unknown>>;

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A person's form is answered with a page, a program's request with JSON. */
export const isForm = (call: Call): boolean =>
  call.contentType === FORM_TYPE && (call.request.headers.get('accept') ?? '').includes('text/html');

export function readInput(call: Call): Input {
  const text = call.body.trim();
  if (text === '') return {};
  // curl calls every body a form, JSON too.
  if (call.contentType === FORM_TYPE && !text.startsWith('{')) return Object.fromEntries(parseForm(text) ?? []);
  return parseRecord(text) ?? refuseAction('INVALID_JSON', 'The body must be a JSON object.', 400);
}

function refuse(name: string, wanted: string): never {
  return refuseAction('INVALID_ARGUMENT', `${name} must be ${wanted}.`, 400);
}

function refuseAbsent(name: string): never {
  return refuseAction('INVALID_ARGUMENT', `${name} is needed.`, 400);
}

export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

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

export const needText = (input: Input, name: string, pattern: RegExp): string =>
  readText(input, name, pattern) ?? refuseAbsent(name);

export const needChoice = <T extends string>(input: Input, name: string, choices: readonly T[]): T =>
  readChoice(input, name, choices) ?? refuseAbsent(name);

/** How often and when a callback is to go out. */
export const readPlan = (input: Input): SendPlan => ({
  times: readCount(input, 'times', 1, limits.times, 1),
  parallel: readFlag(input, 'parallel', false),
  delayMs: readCount(input, 'delay_ms', 0, limits.delayMs, 0),
});

/** The same where `callback` may say that none goes out: null. */
export function readTelling(input: Input): SendPlan | null {
  const plan = readPlan(input);
  return readFlag(input, 'callback', true) ? plan : null;
}
