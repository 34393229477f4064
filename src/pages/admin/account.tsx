import { DESK_LOCALES, type DeskLocale } from '../../core/locale.ts';
import { Qr, type Shape } from '../checkout/index.ts';
import { LANGUAGE_NAMES } from '../languages.ts';
import type { Frame, Problem } from './frame.ts';
import { ActionButton, ActionForm, FormProblem, SelectField, TextField } from './parts/form.tsx';
import { Moment } from './parts/moment.tsx';

export interface AccountModel {
  readonly name: string;
  readonly email: string;
  readonly locale: DeskLocale | null;
  readonly hasTotp: boolean;
  readonly codesLeft: number;
  readonly sessions: readonly OpenSession[];
}

export interface OpenSession {
  readonly id: number;
  readonly device: { readonly browser: string | null; readonly system: string | null };
  readonly address: string;
  readonly seenAt: number;
  readonly createdAt: number;
  /** The one that looks at the page. */
  readonly isThis: boolean;
}

interface Part {
  readonly frame: Frame;
  readonly model: AccountModel;
  /** What went wrong with the form that was sent. */
  readonly problem: Problem | null;
}

/** `at`: where the form was sent that is shown again. */
export function AccountPage({ frame, model, problem, at }: Part & { readonly at: string }) {
  const { say } = frame;
  const of = (path: string): Part => ({ frame, model, problem: at === path ? problem : null });
  return (
    <>
      <h1>{say('people.account.title')}</h1>
      <Profile {...of('/admin/account/profile')} />
      <Email {...of('/admin/account/email')} />
      <Password {...of('/admin/account/password')} />
      <SecondFactor {...of(at)} at={at} />
      <Sessions frame={frame} sessions={model.sessions} />
    </>
  );
}

function Profile({ frame, model, problem }: Part) {
  const { say } = frame;
  const languages = DESK_LOCALES.map((locale) => ({ value: locale, label: LANGUAGE_NAMES[locale] }));
  return (
    <section class="card">
      <h2>{say('people.profile')}</h2>
      <ActionForm frame={frame} name="change-profile" action="/admin/account/profile">
        <FormProblem problem={problem} />
        <TextField
          name="name"
          label={say('people.name')}
          value={model.name}
          autocomplete="name"
          problem={problem}
          required
          maxLength={100}
        />
        <SelectField
          name="language"
          label={say('frame.language')}
          options={languages}
          value={model.locale ?? frame.locale}
        />
        <SaveButton frame={frame} />
      </ActionForm>
    </section>
  );
}

function SaveButton({ frame: { say } }: { readonly frame: Frame }) {
  return (
    <div class="actions">
      <button type="submit" class="button">
        {say('people.save')}
      </button>
    </div>
  );
}

/** The password again, before something that matters. */
function CurrentPassword(props: { readonly frame: Frame; readonly problem: Problem | null; readonly of: string }) {
  return (
    <TextField
      name="current"
      id={`${props.of}-current`}
      label={props.frame.say('people.current')}
      type="password"
      autocomplete="current-password"
      problem={props.problem}
      required
    />
  );
}

function Email({ frame, model, problem }: Part) {
  const { say } = frame;
  return (
    <section class="card">
      <h2>{say('people.email.change')}</h2>
      <ActionForm frame={frame} name="change-email" action="/admin/account/email">
        <FormProblem problem={problem} />
        <TextField
          name="email"
          label={say('people.email')}
          type="email"
          value={model.email}
          autocomplete="username"
          problem={problem}
          required
          maxLength={200}
        />
        <CurrentPassword frame={frame} problem={problem} of="email" />
        <SaveButton frame={frame} />
      </ActionForm>
    </section>
  );
}

function Password({ frame, problem }: Part) {
  const { say } = frame;
  return (
    <section class="card">
      <h2>{say('people.password')}</h2>
      <ActionForm frame={frame} name="change-password" action="/admin/account/password">
        <FormProblem problem={problem} />
        <CurrentPassword frame={frame} problem={problem} of="password" />
        <TextField
          name="password"
          label={say('login.welcome.password')}
          help={say('people.password.help')}
          type="password"
          autocomplete="new-password"
          problem={problem}
          required
        />
        <SaveButton frame={frame} />
      </ActionForm>
    </section>
  );
}

