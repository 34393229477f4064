/** Reading JSON of unknown shape in tests: a wrong step gives `undefined`, which no expectation takes for right. */

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `at(answer, 'data', 'payment_info', 'ecpay')`, `at(list, 0, 'id')`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof step === 'number') here = Array.isArray(here) ? here[step] : undefined;
    else here = isObject(here) ? here[step] : undefined;
  }
  return here;
}

export function text(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string')
    throw new Error(`${path.join('.')} is no text in ${JSON.stringify(value)?.slice(0, 500)}`);
  return found;
}

export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  if (!Array.isArray(found)) throw new Error(`${path.join('.')} is no list in ${JSON.stringify(value)?.slice(0, 500)}`);
  return found;
}
