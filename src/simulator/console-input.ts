import type { Input } from './actions.ts';
import { ActionError, parseForm, parseRecord } from './http.ts';
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
  const record = parseRecord(text);
  if (!record) throw new ActionError(400, 'INVALID_JSON', 'The body must be a JSON object.');
  return record;
}
