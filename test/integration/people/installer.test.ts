import { describe, expect, test } from 'bun:test';
import { isInstaller, renewInstaller } from '../../../src/people/installer.ts';
import { createFirstOwner } from '../../../src/people/people.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';

/** The link by which the first administrator is made. */

const app = useApp();
const renew = async () => present(await renewInstaller(app.deps), 'a token');
const owner = { email: 'owner@shop.example', name: 'Owner', password: 'correct horse battery' };

describe('the installer’s link', () => {
  test('opens while there is no administrator, as often as it is looked at', async () => {
    const token = await renew();
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(await isInstaller(app.deps, token)).toBe(true);
    expect(await isInstaller(app.deps, token)).toBe(true);
  });

  test('is another at each start, and the one before counts no more', async () => {
    const [first, second] = [await renew(), await renew()];
    expect(await isInstaller(app.deps, first)).toBe(false);
    expect(await isInstaller(app.deps, second)).toBe(true);
  });

  test('is none once there is an administrator', async () => {
    const token = await renew();
    await createFirstOwner(app.deps, owner);
    expect(await isInstaller(app.deps, token)).toBe(false);
    expect(await renewInstaller(app.deps)).toBeNull();
  });

  test('is not known before a server has made one', async () => {
    expect(await isInstaller(app.deps, '')).toBe(false);
    expect(await isInstaller(app.deps, 'guess')).toBe(false);
  });

  test('stands neither in the database nor in the log', async () => {
    const token = await renew();
    expect(await app.rows.dump()).not.toContain(token);
    expect(app.log.join('\n')).not.toContain(token);
  });
});
