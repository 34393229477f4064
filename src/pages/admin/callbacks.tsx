import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { CopyField } from './parts/form.tsx';
import { Moment } from './parts/moment.tsx';
import { Dot } from './parts/status.tsx';
import { sayOf } from './texts.ts';

export interface CallsModel {
  readonly acceptedAt: number | null;
  readonly refused: { readonly at: number; readonly reason: string; readonly kind: string } | null;
}

export interface CallbackModel {
  readonly gateway: { readonly id: string; readonly name: string };
  readonly url: string;
  readonly setup: {
    readonly names: readonly string[];
    readonly entered: {
      readonly where: string;
      readonly url: string;
      readonly events: readonly string[];
      readonly credential: string;
    } | null;
  };
  /** Whether the project in view has what callbacks are proved with; null: nobody can say. */
  readonly isProvable: boolean | null;
  readonly calls: CallsModel;
  readonly strays: CallsModel;
}

export interface CallbacksModel {
  readonly publicUrl: string;
  /** Why no gateway can call; null: nothing that could be told from the address. */
  readonly flaw: 'local' | 'http' | 'port' | null;
  readonly callbacks: readonly CallbackModel[];
}

/** What to paste at each gateway, and when each called last. */
export function CallbacksPage({ frame, model }: { readonly frame: Frame; readonly model: CallbacksModel }) {
  const { say } = frame;
  const { flaw, publicUrl, callbacks } = model;
  return (
    <>
      <div class="block">
        <h1>{say('page.callbacks')}</h1>
        <p class="quiet-text">{say('callbacks.intro')}</p>
      </div>
      {flaw !== null && (
        <p class="flaw" role="alert" data-flaw={flaw}>
          {say(`callbacks.flaw.${flaw}`, { url: publicUrl })}
        </p>
      )}
      {callbacks.map((one) => (
        <GatewayCard key={one.gateway.id} frame={frame} one={one} />
      ))}
      <p class="quiet-text">{say('callbacks.coarse')}</p>
    </>
  );
}

function GatewayCard({ frame, one }: { readonly frame: Frame; readonly one: CallbackModel }) {
  const { say } = frame;
  const { gateway, url, setup, calls } = one;
  return (
    <section class="card callback" data-gateway={gateway.id}>
      <h2>{gateway.name}</h2>
      <CopyField say={say} id={`callback-${gateway.id}`} label={setup.names.join(' · ')} value={url} />
      {setup.entered ? <Entered frame={frame} one={one} /> : <p class="quiet-text">{say('callbacks.sent')}</p>}
      <dl class="facts">
        <dt>{say('callbacks.accepted')}</dt>
        <dd data-last="accepted">
          {calls.acceptedAt === null ? say('callbacks.never') : <Moment frame={frame} at={calls.acceptedAt} />}
        </dd>
        {calls.refused && <Refused frame={frame} label={say('callbacks.refused')} name="refused" calls={calls} />}
        {one.strays.refused && (
          <Refused
            frame={frame}
            label={say('callbacks.strays')}
            name="stray"
            calls={one.strays}
            href={`/admin/unmatched?gateway=${encodeURIComponent(gateway.id)}`}
          />
        )}
      </dl>
    </section>
  );
}

function Refused(props: {
  readonly frame: Frame;
  readonly label: string;
  readonly name: string;
  readonly calls: CallsModel;
  readonly href?: string;
}) {
  const { frame, label, name, href, calls } = props;
  const { refused, acceptedAt } = calls;
  if (!refused) return null;
  const { say } = frame;
  // One that was followed by good ones is history.
  const isOver = refused.at < (acceptedAt ?? 0);
  const why = sayOf(say, 'unmatched.kind', refused.kind);
  return (
    <>
      <dt>{label}</dt>
      <dd data-last={name}>
        <span class="when">
          <Moment frame={frame} at={refused.at} />
          <Dot tone={isOver ? 'quiet' : 'bad'}>{why}</Dot>
        </span>
        <span class="when quiet-text">
          {cleanText(refused.reason)}
          {href !== undefined && <a href={href}>{say('callbacks.look')}</a>}
        </span>
      </dd>
    </>
  );
}

function Entered({ frame, one }: { readonly frame: Frame; readonly one: CallbackModel }) {
  const { say, view } = frame;
  const { gateway, setup, isProvable } = one;
  if (!setup.entered) return null;
  const { where, url, events, credential } = setup.entered;
  const names = { field: credential, gateway: gateway.name };
  return (
    <>
      <p>
        {say('callbacks.enter', names)}{' '}
        <a href={url} rel="noreferrer">
          {where}
        </a>
      </p>
      <details>
        <summary>
          {say('callbacks.events')} · {say('callbacks.events.count', { count: events.length })}
        </summary>
        <ul class="events">
          {events.map((event) => (
            <li key={event}>
              <code>{event}</code>
            </li>
          ))}
        </ul>
      </details>
      <p>
        {say('callbacks.credential', names)}{' '}
        {isProvable !== null && (
          <Dot tone={isProvable ? 'good' : 'warn'}>
            {say(isProvable ? 'callbacks.stored' : 'callbacks.missing', names)}
          </Dot>
        )}{' '}
        {view.projectId !== null && isProvable !== true && (
          <a href={`/admin/projects/${view.projectId}/credentials`}>{say('callbacks.go')}</a>
        )}
      </p>
    </>
  );
}
