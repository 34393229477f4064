import { expect } from 'bun:test';
import type { TroubleKind } from '../../../src/core/attention.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { PersonRow } from '../../../src/store/queries/people.ts';
import type { TestApp } from '../../support/app.ts';
import { signIn } from '../../support/desk.ts';
import { present } from '../../support/parts.ts';

/** What needs a person, as somebody finds it at the desk and acts on it. */

export interface Seen {
  readonly kind: TroubleKind;
  readonly no: string | undefined;
  readonly actions: readonly string[];
  readonly text: string;
}

type Kind = 'live' | 'test';

export function createAttentionDesk(app: TestApp) {
  /** Kinds that were seen. */
  const produced = new Set<string>();

  /** Made without a password, which takes its time. */
  async function findOwner(): Promise<PersonRow> {
    const [known] = await app.deps.store.listPeople();
    if (known) return known;
    const fields = { email: 'owner@shop.example', name: '林老闆', role: 'owner', locale: null } as const;
    const blank = { passwordHash: null, linkHash: null, linkUntil: null };
    return present(await app.deps.store.addPerson({ ...fields, ...blank, isFirst: true, now: app.clock.now() }));
  }

  /** The desk as somebody finds it who comes by: whoever waited for long has to sign in anew. */
  async function comeBy(kind: Kind = 'test') {
    const owner = await signIn(app, await findOwner());
    await owner.get(`/admin?kind=${kind}&locale=zh-tw`);
    return owner;
  }

  async function look(kind: Kind = 'test'): Promise<readonly Seen[]> {
    const { status, text } = await (await comeBy(kind)).get('/admin/attention');
    expect([status, text.includes('data-page="attention"')]).toEqual([200, true]);
    return [...text.matchAll(/<li id="trouble-\d+" data-trouble="(\w+)"([^>]*)>(.*?)<\/li>/gs)].map(
      ([, name = '', attributes = '', row = '']) => {
        produced.add(name);
        return {
          kind: name as TroubleKind,
          no: /data-payment-no="(\w+)"/.exec(attributes)?.[1],
          actions: [...row.matchAll(/data-action="([\w-]+)"/g)].map(([, action = '']) => action),
          text: row,
        };
      },
    );
  }

  const kinds = async (kind: Kind = 'test') => (await look(kind)).map((one) => one.kind);

  /** The number beside the name of the page, in the rail of every page. */
  async function badge(kind: Kind = 'test'): Promise<string | undefined> {
    app.clock.advance(4 * SECOND);
    return /class="badge"><span aria-hidden="true">([^<]+)</.exec(
      (await (await comeBy(kind)).get('/admin/attention')).text,
    )?.[1];
  }

  /** Presses a button of the first row of this kind. */
  async function act(
    of: TroubleKind,
    action: string,
    fields: Readonly<Record<string, string>> = {},
    kind: Kind = 'test',
  ) {
    const owner = await comeBy(kind);
    const { text } = await owner.get('/admin/attention');
    const row = new RegExp(`data-trouble="${of}".*?</li>`, 's').exec(text)?.[0] ?? '';
    const form = new RegExp(`action="([^"]+)" data-action="${action}".*?</form>`, 's').exec(row);
    const hidden = [...(form?.[0] ?? '').matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const carried = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    return owner.post(present(form?.[1], `${action} of ${of}`), { ...carried, ...fields });
  }

  /** Somebody says that he has seen to it. */
  async function handle(of: TroubleKind, kind: Kind = 'test'): Promise<void> {
    expect(await act(of, 'mark-handled', {}, kind)).toMatchObject({ status: 303, location: '/admin/attention' });
    expect(await kinds(kind)).not.toContain(of);
  }

  return { look, kinds, badge, act, handle, comeBy, produced };
}
