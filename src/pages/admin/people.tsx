import type { Role } from '../../core/person.ts';
import { cleanText } from '../safe.ts';
import type { Frame, Problem } from './frame.ts';
import {
  ActionButton,
  ActionForm,
  Ask,
  CheckField,
  CopyField,
  FormProblem,
  SelectField,
  TextField,
} from './parts/form.tsx';
import { Moment } from './parts/moment.tsx';
import { Dot, type Tone } from './parts/status.tsx';
import { type Column, Table } from './parts/table.tsx';
import { sayOf } from './texts.ts';

export type PersonState = 'active' | 'invited' | 'disabled';

export interface ListedPerson {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly mayRefund: boolean;
  readonly state: PersonState;
  readonly hasTotp: boolean;
  readonly createdAt: number;
  readonly isSelf: boolean;
}

const TONES: Readonly<Record<PersonState, Tone>> = { active: 'good', invited: 'wait', disabled: 'quiet' };

function describeRole(frame: Frame, { role, mayRefund }: Pick<ListedPerson, 'role' | 'mayRefund'>): string {
  const name = sayOf(frame.say, 'people.role', role);
  return role === 'staff' && mayRefund ? `${name} · ${frame.say('people.refunds')}` : name;
}

/** Everybody who works at the desk; owners change them behind each row. */
export function PeoplePage(props: {
  readonly frame: Frame;
  readonly people: readonly ListedPerson[];
  readonly mayChange: boolean;
  readonly problem: Problem | null;
}) {
  const { frame, people, mayChange, problem } = props;
  const { say } = frame;
  return (
    <>
      <h1>{say('page.people')}</h1>
      <Table
        label={say('page.people')}
        columns={columnsOf(frame)}
        rows={people}
        keyOf={({ id }) => id}
        hrefOf={({ id, isSelf }) => (isSelf ? '/admin/account' : mayChange ? `/admin/people/${id}` : null)}
        dataOf={({ id }) => ({ 'data-person-id': String(id) })}
      />
      {mayChange ? <Invite frame={frame} problem={problem} /> : <p class="quiet-text">{say('people.look')}</p>}
    </>
  );
}

function columnsOf(frame: Frame): readonly Column<ListedPerson>[] {
  const { say } = frame;
  return [
    {
      name: 'name',
      label: say('people.name'),
      phone: 'first',
      cell: ({ name, isSelf }) => (
        <>
          <bdi>{cleanText(name)}</bdi>
          {isSelf && <span class="tag">{say('people.you')}</span>}
        </>
      ),
    },
    { name: 'email', label: say('people.email'), phone: 'second', isLong: true, cell: ({ email }) => email },
    { name: 'role', label: say('people.role'), phone: 'first-end', cell: (person) => describeRole(frame, person) },
    {
      name: 'state',
      label: say('people.state'),
      phone: 'second-end',
      cell: ({ state }) => <Dot tone={TONES[state]}>{sayOf(say, 'people.state', state)}</Dot>,
    },
  ];
}

function Invite({ frame, problem }: { readonly frame: Frame; readonly problem: Problem | null }) {
  const { say } = frame;
  return (
    <section class="card">
      <h2>{say('people.invite')}</h2>
      <ActionForm frame={frame} name="invite-person" action="/admin/people/invite">
        <FormProblem problem={problem} />
        <TextField
          name="name"
          label={say('people.name')}
          placeholder={say('people.name.example')}
          problem={problem}
          required
          maxLength={100}
        />
        <TextField name="email" label={say('people.email')} type="email" problem={problem} required maxLength={200} />
        <RoleField frame={frame} value="staff" problem={problem} />
        <CheckField name="refunds" label={say('people.refunds.check')} checked={problem?.given.refunds === 'on'} />
        <div class="actions">
          <button type="submit" class="button">
            {say('people.invite.submit')}
          </button>
        </div>
      </ActionForm>
    </section>
  );
}

function RoleField({ frame: { say }, value, problem }: { frame: Frame; value: Role; problem: Problem | null }) {
  const options = (['staff', 'owner'] as const).map((role) => ({
    value: role,
    label: say('people.role.line', { role: sayOf(say, 'people.role', role), may: sayOf(say, 'people.role.may', role) }),
  }));
  return <SelectField name="role" label={say('people.role')} options={options} value={value} problem={problem} />;
}

