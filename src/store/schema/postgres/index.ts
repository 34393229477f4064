import * as alerts from './alerts.ts';
import * as nodes from './nodes.ts';
import * as payments from './payments.ts';
import * as people from './people.ts';
import * as shops from './shops.ts';
import * as upkeep from './upkeep.ts';

/** Every table, as PostgreSQL has it. `../rows.ts` fails to compile when the two engines differ. */
export const tables = { ...shops, ...payments, ...people, ...upkeep, ...alerts, ...nodes };
