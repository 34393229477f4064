import { describe } from 'bun:test';
import { describeAccounts } from './desk-accounts.ts';
import { describeBooks } from './desk-books.ts';
import { describeFigures } from './desk-figures.ts';
import { describeList } from './desk-list.ts';
import { describeProjectDesk } from './desk-projects.ts';
import { describeUpkeep } from './desk-upkeep.ts';
import type { OpenEngine } from './open.ts';

/** What a desk asks of the store, the same on every engine: `open` gives an empty database. */
export function describeDesk(open: OpenEngine): void {
  describe('a desk', () => {
    describeAccounts(open);
    describeProjectDesk(open);
    describeUpkeep(open);
    describeFigures(open);
    describeList(open);
    describeBooks(open);
  });
}
