import { refuse } from './failure.ts';

/** A parameter as it was sent: text, or what its brackets hold. A list is a branch with numbers for names. */
export type Node = string | Branch;
export type Branch = ReadonlyMap<string, Node>;
type Growing = Map<string, string | Growing>;

const PAIRS_CAP = 1000;
const DEPTH_CAP = 8;
const SHAPE = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

/** `a[b][]` → `a`, `b`, ``. */
function splitName(name: string): string[] {
  const [, head, tail = ''] = SHAPE.exec(name) ?? refuse(`Invalid parameter name: ${name.slice(0, 100)}`);
  const steps = [head ?? '', ...Array.from(tail.matchAll(/\[([^[\]]*)\]/g), ([, step = '']) => step)];
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
