import { failValidation, PayCoreError } from '../../core/errors.ts';
import { ROLES, type Role } from '../../core/person.ts';
import type { Deps } from '../../deps.ts';
import { LinkPage, type ListedPerson, PeoplePage, PersonPage } from '../../pages/admin/people.tsx';
import type { Services } from '../../payments/index.ts';
import { PEOPLE_ERRORS } from '../../people/errors.ts';
import * as team from '../../people/team.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import type { DeskArea, DeskText, Done, Form, Params, Problem, Shown, Visit } from './desk.ts';

/** Everybody at the desk may see who else is; owners invite them, say what they may, and shut them out. */
export function peopleDesk(deps: Deps, _services: Services): DeskArea {
  const { list, one, invite, role, refunds, disable, enable, reset } = createPeople(deps);
  const owner = { page: 'people', right: 'owner' } as const;
  const again = (visit: Visit, problem: Problem, params: Params) => one(visit, params, problem);
  return {
    pages: [
      { path: '/admin/people', page: 'people', right: 'staff', show: (visit) => list(visit, null) },
      { path: '/admin/people/:id', ...owner, show: (visit, params) => one(visit, params, null) },
    ],
    actions: [
      { path: '/admin/people/invite', action: 'invite-person', ...owner, run: invite, again: list },
      { path: '/admin/people/:id/role', action: 'change-role', ...owner, run: role, again },
      { path: '/admin/people/:id/refunds', action: 'change-refunds', ...owner, run: refunds, again },
      { path: '/admin/people/:id/disable', action: 'disable-person', ...owner, run: disable, again },
      { path: '/admin/people/:id/enable', action: 'enable-person', ...owner, run: enable, again },
      { path: '/admin/people/:id/link', action: 'reset-person', ...owner, run: reset, again },
    ],
  };
}

function createPeople(deps: Deps) {
  const find = (id: string): Promise<PersonRow | null> =>
    /^\d{1,15}$/.test(id) ? deps.store.findPerson(Number(id)) : Promise.resolve(null);

  /** What became of a change, as the page to go to. */
  const told = (changed: team.TeamChange, notice: DeskText): Done => {
    const [before, after] = [team.summarizePerson(changed.before), team.summarizePerson(changed.after)];
    return { to: `/admin/people/${changed.before.id}`, notice, audit: { about: changed.before.email, before, after } };
  };

  return {
    async list(visit: Visit, problem: Problem | null): Promise<Shown> {
      const people = (await deps.store.listPeople()).map((person) => describe(visit, person));
      const mayChange = visit.person.role === 'owner';
      return { title: visit.say('page.people'), body: PeoplePage({ frame: visit, people, mayChange, problem }) };
    },

    async one(visit: Visit, { id = '' }: Params, problem: Problem | null): Promise<Shown | null> {
      const row = await find(id);
      if (!row) return null;
      const person = describe(visit, row);
      return { title: person.name, body: PersonPage({ frame: visit, person, problem }) };
    },

    async invite(visit: Visit, form: Form): Promise<Done> {
      const { person, url } = await team.invitePerson(deps, {
        email: form.text('email'),
        name: form.text('name'),
        role: readRole(form),
        mayRefund: form.isOn('refunds'),
        locale: visit.locale,
      });
      return {
        shown: linkPage(visit, person, url),
        audit: { about: person.email, after: team.summarizePerson(person) },
      };
    },

    role: async ({ person }: Visit, form: Form, { id = '' }: Params) =>
      told(await team.changeRole(deps, person, Number(id), readRole(form)), 'people.saved'),

    refunds: async ({ person }: Visit, form: Form, { id = '' }: Params) =>
      told(await team.changeMayRefund(deps, person, Number(id), form.text('allowed') === 'on'), 'people.saved'),

    disable: async ({ person }: Visit, _: Form, { id = '' }: Params) =>
      told(await team.changeDisabled(deps, person, Number(id), true), 'people.disabled'),

    enable: async ({ person }: Visit, _: Form, { id = '' }: Params) =>
      told(await team.changeDisabled(deps, person, Number(id), false), 'people.enabled'),

    async reset(visit: Visit, form: Form, { id = '' }: Params): Promise<Done> {
      const row = await find(id);
      if (!row) throw new PayCoreError(PEOPLE_ERRORS.PERSON_NOT_FOUND);
      // One's own password is changed on the account's page, which asks for it.
      if (row.id === visit.person.id) throw new PayCoreError(PEOPLE_ERRORS.PERSON_IS_SELF);
      const { person, url } = await team.resetPerson(deps, row, { dropsTotp: form.isOn('totp') });
      const [before, after] = [team.summarizePerson(row), team.summarizePerson(person)];
      return { shown: linkPage(visit, person, url), audit: { about: person.email, before, after } };
    },
  };
}

function readRole(form: Form): Role {
  const role = ROLES.find((one) => one === form.text('role'));
  if (!role) throw failValidation({ role: [`The role field must be one of: ${ROLES.join(', ')}.`] });
  return role;
}

function linkPage(visit: Visit, person: PersonRow, url: string): Shown {
  return {
    title: visit.say('people.link.title', { name: person.name }),
    body: LinkPage({ frame: visit, person, url }),
  };
}

function describe({ person: self }: Visit, row: PersonRow): ListedPerson {
  const { id, name, email, role, mayRefund, createdAt } = row;
  const state = row.disabledAt !== null ? 'disabled' : row.passwordHash === null ? 'invited' : 'active';
  return {
    id,
    name,
    email,
    role,
    mayRefund,
    createdAt,
    state,
    hasTotp: row.totpSecret !== null,
    isSelf: id === self.id,
  };
}
