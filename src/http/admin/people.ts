import type { Deps } from '../../deps.ts';
import type { Services } from '../../payments/index.ts';
import type { DeskArea } from './desk.ts';

export function peopleDesk(_deps: Deps, _services: Services): DeskArea {
  return { pages: [], actions: [] };
}
