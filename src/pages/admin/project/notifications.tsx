import { ADDRESS_NAMES } from '../../../core/settings.ts';
import { cleanText } from '../../safe.ts';
import type { Frame, Problem } from '../frame.ts';
import { ActionButton, ActionForm, Ask, CheckField, CopyField, FormProblem, TextField } from '../parts/form.tsx';
import { Moment } from '../parts/moment.tsx';
import { Dot } from '../parts/status.tsx';
import { sayOf } from '../texts.ts';
import { ProjectFrame, type ProjectPageModel, SectionHead } from './frame.tsx';

/** The notification secret, shown because somebody asked for it. */
export interface SecretOnce {
  readonly secret: string;
  readonly isNew: boolean;
}

/** What came of a test notification. */
export interface TestSent {
  readonly isTaken: boolean;
  readonly told: string;
}

export interface NotificationsModel extends ProjectPageModel {
  /** By their names; empty: not set. */
  readonly urls: Readonly<Record<string, string>>;
  readonly events: readonly { readonly name: string; readonly isWanted: boolean }[];
  /** Until when the former secret signs along; null: it does not. */
  readonly previousUntil: number | null;
  readonly problem: Problem | null;
  readonly once: SecretOnce | null;
  readonly sent: TestSent | null;
}

export function NotificationsPage(model: NotificationsModel) {
  return (
    <ProjectFrame model={model}>
      <Secret model={model} />
      <Addresses model={model} />
      <Events model={model} />
    </ProjectFrame>
  );
}

const baseOf = ({ project }: ProjectPageModel): string => `/admin/projects/${project.id}/notifications`;

function Addresses({ model }: { readonly model: NotificationsModel }) {
  const { frame, urls, problem, isOwner, sent } = model;
  const { say } = frame;
  return (
    <section class="card">
      <SectionHead title={say('notify.urls')} about={say('notify.urls.about')} />
      {isOwner ? (
        <ActionForm frame={frame} name="set-addresses" action={`${baseOf(model)}/addresses`}>
          <FormProblem problem={problem} />
          {ADDRESS_NAMES.map((name) => (
            <TextField
              key={name}
              name={name}
              label={say(`notify.${name}`)}
              help={say(`notify.${name}.help`)}
              value={urls[name] ?? ''}
              type="url"
              placeholder="https://"
              problem={problem}
              autocomplete="off"
            />
          ))}
          <div class="actions">
            <button type="submit" class="button">
              {say('project.save')}
            </button>
          </div>
        </ActionForm>
      ) : (
        <dl class="facts">
          {ADDRESS_NAMES.map((name) => (
            <>
              <dt>{say(`notify.${name}`)}</dt>
              <dd>
                <bdi>{urls[name] ? cleanText(urls[name]) : say('frame.none')}</bdi>
              </dd>
            </>
          ))}
        </dl>
      )}
      {isOwner && (urls.payok_url ?? '') !== '' && (
        <div class="after-form">
          <ActionButton
            frame={frame}
            name="send-test-notification"
            action={`${baseOf(model)}/test`}
            label={say('notify.test')}
            class="button quiet"
          />
          <p class="help">{say('notify.test.help')}</p>
        </div>
      )}
      {sent && (
        <div class="verdict" role="status" data-taken={String(sent.isTaken)}>
          <p>
            <Dot tone={sent.isTaken ? 'good' : 'bad'}>{say(sent.isTaken ? 'notify.taken' : 'notify.refused')}</Dot>
          </p>
          <p class="quiet-text" lang="en">
            {cleanText(sent.told)}
          </p>
        </div>
      )}
    </section>
  );
}

function Events({ model }: { readonly model: NotificationsModel }) {
  const { frame, events, isOwner } = model;
  const { say } = frame;
  return (
    <section class="card">
      <SectionHead title={say('notify.events')} about={say('notify.events.about')} />
      {isOwner ? (
        <ActionForm frame={frame} name="set-events" action={`${baseOf(model)}/events`}>
          <fieldset>
            <legend class="unseen">{say('notify.events')}</legend>
            {events.map(({ name, isWanted }) => (
              <CheckField
                key={name}
                name="event"
                value={name}
                checked={isWanted}
                label={sayOf(say, 'notify.event', name)}
              />
            ))}
          </fieldset>
          <div class="actions">
            <button type="submit" class="button">
              {say('project.save')}
            </button>
          </div>
        </ActionForm>
      ) : (
        <ul class="items">
          {events
            .filter(({ isWanted }) => isWanted)
            .map(({ name }) => (
              <li key={name} class="item">
                {sayOf(say, 'notify.event', name)}
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}

function Secret({ model }: { readonly model: NotificationsModel }) {
  const { frame, once, previousUntil, isOwner, project } = model;
  const { say } = frame;
  if (!isOwner) return null;
  return (
    <section class={once ? 'card once' : 'card'}>
      <SectionHead title={say('notify.secret')} about={say('notify.secret.about')} />
      {once && <SecretField say={say} once={once} />}
      {previousUntil !== null && (
        <p>
          {say('notify.former')} <Moment frame={frame} at={previousUntil} />
        </p>
      )}
      <div class="actions">
        {!once && (
          <Ask
            frame={frame}
            name="show-secret"
            action={`${baseOf(model)}/secret`}
            label={say('notify.show')}
            question={say('notify.show.ask')}
            answer={say('notify.show')}
          />
        )}
        <Ask
          frame={frame}
          name="rotate-secret"
          action={`${baseOf(model)}/rotate`}
          label={say('notify.rotate')}
          question={say('notify.rotate.ask', { project: cleanText(project.name) })}
          answer={say('notify.rotate')}
        />
      </div>
    </section>
  );
}

function SecretField({ say, once }: { readonly say: Frame['say']; readonly once: SecretOnce }) {
  return (
    <div data-once>
      <CopyField say={say} id="notification-secret" label={say('notify.secret')} value={once.secret} />
      <p class="help">{say(once.isNew ? 'notify.secret.new' : 'notify.secret.shown')}</p>
    </div>
  );
}
