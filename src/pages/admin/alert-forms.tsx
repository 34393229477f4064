import type { ComponentChildren } from 'preact';
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

/** The forms of the settings page by which alerts are set up. Secrets are written here and never read. */

interface ChannelState {
  readonly isOn: boolean;
  readonly lastSentAt: number | null;
  readonly lastError: string | null;
}

export interface AlertSettings {
  readonly email: ChannelState & {
    readonly host: string;
    readonly port: number;
    readonly security: string;
    readonly user: string;
    readonly hasPassword: boolean;
    readonly from: string;
    readonly to: readonly string[];
  };
  readonly webhook: ChannelState & { readonly url: string; readonly hasSecret: boolean };
  readonly summary: ChannelState & { readonly at: string };
}

interface Parts {
  readonly frame: Frame;
  readonly alerts: AlertSettings;
  readonly problem: Problem | null;
}

const ROOT = '/admin/settings';

export function AlertForms(props: Parts & { readonly secret: string | null; readonly trials: ComponentChildren }) {
  const { frame, problem, trials } = props;
  const { say } = frame;
  return (
    <>
      <FormProblem problem={problem} />
      <EmailForm {...props} />
      <WebhookForm {...props} />
      <SummaryForm {...props} />
      <div class="card alert-test">
        <ActionButton
          frame={frame}
          name="test-alert"
          action={`${ROOT}/test`}
          label={say('settings.test')}
          class="button quiet"
        />
        <p class="help">{say('settings.test_help')}</p>
        {trials}
      </div>
    </>
  );
}

/** What came of a test, in words. */
export function TestResults(props: {
  readonly say: Frame['say'];
  readonly results: readonly { readonly channel: 'email' | 'webhook'; readonly ok: boolean; readonly detail: string }[];
}) {
  const { say, results } = props;
  if (results.length === 0) return <p role="status">{say('settings.test.none')}</p>;
  return (
    <ul class="test-results" role="status">
      {results.map(({ channel, ok, detail }) => {
        const key = ok ? (detail === '' ? 'settings.test.ok' : 'settings.test.some') : 'settings.test.failed';
        return (
          <li key={channel} class={ok ? 'dot good' : 'dot bad'} data-test-result={ok ? 'sent' : 'failed'}>
            {say(key, { channel: say(`settings.test.${channel}`), detail })}
          </li>
        );
      })}
    </ul>
  );
}

/** As it was sent, when it is shown again. */
function wasOn(problem: Problem | null, form: string, isOn: boolean): boolean {
  return problem === null || !isAbout(problem, form) ? isOn : problem.given[`${form}.on`] !== undefined;
}

/** The problem belongs to the form that was sent; the others stand as they are. */
function isAbout(problem: Problem | null, form: string): problem is Problem {
  return problem !== null && problem.given.form === form;
}

function FormMark({ form }: { readonly form: string }) {
  return <input type="hidden" name="form" value={form} />;
}

