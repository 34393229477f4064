import { failValidation } from '../../core/errors.ts';
import { isDeskLocale } from '../../core/locale.ts';
import { type AccountModel, AccountPage, CodesPage, TotpPage } from '../../pages/admin/account.tsx';
import { shapeSecretQr } from '../../pages/checkout/index.ts';
import { changeEmail, changePassword, changeProfile } from '../../people/account.ts';
import type { Refused } from '../../people/login/gate.ts';
import { readUserAgent } from '../../people/login/user-agent.ts';
import { sayWeakness } from '../../people/people.ts';
import { beginTotp, confirmTotp, dropTotp, renewRecoveryCodes } from '../../people/second-factor/manage.ts';
import { groupSecret } from '../../people/second-factor/totp.ts';
import type { PersonRow } from '../../store/queries/people.ts';
import type { DeskArea, Done, Form, Params, Problem, Shown, Visit } from './desk.ts';
import type { PeopleServices } from './people-services.ts';

/** What everybody may do with the own account: name, address, password, second factor, sessions. */
export function accountDesk(people: PeopleServices): DeskArea {
  const {
    profile,
    email,
    password,
    enableTotp,
    disableTotp,
    renewCodes,
    endSession,
    endOthers,
    show,
    showTotp,
    again,
  } = createAccount(people);
  const own = { page: 'people', right: 'staff' } as const;
  return {
    pages: [
      { path: '/admin/account', ...own, show: (visit) => show(visit, null) },
      { path: '/admin/account/totp', ...own, show: (visit) => showTotp(visit, null, null) },
    ],
    actions: [
      { path: '/admin/account/profile', action: 'change-profile', ...own, run: profile, again },
      { path: '/admin/account/email', action: 'change-email', ...own, run: email, again },
      { path: '/admin/account/password', action: 'change-password', ...own, run: password, again },
      {
        ...{ path: '/admin/account/totp', action: 'enable-totp', ...own, run: enableTotp },
        again: (visit, problem, _, form) => showTotp(visit, problem, form.raw('setup')),
      },
      { path: '/admin/account/totp/disable', action: 'disable-totp', ...own, run: disableTotp, again },
      { path: '/admin/account/totp/codes', action: 'renew-recovery-codes', ...own, run: renewCodes, again },
      { path: '/admin/account/sessions/end', action: 'end-other-sessions', ...own, run: endOthers },
      { path: '/admin/account/sessions/:id/end', action: 'end-session', ...own, run: endSession },
    ],
  };
}

function createAccount(people: PeopleServices) {
  return { ...createPages(people), ...createChanges(people), ...createFactor(people), ...createEnding(people) };
}

/** Whoever has a session has a row. */
async function rowOf({ deps }: PeopleServices, { person }: Visit): Promise<PersonRow> {
  const row = await deps.store.findPerson(person.id);
  if (!row) throw new Error(`person ${person.id} has a session but no row`);
  return row;
}

function createPages(people: PeopleServices) {
  const { deps } = people;
  const model = async (visit: Visit): Promise<AccountModel> => {
    const row = await rowOf(people, visit);
    const sessions = await deps.store.listSessions(row.id, visit.now);
    return {
      name: row.name,
      email: row.email,
      locale: row.locale,
      hasTotp: row.totpSecret !== null,
      codesLeft: row.recoveryCodes.length,
      sessions: sessions.map(({ id, address, userAgent, seenAt, createdAt }) => ({
        ...{ id, address, seenAt, createdAt, isThis: id === visit.session.id },
        device: readUserAgent(userAgent),
      })),
    };
  };
  const show = async (visit: Visit, problem: Problem | null, at = ''): Promise<Shown> => ({
    title: visit.say('people.account.title'),
    body: AccountPage({ frame: visit, model: await model(visit), problem, at }),
  });
  return {
    show,
    /** The page with what went wrong beside the form it belongs to. */
    again: (visit: Visit, problem: Problem) => show(visit, problem, visit.url.pathname),

    async showTotp(visit: Visit, problem: Problem | null, setup: string | null): Promise<Shown> {
      const begun = await beginTotp(deps, await rowOf(people, visit), setup);
      const body = TotpPage({
        ...{ frame: visit, problem, setup: begun.setup, address: begun.address },
        secret: groupSecret(begun.secret),
        qr: await shapeSecretQr(begun.address),
      });
      return { title: visit.say('people.totp.title'), body };
    },
  };
}

