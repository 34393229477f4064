import type { Gateway } from './faults.ts';
import type { Route } from './world.ts';

/**
 * Makes the routes of a stand. In their paths, which are regular expressions, `*` stands for a `number` of that form. A
 * route with a name is the vendor's own.
 */
export const routesOf =
  (stand: string, number = '') =>
  (
    method: Route['method'],
    path: string,
    answer: Route['answer'],
    name?: string,
    extras: Partial<Gateway> = {},
  ): Route => {
    const pattern = new RegExp(`^${path.replaceAll('*', number)}$`);
    return { method, path: pattern, answer, ...(name ? { gateway: { name, stand, ...extras } } : {}) };
  };

/** Of the simulator's own console. */
export const route = routesOf('');