function EmailForm({ frame, alerts: { email }, problem: all }: Parts) {
  const { say } = frame;
  const problem = isAbout(all, 'email') ? all : null;
  return (
    <ActionForm frame={frame} name="save-alert-email" action={`${ROOT}/email`} class="card">
      <h3>{say('settings.email')}</h3>
      <FormMark form="email" />
      <CheckField name="email.on" label={say('settings.email_on')} checked={wasOn(all, 'email', email.isOn)} />
      <div class="field-row">
        <TextField
          {...{ name: 'email.host', label: say('settings.host'), help: say('settings.host_help'), problem }}
          {...{ value: email.host, maxLength: 253, placeholder: 'smtp.example.com' }}
        />
        <TextField
          {...{ name: 'email.port', label: say('settings.port'), problem, value: String(email.port) }}
          {...{ inputMode: 'numeric', maxLength: 5 }}
        />
        <SelectField
          {...{ name: 'email.security', label: say('settings.security'), problem, value: email.security }}
          options={(['starttls', 'tls', 'none'] as const).map((value) => ({
            value,
            label: say(`settings.security.${value}`),
          }))}
        />
      </div>
      <div class="field-row two">
        <TextField
          {...{ name: 'email.user', label: say('settings.user'), help: say('settings.user_help'), problem }}
          {...{ value: email.user, autocomplete: 'off', maxLength: 250 }}
        />
        <TextField
          {...{ name: 'email.password', label: say('settings.password'), type: 'password', problem }}
          {...{ help: say(email.hasPassword ? 'settings.password_kept' : 'settings.password_help') }}
          {...{ autocomplete: 'new-password', maxLength: 1000 }}
        />
      </div>
      <div class="field-row two">
        <TextField
          {...{ name: 'email.from', label: say('settings.from'), problem, value: email.from, maxLength: 320 }}
          {...{ inputMode: 'email', placeholder: 'paycore@example.com' }}
        />
        <TextField
          {...{ name: 'email.to', label: say('settings.to'), help: say('settings.to_help'), problem }}
          {...{ value: email.to.join(', '), inputMode: 'email', maxLength: 2000 }}
        />
      </div>
      <Save frame={frame} state={email} help={say('settings.few')} />
    </ActionForm>
  );
}

function WebhookForm({ frame, alerts: { webhook }, problem: all, secret }: Parts & { readonly secret: string | null }) {
  const { say } = frame;
  const problem = isAbout(all, 'webhook') ? all : null;
  return (
    <div class="card block">
      <ActionForm frame={frame} name="save-alert-webhook" action={`${ROOT}/webhook`}>
        <h3>{say('settings.webhook')}</h3>
        <FormMark form="webhook" />
        <CheckField
          name="webhook.on"
          label={say('settings.webhook_on')}
          checked={wasOn(all, 'webhook', webhook.isOn)}
        />
        <TextField
          {...{ name: 'webhook.url', label: say('settings.url'), help: say('settings.url_help'), problem }}
          {...{ value: webhook.url, inputMode: 'url', maxLength: 2048, placeholder: 'https://' }}
        />
        {secret !== null && <CopyField say={say} id="webhook-secret" label={say('settings.secret')} value={secret} />}
        <Save frame={frame} state={webhook} />
      </ActionForm>
      {webhook.hasSecret && (
        <Ask
          {...{ frame, name: 'rotate-alert-secret', action: `${ROOT}/webhook/rotate`, label: say('settings.rotate') }}
          {...{ question: say('settings.rotate_ask'), answer: say('settings.rotate_yes') }}
        />
      )}
    </div>
  );
}

function SummaryForm({ frame, alerts: { summary }, problem: all }: Parts) {
  const { say } = frame;
  const problem = isAbout(all, 'summary') ? all : null;
  return (
    <ActionForm frame={frame} name="save-alert-summary" action={`${ROOT}/summary`} class="card">
      <h3>{say('settings.summary')}</h3>
      <FormMark form="summary" />
      <CheckField name="summary.on" label={say('settings.summary_on')} checked={wasOn(all, 'summary', summary.isOn)} />
      <TextField
        {...{ name: 'summary.at', label: say('settings.at'), type: 'time', help: say('settings.summary_help') }}
        {...{ value: summary.at, problem, required: true }}
      />
      <Save frame={frame} state={summary} />
    </ActionForm>
  );
}

function Save(props: { readonly frame: Frame; readonly state: ChannelState; readonly help?: string }) {
  const { frame, state, help } = props;
  const { say } = frame;
  return (
    <div class="save-row">
      <button type="submit" class="button">
        {say('settings.save')}
      </button>
      <p class="help">
        {state.lastError !== null && <span class="wrong">{say('settings.broken', { reason: state.lastError })} </span>}
        {state.lastSentAt !== null && (
          <>
            {say('settings.sent')} <Moment frame={frame} at={state.lastSentAt} />{' '}
          </>
        )}
        {help}
      </p>
    </div>
  );
}
