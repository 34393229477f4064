import { expect, test } from 'bun:test';
import { openVault } from '../../../src/cli/open.ts';
import { loadConfig } from '../../../src/program.ts';
import { rejection } from '../../support/parts.ts';
import { makeFolder, openTestStore } from '../../support/store.ts';

const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');

test('of two that find no key in a database at the same moment, the second is refused when its key is another', async () => {
  await using t = await openTestStore();
  using folder = makeFolder();
  // Neither has seen what the other is about to write.
  const store = { readSetting: async () => null, keepSetting: t.store.keepSetting };
  const open = (fill: number) =>
    openVault(loadConfig({ PAYCORE_DATA_DIR: folder.path, PAYCORE_MASTER_KEY: keyOf(fill) }), store);
  const { keyId } = await open(1);
  expect(String(await rejection(open(2)))).toContain(`another master key (id ${keyId})`);
  expect((await open(1)).keyId).toBe(keyId);
});
