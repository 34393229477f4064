import type { InputHTMLAttributes } from 'preact';
import type { Environment } from '../../../core/payment.ts';
import type { CredentialForm, CredentialFormField } from '../../../payments/projects/credential-form.ts';
import type { CredentialTestOutcome } from '../../../payments/projects/credential-test.ts';
import type { CredentialSummary } from '../../../store/queries/credentials.ts';
import { cleanText } from '../../safe.ts';
import type { Frame, Problem } from '../frame.ts';
import { ActionButton, ActionForm, Ask, FormProblem } from '../parts/form.tsx';
import { Moment } from '../parts/moment.tsx';
import { Dot, type Tone } from '../parts/status.tsx';
import { ProjectFrame, type ProjectPageModel, SectionHead } from './frame.tsx';

/** One gateway, with what is stored for it. */
export interface GatewayPart {
  readonly form: CredentialForm;
  /** The sets in use, one for each environment at the most. */
  readonly current: readonly CredentialSummary[];
  /** How many others are kept for payments that were made with them. */
  readonly former: number;
  /** What was wrong with what was sent. */
  readonly problem: Problem | null;
}

/** A set that was tested just now. */
export interface Tested {
  readonly id: number;
  readonly outcome: CredentialTestOutcome;
  /** In the gateway's words. */
  readonly message: string;
}

export interface CredentialsModel extends ProjectPageModel {
  readonly gateways: readonly GatewayPart[];
  readonly tested: Tested | null;
}

export function CredentialsPage(model: CredentialsModel) {
  const { say } = model.frame;
  return (
    <ProjectFrame model={model}>
      <SectionHead title={say('credentials.title')} about={say('credentials.about')} />
      {model.gateways.map((part) => (
        <section class="card gateway" key={part.form.gateway} id={part.form.gateway}>
          <h3>{part.form.gatewayName}</h3>
          {part.current.length === 0 && <p class="quiet-text">{say('credentials.none')}</p>}
          {part.current.length > 0 && (
            <ul class="items">
              {part.current.map((set) => (
                <SetItem key={set.id} model={model} part={part} set={set} />
              ))}
            </ul>
          )}
          {part.former > 0 && <p class="quiet-text">{say('credentials.former', { count: part.former })}</p>}
          {model.isOwner && <CredentialInput model={model} part={part} />}
        </section>
      ))}
    </ProjectFrame>
  );
}

const TONES: Readonly<Record<CredentialTestOutcome, Tone>> = {
  accepted: 'good',
  refused: 'bad',
  unreachable: 'warn',
  untested: 'warn',
};

function EnvironmentTag({ say, environment }: { readonly say: Frame['say']; readonly environment: Environment }) {
  return <span class={environment === 'production' ? 'tag' : 'tag warn'}>{say(`credentials.env.${environment}`)}</span>;
}

function SetItem(props: {
  readonly model: CredentialsModel;
  readonly part: GatewayPart;
  readonly set: CredentialSummary;
}) {
  const { model, part, set } = props;
  const { frame, project, isOwner, tested } = model;
  const { say } = frame;
  const { gateway, gatewayName } = part.form;
  const merchant = cleanText(set.merchantId);
  const path = `/admin/projects/${project.id}/credentials/${gateway}`;
  const fields = { environment: set.environment };
  return (
    <li class="item" data-credential-id={set.id}>
      <div class="item-line">
        <bdi class="merchant">{merchant}</bdi>
        <EnvironmentTag say={say} environment={set.environment} />
        <span class="quiet-text">
          {set.lastUsedAt === null ? (
            say('credentials.unused')
          ) : (
            <>
              {say('credentials.used')} <Moment frame={frame} at={set.lastUsedAt} />
            </>
          )}
        </span>
      </div>
      {isOwner && (
        <div class="actions">
          <ActionButton
            frame={frame}
            name="test-credentials"
            action={`${path}/test#${gateway}`}
            label={say('credentials.test')}
            fields={fields}
            class="button quiet"
          />
          <Ask
            frame={frame}
            name="drop-credentials"
            action={`${path}/drop`}
            label={say('credentials.drop')}
            question={say('credentials.ask', { gateway: gatewayName, merchant })}
            answer={say('credentials.drop')}
            fields={fields}
          />
        </div>
      )}
      {tested?.id === set.id && <Verdict say={say} tested={tested} />}
    </li>
  );
}

