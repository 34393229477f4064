import { Elysia } from 'elysia';
import type { Deps } from '../deps.ts';
export function swaggerRoutes(_deps: Pick<Deps, 'publicUrl'>) {
  return new Elysia();
}
