import type { KeyKind } from '../../../core/payment.ts';
import type { ApiKey } from '../../../store/queries/keys.ts';
import { cleanText } from '../../safe.ts';
import type { Frame, Problem } from '../frame.ts';
import { ActionButton, ActionForm, Ask, CopyField, FormProblem, TextField } from '../parts/form.tsx';
import { Moment } from '../parts/moment.tsx';
import { Dot } from '../parts/status.tsx';
import { ProjectFrame, type ProjectPageModel, SectionHead } from './frame.tsx';

/** A key that was made just now: it is never shown again. */
export interface KeyOnce {
  readonly key: string;
  readonly kind: KeyKind;
  /** A line that works as it stands. */
  readonly curl: string;
}

export interface KeysModel extends ProjectPageModel {
  readonly keys: readonly ApiKey[];
  readonly problem: Problem | null;
  readonly once: KeyOnce | null;
}

export function KeysPage(model: KeysModel) {
  const { frame, project, keys, once, isOwner, problem } = model;
  const { say } = frame;
  return (
    <ProjectFrame model={model}>
      {once && <Once say={say} once={once} />}
      <section class="card">
        <div class="head-row">
          <SectionHead title={say('keys.title')} about={say('keys.about')} />
          {isOwner && (
            <div class="actions">
              {(['test', 'live'] as const).map((kind) => (
                <ActionButton
                  key={kind}
                  frame={frame}
                  name="create-key"
                  action={`/admin/projects/${project.id}/keys`}
                  label={say(`keys.create.${kind}`)}
                  fields={{ kind }}
                  class={kind === 'test' ? 'button' : 'button quiet'}
                />
              ))}
            </div>
          )}
        </div>
        {keys.length === 0 ? (
          <p class="quiet-text">{say('keys.empty')}</p>
        ) : (
          <ul class="items">
            {keys.map((key) => (
              <KeyItem key={key.id} model={model} item={key} />
            ))}
          </ul>
        )}
      </section>
      {isOwner && <Rename frame={frame} project={project} problem={problem} />}
    </ProjectFrame>
  );
}

function KeyItem({ model, item }: { readonly model: KeysModel; readonly item: ApiKey }) {
  const { frame, project, isOwner } = model;
  const { say } = frame;
  const isRevoked = item.revokedAt !== null;
  return (
    <li class={isRevoked ? 'item over' : 'item'} data-key-id={item.id}>
      <div class="item-line">
        <code>{item.hint}…</code>
        <span class={item.kind === 'test' ? 'tag warn' : 'tag'}>{say(`frame.${item.kind}`)}</span>
        <span class="quiet-text">
          {say('keys.since')} <Moment frame={frame} at={item.createdAt} />
        </span>
      </div>
      {item.revokedAt !== null ? (
        <span class="quiet-text">
          <Dot tone="quiet">{say('keys.over')}</Dot> <Moment frame={frame} at={item.revokedAt} />
        </span>
      ) : (
        isOwner && (
          <Ask
            frame={frame}
            name="revoke-key"
            action={`/admin/projects/${project.id}/keys/${item.id}/revoke`}
            label={say('keys.revoke')}
            question={say('keys.ask', { key: `${item.hint}…`, project: cleanText(project.name) })}
            answer={say('keys.revoke')}
          />
        )
      )}
    </li>
  );
}

function Once({ say, once }: { readonly say: Frame['say']; readonly once: KeyOnce }) {
  return (
    <section class="card once" data-once>
      <SectionHead title={say(`keys.made.${once.kind}`)} about={say('keys.once')} />
      <CopyField say={say} id="new-key" label={say('keys.key')} value={once.key} />
      <CopyField say={say} id="new-curl" label={say('keys.curl')} value={once.curl} />
    </section>
  );
}

function Rename(props: {
  readonly frame: Frame;
  readonly project: { readonly id: number; readonly name: string };
  readonly problem: Problem | null;
}) {
  const { frame, project, problem } = props;
  const { say } = frame;
  return (
    <section class="card">
      <SectionHead title={say('project.rename')} about={say('project.rename.about')} />
      <ActionForm frame={frame} name="rename-project" action={`/admin/projects/${project.id}/rename`}>
        <FormProblem problem={problem} />
        <TextField
          name="name"
          label={say('projects.name')}
          value={project.name}
          problem={problem}
          required
          maxLength={100}
          autocomplete="off"
        />
        <div class="actions">
          <button type="submit" class="button">
            {say('project.save')}
          </button>
        </div>
      </ActionForm>
    </section>
  );
}