/** What the gateway said is shown as it came; it speaks its own language. */
function Verdict({ say, tested }: { readonly say: Frame['say']; readonly tested: Tested }) {
  return (
    <div class="verdict" role="status" data-outcome={tested.outcome}>
      <p>
        <Dot tone={TONES[tested.outcome]}>{say(`credentials.outcome.${tested.outcome}`)}</Dot>
      </p>
      <p class="quiet-text" lang="en">
        {cleanText(tested.message)}
      </p>
    </div>
  );
}

function CredentialInput({ model, part }: { readonly model: CredentialsModel; readonly part: GatewayPart }) {
  const { frame, project } = model;
  const { say } = frame;
  const { form, problem, current } = part;
  // What is looked at is most likely what is meant.
  const isMeant = (one: Environment) => (one === 'production') === (frame.view.kind === 'live');
  const meant = problem?.given.environment ?? form.environments.find(isMeant);
  return (
    <details class="ask" open={problem !== null}>
      <summary class={current.length === 0 ? 'button' : 'button quiet'}>
        {say(current.length === 0 ? 'credentials.enter' : 'credentials.replace')}
      </summary>
      <ActionForm
        frame={frame}
        name="set-credentials"
        action={`/admin/projects/${project.id}/credentials/${form.gateway}#${form.gateway}`}
        class="question wide-form"
      >
        <FormProblem problem={problem} />
        <Source say={say} form={form} />
        {form.environments.length > 1 && (
          <div class="field">
            <label for={`${form.gateway}-environment`}>{say('credentials.environment')}</label>
            <select id={`${form.gateway}-environment`} name="environment">
              {form.environments.map((one) => (
                <option key={one} value={one} selected={one === meant}>
                  {say(`credentials.env.${one}`)}
                </option>
              ))}
            </select>
          </div>
        )}
        {form.fields.map((field) => (
          <CredentialInputField key={field.name} say={say} gateway={form.gateway} field={field} problem={problem} />
        ))}
        <p class="help">{say('credentials.sealed')}</p>
        <div class="actions">
          <button type="submit" class="button">
            {say('credentials.save')}
          </button>
        </div>
      </ActionForm>
    </details>
  );
}

function Source({ say, form }: { readonly say: Frame['say']; readonly form: CredentialForm }) {
  if (form.source === null) return null;
  return (
    <p class="help">
      {say('credentials.where')} {form.source}
      {form.sourceLinks.map(({ environment, url }) => (
        <span key={url}>
          {' '}
          <a href={url} target="_blank" rel="noopener noreferrer">
            {say(`credentials.env.${environment}`)}
          </a>
        </span>
      ))}
    </p>
  );
}

/** Written into and never read out of: what was typed into a secret field comes back in no page. */
function CredentialInputField(props: {
  readonly say: Frame['say'];
  readonly gateway: string;
  readonly field: CredentialFormField;
  readonly problem: Problem | null;
}) {
  const { say, gateway, field, problem } = props;
  const id = `${gateway}-${field.name}`;
  const wrong = problem?.fields[field.name];
  // Preact's types want the kind of a field to be known when it is written.
  const attributes = {
    id,
    name: field.name,
    type: field.isSecret ? 'password' : 'text',
    value: field.isSecret ? undefined : problem?.given[field.name],
    required: field.isRequired,
    maxLength: 300,
    autocomplete: field.isSecret ? 'new-password' : 'off',
    spellcheck: false,
    autocapitalize: 'off',
    'aria-invalid': wrong ? 'true' : undefined,
    'aria-describedby': wrong ? `${id}-wrong` : `${id}-help`,
  } as InputHTMLAttributes<HTMLInputElement>;
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {!field.isRequired && <span class="quiet-text"> {say('credentials.optional')}</span>}
      </label>
      <input {...attributes} />
      {wrong ? (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      ) : (
        <p class="help" id={`${id}-help`}>
          {field.hint}
        </p>
      )}
    </div>
  );
}
