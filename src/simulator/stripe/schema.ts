import { refuse, refuseMissing, refuseUndone } from './failure.ts';

/** A parameter as it was sent: text, or what its brackets hold. A list is a branch with numbers for names. */
type Node = string | Branch;
export type Branch = ReadonlyMap<string, Node>;
type Growing = Map<string, string | Growing>;

const PAIRS_CAP = 1000;
const DEPTH_CAP = 8;

/** `a[b][]` → `a`, `b`, ``. */
function splitName(name: string): string[] {
  const found = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  const [, head = '', tail = ''] = found ?? refuse(`Invalid parameter name: ${name.slice(0, 100)}`);
  const steps = [head, ...Array.from(tail.matchAll(/\[([^[\]]*)\]/g), ([, step = '']) => step)];
  return steps.length > DEPTH_CAP ? refuse(`Too many brackets: ${name.slice(0, 100)}`) : steps;
}

function descend(branch: Growing, step: string, name: string): Growing {
  const found = branch.get(step) ?? new Map();
  if (typeof found === 'string') return refuse(`Invalid parameter: ${name} is a text and an object.`, { param: name });
  branch.set(step, found);
  return found;
}

function plant(root: Growing, name: string, value: string): void {
  const steps = splitName(name);
  const last = steps.pop() ?? '';
  const branch = steps.reduce((at, step) => descend(at, step === '' ? String(at.size) : step, name), root);
  const key = last === '' ? String(branch.size) : last;
  // Which of two values counts is nowhere promised, so a client that sends both has a mistake.
  if (branch.has(key)) refuse(`Invalid parameter: ${name} was sent twice.`, { param: name });
  branch.set(key, value);
}

/** The tree of a form or query with brackets, e.g. `metadata[order]=1&payment_method_types[]=card`. */
export function growTree(pairs: readonly (readonly [string, string])[]): Branch {
  if (pairs.length > PAIRS_CAP) refuse(`At most ${PAIRS_CAP} parameters.`);
  const root: Growing = new Map();
  for (const [name, value] of pairs) plant(root, name, value);
  return root;
}

/** Reads what was sent as `param`. Throws StripeFailure when it is misshapen. */
export type Field<T> = (node: Node, param: string) => T;
type Fields = Readonly<Record<string, Field<unknown>>>;
/** Parameters after reading; those whose names are in `R` are there. */
export type Values<F extends Fields, R extends keyof F = never> = {
  readonly [N in keyof F]?: ReturnType<F[N]>;
} & { readonly [N in R]: ReturnType<F[N]> };

const LIST_CAP = 100;
/** Stripe API reference, Metadata. */
const METADATA = { keys: 50, name: 40, value: 500 } as const;
const join = (path: string, name: string): string => (path === '' ? name : `${path}[${name}]`);

function readText(node: Node, param: string): string {
  if (typeof node !== 'string') return refuse(`Invalid string: ${param} must be a text.`, { param });
  if (node !== '') return node;
  // An empty value means "unset" to Stripe, and what was never set cannot be.
  return refuse(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
}

const branchOf = (node: Node, kind: string, param: string): Branch =>
  typeof node === 'string' ? refuse(`Invalid ${kind}`, { param }) : node;

export const text =
  (max = 5000): Field<string> =>
  (node, param) => {
    const value = readText(node, param);
    return [...value].length <= max ? value : refuse(`Invalid string: must be at most ${max} characters`, { param });
  };

export const choice =
  <T extends string>(...choices: readonly T[]): Field<T> =>
  (node, param) => {
    const value = readText(node, param);
    const found = choices.find((one) => one === value);
    return found ?? refuse(`Invalid ${param}: must be one of ${choices.join(', ')}`, { param });
  };

export const integer: Field<number> = (node, param) => {
  const value = readText(node, param);
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  return refuse(`Invalid integer: ${value.slice(0, 40)}`, { code: 'parameter_invalid_integer', param });
};

export const flag: Field<boolean> = (node, param) => {
  const value = readText(node, param);
  return value === 'true' || (value === 'false' ? false : refuse(`Invalid boolean: ${value.slice(0, 40)}`, { param }));
};

export const list =
  <T>(of: Field<T>): Field<readonly T[]> =>
  (node, param) => {
    const items = [...branchOf(node, 'array', param)];
    if (items.some(([name]) => !/^\d{1,3}$/.test(name)) || items.length > LIST_CAP) refuse('Invalid array', { param });
    const inOrder = items.sort(([one], [other]) => Number(one) - Number(other));
    return inOrder.map(([name, item]) => of(item, join(param, name)));
  };

export const metadata: Field<Readonly<Record<string, string>>> = (node, param) => {
  const entries = [...branchOf(node, 'object', param)].map(([name, value]) => {
    if (typeof value !== 'string') return refuse('Metadata values must be strings', { param: join(param, name) });
    if (name.length > METADATA.name) refuse(`Metadata keys can have up to ${METADATA.name} characters`, { param });
    if (value.length > METADATA.value) refuse(`Metadata values can have up to ${METADATA.value} characters`, { param });
    return [name, value] as const;
  });
  if (entries.length > METADATA.keys) refuse(`You can have at most ${METADATA.keys} metadata keys`, { param });
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
};

/** Throws StripeFailure for a parameter that is unknown, missing or misshapen. */
export function readFields<F extends Fields, R extends keyof F & string = never>(
  fields: F,
  tree: Branch,
  required: readonly R[] = [],
  path = '',
): Values<F, R> {
  const stray = [...tree.keys()].find((name) => !Object.hasOwn(fields, name));
  if (stray !== undefined) {
    const param = join(path, stray);
    refuse(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const missing = required.find((name) => !tree.has(name));
  if (missing !== undefined) refuseMissing(join(path, missing));
  const read = [...tree].map(([name, node]) => [name, fields[name]?.(node, join(path, name))]);
  return Object.fromEntries(read) as Values<F, R>;
}

export const group =
  <F extends Fields, R extends keyof F & string = never>(fields: F, required: readonly R[] = []): Field<Values<F, R>> =>
  (node, param) =>
    readFields(fields, branchOf(node, 'object', param), required, param);

/** The same field under several names. */
export const each = <N extends string, T>(field: Field<T>, ...names: readonly N[]): Readonly<Record<N, Field<T>>> =>
  Object.fromEntries(names.map((name) => [name, field])) as Record<N, Field<T>>;

/** Known to Stripe, not to this stand-in. */
const undone: Field<never> = (_, param) => refuseUndone(param);

/** The compiler forgets the names, as nothing is ever read from them. */
export function undoneFields(names: string): Readonly<Record<never, Field<never>>> {
  return each(undone, ...names.split(' '));
}