/** One of the others, and what an owner may change. */
export function PersonPage(props: {
  readonly frame: Frame;
  readonly person: ListedPerson;
  readonly problem: Problem | null;
}) {
  const { frame, person, problem } = props;
  const { say } = frame;
  const path = `/admin/people/${person.id}`;
  const name = cleanText(person.name);
  return (
    <>
      <h1>
        <bdi>{name}</bdi>
      </h1>
      <FormProblem problem={problem} />
      <section class="card">
        <dl class="facts">
          <dt>{say('people.email')}</dt>
          <dd>{person.email}</dd>
          <dt>{say('people.state')}</dt>
          <dd>
            <Dot tone={TONES[person.state]}>{sayOf(say, 'people.state', person.state)}</Dot>
          </dd>
          <dt>{say('people.totp.title')}</dt>
          <dd>{say(person.hasTotp ? 'frame.yes' : 'frame.no')}</dd>
          <dt>{say('people.since')}</dt>
          <dd>
            <Moment frame={frame} at={person.createdAt} />
          </dd>
        </dl>
      </section>
      <section class="card">
        <h2>{say('people.rights')}</h2>
        <ActionForm frame={frame} name="change-role" action={`${path}/role`}>
          <RoleField frame={frame} value={person.role} problem={null} />
          <div class="actions">
            <button type="submit" class="button">
              {say('people.save')}
            </button>
          </div>
          <p class="quiet-text">{say('people.role.note')}</p>
        </ActionForm>
        {person.role === 'staff' && <Refunds frame={frame} person={person} path={path} />}
      </section>
      <Access frame={frame} person={person} path={path} name={name} />
    </>
  );
}

interface Part {
  readonly frame: Frame;
  readonly person: ListedPerson;
  readonly path: string;
}

function Refunds({ frame, person: { mayRefund }, path }: Part) {
  const { say } = frame;
  return (
    <div class="head-row">
      <p>{say(mayRefund ? 'people.refunds.on' : 'people.refunds.off')}</p>
      <ActionButton
        frame={frame}
        name="change-refunds"
        action={`${path}/refunds`}
        fields={{ allowed: mayRefund ? 'off' : 'on' }}
        label={say(mayRefund ? 'people.refunds.forbid' : 'people.refunds.allow')}
        class="button quiet"
      />
    </div>
  );
}

function Access({ frame, person, path, name }: Part & { readonly name: string }) {
  const { say } = frame;
  return (
    <section class="card">
      <h2>{say('people.access')}</h2>
      <p class="quiet-text">{say('people.access.note')}</p>
      <div class="actions">
        <Ask
          frame={frame}
          name="reset-person"
          action={`${path}/link`}
          label={say('people.link')}
          question={say(person.state === 'invited' ? 'people.link.again' : 'people.link.ask', { name })}
          answer={say('people.link')}
        >
          {person.hasTotp && <CheckField name="totp" label={say('people.link.totp')} />}
        </Ask>
        {person.state === 'disabled' ? (
          <ActionButton
            frame={frame}
            name="enable-person"
            action={`${path}/enable`}
            label={say('people.enable')}
            class="button"
          />
        ) : (
          <Ask
            frame={frame}
            name="disable-person"
            action={`${path}/disable`}
            label={say('people.disable')}
            question={say('people.disable.ask', { name })}
            answer={say('people.disable')}
          />
        )}
      </div>
    </section>
  );
}

/** A one-time link, shown once, to be handed on. */
export function LinkPage(props: {
  readonly frame: Frame;
  readonly person: { readonly name: string; readonly email: string };
  readonly url: string;
}) {
  const { frame, person, url } = props;
  const { say } = frame;
  return (
    <>
      <h1>{say('people.link.title', { name: cleanText(person.name) })}</h1>
      <section class="card">
        <p>{say('people.link.lead', { email: person.email })}</p>
        <div data-link={url}>
          <CopyField say={say} id="link" label={say('people.link.label')} value={url} />
        </div>
        <p class="quiet-text">{say('people.link.once')}</p>
        <div class="actions">
          <a class="button quiet" href="/admin/people">
            {say('frame.back')}
          </a>
        </div>
      </section>
    </>
  );
}
