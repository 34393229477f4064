import type { AmountUnit } from '../../../core/payment.ts';
import type { Frame, Problem } from '../frame.ts';
import { ActionButton, ActionForm, CsrfField, FormProblem } from '../parts/form.tsx';
import { sayMethod } from '../parts/way.ts';
import { ProjectFrame, type ProjectPageModel, SectionHead } from './frame.tsx';

/** One way to pay, as payers of this project meet it. */
export interface MethodPart {
  /** `gateway/path` */
  readonly name: string;
  readonly gatewayName: string;
  readonly method: string;
  readonly unit: AmountUnit;
  readonly isOffered: boolean;
  /** For what is in view: live or test. Without them it is offered to nobody. */
  readonly hasCredentials: boolean;
  readonly limits: { readonly min: number; readonly max: number };
  readonly isOwnLimit: boolean;
}

export interface MethodsModel extends ProjectPageModel {
  /** Those that are offered, in their order, and then the others. */
  readonly methods: readonly MethodPart[];
  /** What was sent for one of them and not taken. */
  readonly wrong: { readonly method: string; readonly problem: Problem } | null;
}

export function MethodsPage(model: MethodsModel) {
  const { frame, project, methods, isOwner } = model;
  const { say } = frame;
  const offered = methods.filter((one) => one.isOffered);
  const others = methods.filter((one) => !one.isOffered);
  return (
    <ProjectFrame model={model}>
      <section class="card">
        <SectionHead title={say('methods.title')} about={say(isOwner ? 'methods.about' : 'methods.look')} />
        <ol
          class="items methods"
          data-order={isOwner ? `/admin/projects/${project.id}/methods/order` : undefined}
          data-moved={say('methods.moved')}
          data-failed={say('methods.failed')}
        >
          {offered.map((part, at) => (
            <MethodItem key={part.name} model={model} part={part} at={at} count={offered.length} />
          ))}
        </ol>
        {isOwner && (
          <form data-order-form hidden>
            <CsrfField frame={frame} />
          </form>
        )}
        <p class="unseen" role="status" aria-live="polite" data-order-said />
      </section>
      {others.length > 0 && (
        <section class="card">
          <SectionHead title={say('methods.off')} about={say('methods.off.about')} />
          <ul class="items methods">
            {others.map((part) => (
              <MethodItem key={part.name} model={model} part={part} at={-1} count={0} />
            ))}
          </ul>
        </section>
      )}
    </ProjectFrame>
  );
}

interface ItemProps {
  readonly model: MethodsModel;
  readonly part: MethodPart;
  /** Place among those that are offered; -1: it is not. */
  readonly at: number;
  readonly count: number;
}

function nameOf(say: Frame['say'], { method, gatewayName }: MethodPart): string {
  return `${sayMethod(say, method)} · ${gatewayName}`;
}

function MethodItem({ model, part, at, count }: ItemProps) {
  const { frame, project, isOwner, wrong } = model;
  const { say } = frame;
  const base = `/admin/projects/${project.id}/methods`;
  const title = nameOf(say, part);
  const problem = wrong?.method === part.name ? wrong.problem : null;
  return (
    <li class="item method" data-method={part.name} data-title={title}>
      {isOwner && part.isOffered && (
        <button type="button" class="grip" aria-label={say('methods.grip', { method: title })} hidden>
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M7 5v.01M13 5v.01M7 10v.01M13 10v.01M7 15v.01M13 15v.01" />
          </svg>
        </button>
      )}
      <div class="item-line">
        <span class="item-name">{title}</span>
        <code class="quiet-text">{part.name}</code>
        {part.isOffered && !part.hasCredentials && <span class="tag warn">{say('methods.bare')}</span>}
      </div>
      {isOwner ? (
        <div class="actions">
          {part.isOffered && (
            <>
              <Move frame={frame} base={base} part={part} title={title} to="up" isIdle={at === 0} />
              <Move frame={frame} base={base} part={part} title={title} to="down" isIdle={at === count - 1} />
            </>
          )}
          <ActionButton
            frame={frame}
            name="offer-method"
            action={`${base}/offer`}
            label={say(part.isOffered ? 'methods.hide' : 'methods.offer')}
            fields={part.isOffered ? { method: part.name } : { method: part.name, offered: 'on' }}
            class="button quiet small"
          />
        </div>
      ) : null}
      <Limits frame={frame} base={base} part={part} isOwner={isOwner} problem={problem} />
    </li>
  );
}

