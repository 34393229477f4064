import { describe, expect, test } from 'bun:test';
import { createFirstOwner } from '../../../src/people/people.ts';
import { makeSignInLink, openSignInLink } from '../../../src/people/sign-in-link.ts';
import { useApp } from '../../support/apps.ts';
import { present } from '../../support/parts.ts';

/** The link that a demo prints. */

const app = useApp();
const owner = { email: 'owner@shop.example', name: 'Owner', password: 'correct horse battery' };
const makeOwner = async () => present(await createFirstOwner(app.deps, owner), 'an owner');

describe('a link that signs in', () => {
  test('is for its person, whoever guesses another gets nothing', async () => {
    const person = await makeOwner();
    const token = await makeSignInLink(app.deps, person);
    expect((await openSignInLink(app.deps, token))?.id).toBe(person.id);
    expect(await openSignInLink(app.deps, `${token.slice(0, -1)}_`)).toBeNull();
    expect(await openSignInLink(app.deps, '')).toBeNull();
  });

  test('is there only when it was made, and stands nowhere in the clear', async () => {
    expect(await openSignInLink(app.deps, '')).toBeNull();
    const token = await makeSignInLink(app.deps, await makeOwner());
    expect(await app.rows.dump()).not.toContain(token);
  });

  test('ends with the process that made it', async () => {
    const token = await makeSignInLink(app.deps, await makeOwner());
    const later = { ...app.deps, processId: 'proc_of_a_later_start' };
    expect(await openSignInLink(later, token)).toBeNull();
  });

  test('is none for a person who may not come in any more', async () => {
    const person = await makeOwner();
    await app.deps.store.addPerson({
      ...owner,
      email: 'second@shop.example',
      role: 'owner',
      // One who has never set a password cannot be the last that is left.
      passwordHash: person.passwordHash,
      linkHash: null,
      linkUntil: null,
      locale: null,
      isFirst: false,
      now: app.clock.now(),
    });
    const token = await makeSignInLink(app.deps, person);
    const now = app.clock.now();
    await app.deps.store.changePerson(person.id, { fields: { disabledAt: now }, endsSessions: true, now });
    expect(await openSignInLink(app.deps, token)).toBeNull();
  });
});
