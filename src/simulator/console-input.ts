import type { Input } from './actions.ts';
import { ActionError, isRecord, parseForm } from './http.ts';
import type { Call } from './world.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A person's form is answered with a page, a program's request with JSON. */
export function isForm(call: Call): boolean {
  return call.contentType === FORM_TYPE && (call.request.headers.get('accept') ?? '').includes('text/html');
}

export function readInput(call: Call): Input {
  const text = call.body.trim();
  if (text === '') return {};
  // curl calls every body a form, JSON too.
  if (call.contentType === FORM_TYPE && !text.startsWith('{')) return Object.fromEntries(parseForm(text) ?? []);
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw new ActionError(400, 'INVALID_JSON', 'The body must be a JSON object.');
}
