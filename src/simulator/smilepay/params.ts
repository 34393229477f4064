import { parseForm } from '../http.ts';
import { FORM_TYPE } from '../input.ts';
import type { Call } from '../world.ts';

/** Parameters by lower-case name; one that was not sent is ''. */
export interface Params {
  get(name: string): string;
  /** As they were sent, for whoever looks at the order. */
  readonly sent: readonly (readonly [string, string])[];
}

type Pair = readonly [string, string];

/** Classic ASP takes names in any case and joins the values of one that comes twice. */
function collect(pairs: readonly Pair[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = values.get(key);
    values.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return values;
}

/** Query string and form together; the query string wins, as with ASP's `Request("name")`. */
export function readParams(call: Call): Params {
  const query: Pair[] = [...call.url.searchParams];
  const isForm = call.contentType === FORM_TYPE;
  const form = isForm ? (parseForm(call.body) ?? []) : [];
  const values = new Map([...collect(form), ...collect(query)]);
  return { get: (name) => values.get(name.toLowerCase()) ?? '', sent: [...form, ...query] };
}
