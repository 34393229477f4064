import { expect, test } from 'bun:test';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** How SQLite goes about some questions; test/integration/reports/volume.test.ts looks at all of them over many rows. */

const plan = (t: TestStore, sql: string): readonly string[] =>
  t.database
    .query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail);

test('an attempt is found by its trade number through an index, however many attempts there are', async () => {
  await using t = await openTestStore({ engine: 'sqlite' });
  const isKnownByTheirs = "gateway <> 'ecpay'";
  const found = plan(t, `SELECT id FROM attempts WHERE gateway = ? AND gateway_trade_no = ? AND ${isKnownByTheirs}`);
  expect(JSON.stringify(found)).toContain('attempts_by_trade_no');
});

test('a page of links is read from an index, in its order', async () => {
  await using t = await openTestStore({ engine: 'sqlite' });
  const sql = 'SELECT * FROM links WHERE project_id = ? AND key_kind = ? AND id < ? ORDER BY id DESC';
  expect(plan(t, sql)).toEqual(['SEARCH links USING INDEX links_of_key (project_id=? AND key_kind=? AND rowid<?)']);
});
