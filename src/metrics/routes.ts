/** As Elysia lists them. */
export interface Route {
  readonly path: string;
}

/** What no route takes, whatever its path. */
export const UNMATCHED = 'unmatched';

/** Places with many pages, each watched as one. */
const GROUPS: readonly string[] = ['admin', 'developers', 'swagger', 'assets'];

interface Step {
  readonly named: Map<string, Step>;
  /** Behind a part that may be anything. */
  any: Step | null;
  /** Where a route ends. */
  label: string | null;
  /** Of a route that takes whatever comes from here on. */
  rest: string | null;
}

const makeStep = (): Step => ({ named: new Map(), any: null, label: null, rest: null });

/** Finds the route of a path as it is written in the code, so that there are never more names than routes. */
export function createRouteFinder(routes: readonly Route[]): (path: string) => string {
  const root = makeStep();
  for (const { path } of routes) add(root, splitPath(path), labelOf(path));
  return (path) => find(root, splitPath(path), 0) ?? UNMATCHED;
}

function labelOf(path: string): string {
  const [first = '', ...others] = splitPath(path);
  return GROUPS.includes(first) && others.length > 0 ? `/${first}/*` : path;
}

/** A slash at the end makes no difference. */
function splitPath(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
}

function add(root: Step, parts: readonly string[], label: string): void {
  let at = root;
  for (const part of parts) {
    if (part === '*') {
      at.rest = label;
      return;
    }
    at = part.startsWith(':') ? anyOf(at) : childOf(at, part);
  }
  at.label = label;
}

function anyOf(step: Step): Step {
  step.any ??= makeStep();
  return step.any;
}

function childOf(step: Step, part: string): Step {
  const known = step.named.get(part) ?? makeStep();
  step.named.set(part, known);
  return known;
}

/** What is named before what may be anything, and that before what takes the rest. */
function find(step: Step, parts: readonly string[], from: number): string | null {
  const part = parts[from];
  if (part === undefined) return step.label ?? step.rest;
  const named = step.named.get(part);
  return (
    (named ? find(named, parts, from + 1) : null) ?? (step.any ? find(step.any, parts, from + 1) : null) ?? step.rest
  );
}
