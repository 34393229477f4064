import { refuseAction } from './http.ts';
import { type Input, readText } from './input.ts';

/** Ways of making a callback that nobody should act on, by name. */
export type Forgers<Bench, Forgery> = Readonly<Record<string, (bench: Bench) => Forgery>>;

export function notApplicable(why: string): never {
  return refuseAction('FORGE_NOT_APPLICABLE', why, 422);
}

/** The forger that `kind` asks for; `refuse` words the refusal of a kind that there is not. */
export function chooseForger<Bench, Forgery>(
  forgers: Forgers<Bench, Forgery>,
  input: Input,
  refuse: (why: string) => never = notApplicable,
): { readonly kind: string; readonly forge: (bench: Bench) => Forgery } {
  const kind = readText(input, 'kind', /^[a-z0-9-]{1,30}$/) ?? '';
  const forge = Object.hasOwn(forgers, kind) ? forgers[kind] : undefined;
  return forge ? { kind, forge } : refuse(`kind must be one of ${Object.keys(forgers).join(', ')}.`);
}

export const flipLast = (text: string): string => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');

/** An address with other parameters; null takes one away. */
export function editQuery(address: string, edit: (name: string, value: string) => string | null): string {
  const url = new URL(address);
  const pairs = [...url.searchParams].flatMap(([name, value]): [string, string][] => {
    const edited = edit(name, value);
    return edited === null ? [] : [[name, edited]];
  });
  url.search = new URLSearchParams(pairs).toString();
  return url.href;
}