function Move(props: {
  readonly frame: Frame;
  readonly base: string;
  readonly part: MethodPart;
  readonly title: string;
  readonly to: 'up' | 'down';
  /** At the end of the list: stays where it is, so that the buttons keep their places. */
  readonly isIdle: boolean;
}) {
  const { frame, base, part, title, to, isIdle } = props;
  return (
    <ActionForm frame={frame} name="move-method" action={`${base}/move`} class="inline">
      <input type="hidden" name="method" value={part.name} />
      <input type="hidden" name="to" value={to} />
      <button
        type="submit"
        class="button quiet small step"
        disabled={isIdle}
        aria-label={frame.say(`methods.${to}`, { method: title })}
        data-step={to}
      >
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <path d={to === 'up' ? 'M5 12l5-5 5 5' : 'M5 8l5 5 5-5'} />
        </svg>
      </button>
    </ActionForm>
  );
}

function Limits(props: {
  readonly frame: Frame;
  readonly base: string;
  readonly part: MethodPart;
  readonly isOwner: boolean;
  readonly problem: Problem | null;
}) {
  const { frame, base, part, isOwner, problem } = props;
  const { say } = frame;
  const { min, max } = part.limits;
  const key = part.isOwnLimit ? 'methods.limit.own' : max < NO_LIMIT ? 'methods.limit' : 'methods.limit.none';
  const told = say(key, { min: group(min), max: group(max) });
  if (!isOwner) return <p class="quiet-text limit-told">{told}</p>;
  const id = part.name.replace('/', '-');
  return (
    <details class="limit" open={problem !== null}>
      <summary class="quiet-text">{told}</summary>
      <ActionForm frame={frame} name="set-limit" action={`${base}/limit`} class="limit-form">
        <FormProblem problem={problem} />
        <input type="hidden" name="method" value={part.name} />
        <LimitField say={say} id={id} name="min" value={min} problem={problem} />
        <LimitField say={say} id={id} name="max" value={max} problem={problem} />
        <div class="actions">
          <button type="submit" class="button quiet small">
            {say('project.save')}
          </button>
          {part.isOwnLimit && (
            <button type="submit" class="button quiet small" name="usual" value="on">
              {say('methods.limit.usual')}
            </button>
          )}
        </div>
        <p class="help">{say(part.unit === 'minor' ? 'methods.limit.minor' : 'methods.limit.help')}</p>
      </ActionForm>
    </details>
  );
}

function LimitField(props: {
  readonly say: Frame['say'];
  readonly id: string;
  readonly name: 'min' | 'max';
  readonly value: number;
  readonly problem: Problem | null;
}) {
  const { say, id, name, value, problem } = props;
  const wrong = problem?.fields[name];
  return (
    <div class="field">
      <label for={`${id}-${name}`}>{say(`methods.limit.${name}`)}</label>
      <input
        id={`${id}-${name}`}
        name={name}
        type="text"
        inputMode="numeric"
        value={problem?.given[name] ?? (value < NO_LIMIT ? value : '')}
        maxLength={12}
        autocomplete="off"
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby={wrong ? `${id}-${name}-wrong` : undefined}
      />
      {wrong && (
        <p class="wrong" id={`${id}-${name}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

/** Drivers whose gateway sets no amount say one that no shop asks for. */
const NO_LIMIT = 99_999_999;

function group(amount: number): string {
  const [whole = '', fraction] = String(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
