import { ENGINES } from '../support/engines.ts';
import { describeStore } from './contract.ts';

if (!ENGINES.includes('postgres')) {
  console.log('PostgreSQL was left out: PAYCORE_TEST_DATABASE_URL names no server to try the store on.');
}

for (const engine of ENGINES) describeStore(engine);