function SecondFactor({ frame, model, problem, at }: Part & { readonly at: string }) {
  const { say } = frame;
  if (!model.hasTotp) {
    return (
      <section class="card">
        <h2>{say('people.totp.title')}</h2>
        <p>{say('people.totp.lead')}</p>
        <div class="actions">
          <a class="button" href="/admin/account/totp">
            {say('people.totp.set')}
          </a>
        </div>
      </section>
    );
  }
  const guarded = (name: 'renew-recovery-codes' | 'disable-totp', path: string, label: string, help: string) => {
    const own = at === path ? problem : null;
    return (
      <details class="ask" open={own !== null}>
        <summary class="button quiet">{label}</summary>
        <ActionForm frame={frame} name={name} action={path} class="question">
          <p>{help}</p>
          <FormProblem problem={own} />
          <CurrentPassword frame={frame} problem={own} of={name} />
          <TextField
            name="code"
            id={`${name}-code`}
            label={say('login.code.label')}
            autocomplete="one-time-code"
            problem={own}
            required
            maxLength={20}
          />
          <button type="submit" class={name === 'disable-totp' ? 'button danger' : 'button'}>
            {label}
          </button>
        </ActionForm>
      </details>
    );
  };
  return (
    <section class="card">
      <h2>{say('people.totp.title')}</h2>
      <p>{say('people.totp.on', { n: model.codesLeft })}</p>
      <div class="actions">
        {guarded('renew-recovery-codes', '/admin/account/totp/codes', say('people.codes.new'), say('people.codes.ask'))}
        {guarded('disable-totp', '/admin/account/totp/disable', say('people.totp.drop'), say('people.totp.ask'))}
      </div>
    </section>
  );
}

function Sessions({ frame, sessions }: { readonly frame: Frame; readonly sessions: readonly OpenSession[] }) {
  const { say } = frame;
  return (
    <section class="card">
      <div class="head-row">
        <h2>{say('people.sessions')}</h2>
        {sessions.length > 1 && (
          <ActionButton
            frame={frame}
            name="end-other-sessions"
            action="/admin/account/sessions/end"
            label={say('people.sessions.others')}
            class="button quiet"
          />
        )}
      </div>
      <ul class="lines">
        {sessions.map((one) => (
          <li key={one.id}>
            <div>
              <p>
                {nameDevice(frame, one)} {one.isThis && <span class="tag">{say('people.sessions.this')}</span>}
              </p>
              <p class="quiet-text">
                {one.address} · {say('people.sessions.seen')} <Moment frame={frame} at={one.seenAt} /> ·{' '}
                {say('people.sessions.since')} <Moment frame={frame} at={one.createdAt} />
              </p>
            </div>
            {!one.isThis && (
              <ActionButton
                frame={frame}
                name="end-session"
                action={`/admin/account/sessions/${one.id}/end`}
                label={say('people.sessions.end')}
                class="button quiet"
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameDevice({ say }: Frame, { device: { browser, system } }: OpenSession): string {
  const named = [browser, system].filter((part) => part !== null);
  return named.length === 0 ? say('people.sessions.unknown') : named.join(' · ');
}

/** To be scanned, and proved by its first code. */
export function TotpPage(props: {
  readonly frame: Frame;
  readonly problem: Problem | null;
  readonly qr: Shape;
  /** What it says: a phone cannot scan its own screen. */
  readonly address: string;
  /** In groups, for who cannot scan. */
  readonly secret: string;
  readonly setup: string;
}) {
  const { frame, problem, qr, address, secret, setup } = props;
  const { say } = frame;
  return (
    <>
      <h1>{say('people.totp.title')}</h1>
      <section class="card totp">
        <div class="qr" data-qr>
          <Qr shape={qr} label={say('people.totp.qr')} size="large" />
        </div>
        <div class="block">
          <ol class="how-to">
            <li>{say('people.totp.step1')}</li>
            <li>
              {say('people.totp.step2')} <code data-totp-secret>{secret}</code>
            </li>
            <li>{say('people.totp.step3')}</li>
          </ol>
          <p class="on-phone">
            <a href={address}>{say('people.totp.open')}</a>
          </p>
          <ActionForm frame={frame} name="enable-totp" action="/admin/account/totp">
            <FormProblem problem={problem} />
            <input type="hidden" name="setup" value={setup} />
            <TextField
              name="code"
              label={say('people.totp.code')}
              autocomplete="one-time-code"
              inputMode="numeric"
              problem={problem}
              required
              maxLength={20}
            />
            <CurrentPassword frame={frame} problem={problem} of="totp" />
            <div class="actions">
              <button type="submit" class="button">
                {say('people.totp.enable')}
              </button>
              <a class="button quiet" href="/admin/account">
                {say('frame.close')}
              </a>
            </div>
          </ActionForm>
        </div>
      </section>
    </>
  );
}

/** Shown once. */
export function CodesPage({ frame, codes }: { readonly frame: Frame; readonly codes: readonly string[] }) {
  const { say } = frame;
  return (
    <>
      <h1>{say('people.codes.title')}</h1>
      <section class="card">
        <p>{say('people.codes.lead')}</p>
        <ul class="codes" data-recovery-codes>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div class="actions">
          <a class="button" href="/admin/account">
            {say('people.codes.kept')}
          </a>
        </div>
      </section>
    </>
  );
}
