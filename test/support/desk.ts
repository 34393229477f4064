import { createFirstOwner } from '../../src/people/people.ts';
import { createSessions, SESSION_COOKIE } from '../../src/people/sessions.ts';
import type { PersonRow } from '../../src/store/queries/people.ts';
import type { TestApp } from './app.ts';

export const OWNER = { email: 'owner@shop.example', name: '林老闆', password: 'correct horse battery' } as const;

/** One browser at the desk: keeps cookies, takes the token of a form from the page the form stands on. */
export interface DeskClient {
  readonly person: PersonRow;
  readonly cookies: Map<string, string>;
  get(path: string): Promise<DeskPageAnswer>;
  /** Sends a form with the token that the pages of this session carry. */
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<DeskPageAnswer>;
  /** The token that stands in the forms of this session. */
  csrf(): Promise<string>;
}

export interface DeskPageAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** Signs in the owner, made when there is nobody yet. */
export async function signInOwner(app: TestApp): Promise<DeskClient> {
  const { store } = app.deps;
  const owner = (await createFirstOwner(app.deps, OWNER)) ?? (await store.findPersonByEmail(OWNER.email));
  if (!owner) throw new Error('there is an owner, and it is another one');
  return signIn(app, owner);
}

/** Signs in somebody who works for the owner, made for it. */
export async function signInStaff(app: TestApp, { mayRefund = false } = {}): Promise<DeskClient> {
  const { store, clock } = app.deps;
  const email = `staff${mayRefund ? '-refunds' : ''}@shop.example`;
  const known = await store.findPersonByEmail(email);
  const made =
    known ??
    (await store.addPerson({
      ...{ email, name: '陳店員', role: 'staff', passwordHash: null, linkHash: null, linkUntil: null, locale: null },
      isFirst: false,
      now: clock.now(),
    }));
  if (!made) throw new Error(`${email} could not be added`);
  await store.changePerson(made.id, { fields: { mayRefund }, endsSessions: false, now: clock.now() });
  return signIn(app, made);
}

/** Opens a session without the login page. */
export async function signIn(app: Pick<TestApp, 'request' | 'deps'>, person: PersonRow): Promise<DeskClient> {
  const cookie = await createSessions(app.deps).open(person, { address: '203.0.113.9', userAgent: 'test' });
  const cookies = new Map([[SESSION_COOKIE, cookie]]);
  return { person, ...createBrowser(app, cookies) };
}

/** A browser without a session. */
export function createBrowser(app: Pick<TestApp, 'request'>, cookies = new Map<string, string>()) {
  const send = async (path: string, init: RequestInit = {}): Promise<DeskPageAnswer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await app.request(path, {
      ...init,
      headers: { cookie, 'accept-language': 'en', ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return { status: response.status, location, headers: response.headers, text: await response.text() };
  };
  const csrf = async (page = '/admin') => readToken((await send(page)).text);
  return {
    cookies,
    get: (path: string) => send(path),
    csrf,
    /** `page`: where the form stands, when its token is not that of the session. */
    async post(path: string, fields: Readonly<Record<string, string>> = {}, page?: string): Promise<DeskPageAnswer> {
      const token = fields.csrf ?? (await csrf(page));
      return send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...fields, csrf: token }).toString(),
      });
    },
  };
}

function readToken(page: string): string {
  const token = /name="csrf" value="([^"]+)"/.exec(page)?.[1];
  if (token === undefined) throw new Error(`there is no form in this page: ${page.slice(0, 300)}`);
  return token;
}

/** Texts of a page without its markup, for what a person reads. */
export function readText(page: string): string {
  return page
    .replace(/<[^>]+>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');
}
