import { afterEach, describe, expect, test } from 'bun:test';
import { Webhook } from 'standardwebhooks';
import { PayCoreError } from '../../../src/core/errors.ts';
import { SECOND } from '../../../src/core/time.ts';
import { addKey, listKeys, revokeProjectKey } from '../../../src/payments/projects/keys.ts';
import { createProject, renameProject } from '../../../src/payments/projects/name.ts';
import { sendTestNotification } from '../../../src/payments/projects/notify.ts';
import { changeProject, rotateSecret } from '../../../src/payments/projects/projects.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';

/** Projects, their names, their keys, and whether their shop can be told anything. */

const app = useApp({}, 'file');
const project = async (name = 'shop') => present(await app.deps.store.findProjectByName(name));

async function fieldsOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof PayCoreError) return Object.keys(error.details.fields ?? {});
    throw error;
  }
}

describe('a project', () => {
  test('is made with a secret of its own and without keys, under a name that is free and can be read', async () => {
    const made = await createProject(app.deps, '  手沖  ');
    expect([made.name, await listKeys(app.deps, made.id)]).toEqual(['手沖', []]);
    for (const name of ['手沖', '', '   ', 'a\nb', 'x'.repeat(101), 7, undefined]) {
      expect([name, await fieldsOf(createProject(app.deps, name))]).toEqual([name, ['name']]);
    }
  });

  test('that is called otherwise keeps its keys, and its former name is free', async () => {
    const made = await createProject(app.deps, 'before');
    const key = await addKey(app.deps, made.id, 'test');
    expect(await renameProject(app.deps, made.id, ' after ')).toBe('after');
    expect(await fieldsOf(renameProject(app.deps, made.id, 'shop'))).toEqual(['name']);
    const { status } = await app.call('/api/paycore/methods', undefined, { 'x-api-key': key });
    expect(status).toBe(200);
    expect((await createProject(app.deps, 'before')).id).not.toBe(made.id);
  });
});

describe('a key', () => {
  test('works until its own project revokes it', async () => {
    const [shop, other] = [await project(), await project('other shop')];
    const key = await addKey(app.deps, shop.id, 'test');
    const ask = async () => (await app.call('/api/paycore/methods', undefined, { 'x-api-key': key })).status;
    const { id } = present((await listKeys(app.deps, shop.id))[0]);
    expect([await ask(), await revokeProjectKey(app.deps, other.id, id), await ask()]).toEqual([200, null, 200]);
    expect(await revokeProjectKey(app.deps, shop.id, id)).toMatchObject({ id, hint: key.slice(0, 12) });
    // A server that has just taken it knows it for a second.
    app.clock.advance(SECOND);
    expect([await ask(), await revokeProjectKey(app.deps, shop.id, id)]).toEqual([401, null]);
  });
});

describe('a test notification', () => {
  afterEach(() => {
    app.shop.answer = null;
  });

  test('goes to the project’s address, names no payment, and is signed with every secret that counts', async () => {
    const { id } = await project();
    expect(await fieldsOf(sendTestNotification(app.deps, await project()))).toEqual(['payok_url']);
    await changeProject(app.deps, id, { payok_url: `${app.shop.url}/payok` });
    const former = app.keys.test.notification_secret;
    const { secret } = await rotateSecret(app.deps, id);
    expect(await sendTestNotification(app.deps, await project())).toEqual({ outcome: 'delivered', status: 204 });
    const { body, headers, path } = present(app.shop.received.at(-1));
    expect([path, JSON.parse(body)]).toEqual([
      '/payok',
      { event: 'test', livemode: false, sent_at: expect.any(String) },
    ]);
    const seconds = Number(headers['webhook-timestamp']);
    expect(seconds).toBe(Math.floor(app.clock.now() / 1000));
    for (const one of [secret, former]) {
      const own = new Webhook(one).sign(headers['webhook-id'] ?? '', new Date(seconds * 1000), body);
      expect((headers['webhook-signature'] ?? '').split(' ')).toContain(own);
    }
    expect(await app.rows.count('outbox')).toBe(0);
  });

  test('that the shop does not take says why', async () => {
    app.shop.answer = () => new Response(null, { status: 500 });
    const result = await sendTestNotification(app.deps, await project());
    expect(result).toMatchObject({ outcome: 'retry', reason: 'the shop answered HTTP 500' });
  });
});
