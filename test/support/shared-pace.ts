import type { Random } from '../../src/core/ids.ts';
import type { Engine } from '../../src/store/engines/engine.ts';
import { createStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';

/** By a clock that stands still turns would pile up, and questions that a test puts at once would wait for them. */
const AT_ONCE: Pick<Store, 'takeQueryTurn'> = { takeQueryTurn: async () => 0 };

/** The store of a program under test. The pace that processes keep together is real where the database's own clock is. */
export function createTestStore(engine: Engine, random: Random, clock?: 'server'): Store {
  const store = createStore(engine, random);
  return clock === 'server' ? store : { ...store, ...AT_ONCE };
}
