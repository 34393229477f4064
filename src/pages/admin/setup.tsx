import type { ComponentChildren } from 'preact';
import { cleanText } from '../safe.ts';
import type { Frame, Problem } from './frame.ts';
import { ActionButton, ActionForm, Ask, CopyField, FormProblem, TextField } from './parts/form.tsx';
import type { DeskText } from './texts.ts';

export const SETUP_PATH = '/admin/setup';
export const STEPS_PATH = '/admin/setup/steps';

/** What is said while there is no administrator: how to get the link, never the link. `isWrong`: one came that is none. */
export function HowToStart({ frame, isWrong }: { readonly frame: Frame; readonly isWrong: boolean }) {
  const { say } = frame;
  return (
    <section>
      <h1>{say('setup.how.title')}</h1>
      {isWrong && (
        <p class="form-problem" role="alert">
          {say('setup.how.wrong')}
        </p>
      )}
      <p>{say('setup.how.text')}</p>
      <pre class="shown-line">installer {'https://…'}</pre>
      <dl class="facts stacked">
        <dt>{say('setup.how.terminal')}</dt>
        <dd>{say('setup.how.there')}</dd>
        <dt>systemd</dt>
        <dd>
          <code>journalctl -u paycore | grep installer</code>
        </dd>
        <dt>Docker</dt>
        <dd>
          <code>docker logs paycore | grep installer</code>
        </dd>
      </dl>
      <p class="quiet-text">{say('setup.how.again')}</p>
    </section>
  );
}

/** The administrator: the one step before anybody is signed in. */
export function OwnerStep(props: { readonly frame: Frame; readonly token: string; readonly problem?: Problem | null }) {
  const { frame, problem = null } = props;
  const { say } = frame;
  return (
    <section>
      <h1>{say('setup.welcome')}</h1>
      <p>{say('setup.welcome.text')}</p>
      <FormProblem problem={problem} />
      <ActionForm frame={frame} name="create-owner" action={SETUP_PATH}>
        <input type="hidden" name="token" value={props.token} />
        <TextField
          name="email"
          type="email"
          label={say('setup.email')}
          help={say('setup.email.help')}
          autocomplete="username"
          required
          maxLength={200}
          problem={problem}
        />
        <TextField
          name="name"
          label={say('setup.name')}
          autocomplete="name"
          required
          maxLength={100}
          problem={problem}
        />
        <TextField
          name="password"
          type="password"
          label={say('setup.password')}
          help={say('setup.password.help')}
          autocomplete="new-password"
          required
          problem={problem}
        />
        <TextField
          name="again"
          type="password"
          label={say('setup.again')}
          autocomplete="new-password"
          required
          problem={problem}
        />
        <button type="submit" class="button">
          {say('setup.create')}
        </button>
      </ActionForm>
    </section>
  );
}

/** A key that was made just now: it is in no other page. */
export interface FreshKey {
  readonly key: string;
  readonly secret: string;
  readonly curl: string;
  readonly apiUrl: string;
}

export interface StepsModel {
  readonly project: { readonly id: number; readonly name: string } | null;
  /** First letters of the test key that is there; null: none. */
  readonly keyHint: string | null;
  readonly fresh: FreshKey | null;
  /** Where test payments are paid; null while the project does not practise. */
  readonly simulator: string | null;
  readonly isPaid: boolean;
  readonly docsUrl: string;
}

type StepProps = { readonly frame: Frame; readonly model: StepsModel; readonly problem: Problem | null };

/** What is left to do until a test payment is seen. Whatever is done is said in a line, so that one may come back at any time. */
export function StepsPage({ frame, model, problem }: StepProps) {
  const { say } = frame;
  const { project, keyHint, isPaid } = model;
  const parts = { frame, model, problem };
  return (
    <>
      <div>
        <h1>{say('setup.title')}</h1>
        <p class="quiet-text">{say('setup.lead')}</p>
      </div>
      <ol class="steps">
        <Step frame={frame} title="setup.step.owner" done>
          <p class="quiet-text">{cleanText(frame.person?.email ?? '')}</p>
        </Step>
        <Step frame={frame} title="setup.step.project" done={project !== null} current={project === null}>
          {project ? <p class="quiet-text">{cleanText(project.name)}</p> : <ProjectForm {...parts} />}
        </Step>
        <Step
          frame={frame}
          title="setup.step.key"
          done={keyHint !== null}
          current={project !== null && keyHint === null}
        >
          {project && <KeyBlock {...parts} project={project} />}
        </Step>
        <Step frame={frame} title="setup.step.pay" done={isPaid} current={keyHint !== null && !isPaid}>
          {project && keyHint !== null && <PayBlock {...parts} />}
        </Step>
      </ol>
      {isPaid && <Next frame={frame} model={model} />}
    </>
  );
}

