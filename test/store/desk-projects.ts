import { describe, expect, test } from 'bun:test';
import { addKey, revokeKey } from '../../src/store/commands/keys.ts';
import { addProject, ensureProject, renameProject } from '../../src/store/commands/projects.ts';
import { listProjectKeys } from '../../src/store/queries/keys.ts';
import { findProject, findProjectByName } from '../../src/store/queries/projects.ts';
import { START } from '../support/clock.ts';
import { bytes } from './desk-support.ts';
import type { OpenEngine, TestEngine } from './open.ts';

const ensure = (t: TestEngine, name = 'shop') => t.write((tx) => ensureProject(tx, name, bytes(1), START));
const key = (projectId: number, letter: number) =>
  ({ projectId, kind: 'test', hash: bytes(letter), hint: `pc_${letter}`, now: letter }) as const;

export function describeProjectDesk(open: OpenEngine): void {
  describe('a project at the desk', () => {
    test('is made anew only under a name that is free, also when many ask for it at once', async () => {
      await using t = await open();
      const add = (name: string) => t.write((tx) => addProject(tx, name, bytes(1), START));
      const made = await Promise.all([add('shop'), add('shop'), add('shop')]);
      expect(made.filter((one) => one !== null)).toEqual([expect.objectContaining({ name: 'shop', settings: {} })]);
      expect(await add('Shop')).toMatchObject({ name: 'Shop' });
    });

    test('is called otherwise and stays itself; a name belongs to one', async () => {
      await using t = await open();
      const [one, other] = [await ensure(t), await ensure(t, 'other')];
      const rename = (id: number, name: string) => t.write((tx) => renameProject(tx, id, name));
      expect(await rename(one.id, 'other')).toBe(false);
      expect(await rename(one.id, 'shop')).toBe(true);
      expect(await rename(99, 'nobody')).toBe(false);
      const both = await Promise.all([rename(one.id, 'new'), rename(other.id, 'new')]);
      expect(both.toSorted()).toEqual([false, true]);
      expect(await findProject(t.reader, one.id)).toEqual({ ...one, name: both[0] ? 'new' : 'shop' });
      expect((await findProjectByName(t.reader, 'new'))?.id).toBe(both[0] ? one.id : other.id);
    });
  });

  describe('an API key at the desk', () => {
    test('is listed with those of its project, those in use first, then the newest', async () => {
      await using t = await open();
      const [{ id: projectId }, other] = [await ensure(t), await ensure(t, 'other')];
      for (const letter of [1, 2, 3]) await t.write((tx) => addKey(tx, key(projectId, letter)));
      await t.write((tx) => addKey(tx, key(other.id, 4)));
      const [newest] = await listProjectKeys(t.reader, projectId, 9);
      await t.write((tx) => revokeKey(tx, newest?.id ?? 0, 7));
      const keys = await listProjectKeys(t.reader, projectId, 9);
      expect(keys.map(({ hint, revokedAt }) => [hint, revokedAt])).toEqual([
        ['pc_2', null],
        ['pc_1', null],
        ['pc_3', 7],
      ]);
      expect(keys[0]).toEqual({
        ...{ id: expect.any(Number), projectId, projectName: 'shop', kind: 'test', hint: 'pc_2' },
        ...{ createdAt: 2, revokedAt: null },
      });
      expect(await listProjectKeys(t.reader, projectId, 1)).toHaveLength(1);
    });
  });
}