/** The password, and the code where it is asked for, before something that matters. Throws VALIDATION_FAILED naming the field. */
function createConfirm(people: PeopleServices) {
  return async (visit: Visit, row: PersonRow, form: Form, code?: string): Promise<void> => {
    const typed = { password: form.raw('current'), ...(code === undefined ? {} : { code }) };
    const outcome = await people.signIn.confirm(row, typed, people.originOf(visit));
    if (outcome.kind === 'right') return;
    if ('seconds' in outcome) throw failValidation({ current: [sayRefused(outcome)] });
    if (outcome.kind === 'wrong_code')
      throw failValidation({ code: ['The code field is not right, or was used before.'] });
    throw failValidation({ current: ['The current field is not your password.'] });
  };
}

function sayRefused({ seconds }: Refused): string {
  return `The current field was wrong too often. Try again in ${Math.max(1, Math.ceil(seconds / 60))} min.`;
}

function createChanges(people: PeopleServices) {
  const { deps, originOf, signIn, deviceCookie } = people;
  const confirm = createConfirm(people);
  return {
    async profile(visit: Visit, form: Form): Promise<Done> {
      const row = await rowOf(people, visit);
      const language = form.text('language');
      const locale = isDeskLocale(language) ? language : null;
      await changeProfile(deps, row, { name: form.text('name'), locale });
      const audit = {
        about: row.email,
        before: { name: row.name, locale: row.locale },
        after: { name: form.text('name'), locale },
      };
      // What was looked at in another language is looked at in this one from now on.
      const to = locale === null ? '/admin/account' : `/admin/account?locale=${locale}`;
      return { to, notice: 'people.saved', audit };
    },

    async email(visit: Visit, form: Form): Promise<Done> {
      const row = await rowOf(people, visit);
      await confirm(visit, row, form);
      const email = await changeEmail(deps, row, form.text('email'));
      const audit = { about: email, before: { email: row.email }, after: { email } };
      return { to: '/admin/account', notice: 'people.saved', audit };
    },

    async password(visit: Visit, form: Form): Promise<Done> {
      const row = await rowOf(people, visit);
      await confirm(visit, row, form);
      const change = { password: form.raw('password'), keptSession: visit.session.id };
      const changed = await changePassword(deps, row, change);
      if (typeof changed === 'string') throw failValidation({ password: [sayWeakness(changed)] });
      const cookies = [deviceCookie(await signIn.rememberDevice(changed, originOf(visit)))];
      return { to: '/admin/account', notice: 'people.password.done', cookies, audit: { about: row.email } };
    },
  };
}

function createFactor(people: PeopleServices) {
  const { deps } = people;
  const confirm = createConfirm(people);
  const codesPage = (visit: Visit, codes: readonly string[]): Shown => ({
    title: visit.say('people.codes.title'),
    body: CodesPage({ frame: visit, codes }),
  });
  return {
    async enableTotp(visit: Visit, form: Form): Promise<Done> {
      const row = await rowOf(people, visit);
      // Whoever has one switches it off first, which asks for its code.
      if (row.totpSecret !== null) return { to: '/admin/account', audit: { about: row.email } };
      await confirm(visit, row, form);
      const codes = await confirmTotp(deps, row, { setup: form.raw('setup'), code: form.text('code') });
      if (codes === null) throw failValidation({ code: ['The code field is not right, or was used before.'] });
      const audit = { about: row.email, before: { totp: false }, after: { totp: true } };
      return { shown: codesPage(visit, codes), audit };
    },

    async disableTotp(visit: Visit, form: Form): Promise<Done> {
      const row = await rowOf(people, visit);
      await confirm(visit, row, form, form.text('code'));
      await dropTotp(deps, row);
      const audit = { about: row.email, before: { totp: true }, after: { totp: false } };
      return { to: '/admin/account', notice: 'people.totp.off', audit };
    },

    async renewCodes(visit: Visit, form: Form): Promise<Done> {
      const row = await rowOf(people, visit);
      await confirm(visit, row, form, form.text('code'));
      return { shown: codesPage(visit, await renewRecoveryCodes(deps, row)), audit: { about: row.email } };
    },
  };
}

function createEnding({ deps }: PeopleServices) {
  return {
    async endSession({ person }: Visit, _: Form, { id = '' }: Params): Promise<Done> {
      // One that has ended meanwhile, or is somebody else's, is not ended: nothing else is to be said of it.
      await deps.store.endSession(person.id, /^\d{1,15}$/.test(id) ? Number(id) : 0);
      return { to: '/admin/account', notice: 'people.sessions.ended', audit: { about: `${person.email} ${id}` } };
    },

    async endOthers({ person, session }: Visit): Promise<Done> {
      await deps.store.endSessions(person.id, session.id);
      return { to: '/admin/account', notice: 'people.sessions.ended', audit: { about: person.email } };
    },
  };
}