function Step(props: {
  readonly frame: Frame;
  readonly title: DeskText;
  readonly done: boolean;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}) {
  const { say } = props.frame;
  return (
    <li class={props.done ? 'done' : undefined} aria-current={props.current ? 'step' : undefined}>
      <h2>
        {say(props.title)}
        {props.done && <span class="unseen"> {say('setup.step.done')}</span>}
      </h2>
      {props.children}
    </li>
  );
}

function ProjectForm({ frame, problem }: StepProps) {
  const { say } = frame;
  return (
    <ActionForm frame={frame} name="create-project" action={`${STEPS_PATH}/project`}>
      <FormProblem problem={problem} />
      <TextField
        name="project"
        label={say('setup.project')}
        help={say('setup.project.help')}
        autocomplete="organization"
        required
        maxLength={100}
        problem={problem}
      />
      <button type="submit" class="button">
        {say('setup.project.create')}
      </button>
    </ActionForm>
  );
}

function KeyBlock({ frame, model }: StepProps & { readonly project: { readonly id: number } }) {
  const { say } = frame;
  const { fresh, keyHint } = model;
  if (!fresh) {
    return (
      <>
        <p class="quiet-text">{keyHint === null ? say('setup.key.none') : say('setup.key.kept', { key: keyHint })}</p>
        <ActionButton
          frame={frame}
          name="create-key"
          action={`${STEPS_PATH}/key`}
          label={say(keyHint === null ? 'setup.key.create' : 'setup.key.another')}
          class={keyHint === null ? 'button' : 'button quiet'}
        />
      </>
    );
  }
  return (
    <>
      <p>{say('setup.key.once')}</p>
      <CopyField say={say} id="api-key" label={say('setup.key.key')} value={fresh.key} />
      <CopyField say={say} id="secret" label={say('setup.key.secret')} value={fresh.secret} />
      <CopyField say={say} id="api-url" label={say('setup.key.url')} value={fresh.apiUrl} />
      <CopyField say={say} id="curl" label={say('setup.key.curl')} value={fresh.curl} />
      <p class="quiet-text">
        {say('setup.key.docs')} <a href={model.docsUrl}>Swagger</a>
      </p>
    </>
  );
}

function PayBlock({ frame, model, problem }: StepProps) {
  const { say } = frame;
  const { simulator, isPaid, project } = model;
  const isAsked = problem !== null && project !== null;
  return (
    <>
      {isAsked && <FormProblem problem={problem} />}
      <p>{say(isPaid ? 'setup.pay.paid' : 'setup.pay.text')}</p>
      <ActionButton
        frame={frame}
        name="test-payment"
        action={`${STEPS_PATH}/pay`}
        label={say(isPaid ? 'setup.pay.more' : 'setup.pay.button')}
        class={isPaid ? 'button quiet' : 'button'}
      />
      {simulator !== null && (
        <>
          <p class="quiet-text">{say('setup.pay.simulator', { url: simulator })}</p>
          <Ask
            frame={frame}
            name="stop-practice"
            action={`${STEPS_PATH}/stop-practice`}
            label={say('setup.practice.stop')}
            question={say('setup.practice.question', { project: cleanText(project?.name ?? '') })}
            answer={say('setup.practice.yes')}
          />
        </>
      )}
    </>
  );
}

function Next({ frame, model }: { readonly frame: Frame; readonly model: StepsModel }) {
  const { say } = frame;
  return (
    <section class="card">
      <h2>{say('setup.next')}</h2>
      <ul class="plain-list">
        <li>
          <a href="/admin?kind=test">{say('setup.next.overview')}</a>
        </li>
        {model.project && (
          <li>
            <a href={`/admin/projects/${model.project.id}`}>{say('setup.next.project')}</a>
          </li>
        )}
        <li>
          <a href="/admin/callbacks">{say('setup.next.callbacks')}</a>
        </li>
        <li>
          <a href="/admin/people">{say('setup.next.people')}</a>
        </li>
      </ul>
    </section>
  );
}
