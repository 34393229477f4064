import { cleanLines, cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { DeliveryDot, type DeliveryFacts, sayAnswer, sayEvent, sayReason } from './parts/delivery.tsx';
import { ActionButton } from './parts/form.tsx';
import { Moment } from './parts/moment.tsx';
import { Dot } from './parts/status.tsx';

export interface DeliveryModel extends DeliveryFacts {
  readonly webhookId: string;
  readonly paymentNo: string;
  readonly merchantOrderNo: string;
  readonly project: string;
  readonly event: string;
  readonly url: string;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly lastAnswer: string | null;
  /** JSON as it is sent. */
  readonly body: string;
  /** PayCore's own, for its User-Agent. */
  readonly version: string;
  /** The last one first. */
  readonly history: readonly DeliveryTryModel[];
}

export interface DeliveryTryModel {
  readonly at: number;
  readonly isDelivered: boolean;
  /** Which try it was, from 1; null: not known. */
  readonly number: number | null;
  readonly status: number | null;
  readonly reason: string | null;
}

/** One notification: what is sent, where, and how it went. */
export function DeliveryPage({ frame, model }: { readonly frame: Frame; readonly model: DeliveryModel }) {
  const { say } = frame;
  return (
    <>
      <p>
        <a href="/admin/deliveries">{say('deliveries.back')}</a>
      </p>
      <div class="head-row">
        <h1>{say('deliveries.title', { event: sayEvent(say, model.event) })}</h1>
        <ActionButton
          frame={frame}
          name="resend"
          action={`/admin/deliveries/${model.webhookId}/resend`}
          label={say('deliveries.resend')}
        />
      </div>
      <Facts frame={frame} model={model} />
      <section>
        <h2>{say('deliveries.answer')}</h2>
        <p>{sayAnswer(say, model)}</p>
        {model.lastAnswer !== null && <pre class="said">{cleanLines(model.lastAnswer)}</pre>}
        {model.lastAnswer === null && model.lastStatus !== null && (
          <p class="quiet-text">{say('deliveries.answer.none')}</p>
        )}
      </section>
      <History frame={frame} model={model} />
      <section>
        <h2>{say('deliveries.body')}</h2>
        <pre class="said">{indent(model.body)}</pre>
      </section>
      <section>
        <h2>{say('deliveries.headers')}</h2>
        <dl class="facts said">
          <dt>content-type</dt>
          <dd>application/json</dd>
          <dt>user-agent</dt>
          <dd>PayCore/{model.version}</dd>
          <dt>webhook-id</dt>
          <dd>{model.webhookId}</dd>
          <dt>webhook-timestamp</dt>
          <dd>{say('deliveries.stamped')}</dd>
          <dt>webhook-signature</dt>
          <dd>v1,… ({say('deliveries.signed')})</dd>
        </dl>
      </section>
    </>
  );
}

function Facts({ frame, model }: { readonly frame: Frame; readonly model: DeliveryModel }) {
  const { say } = frame;
  return (
    <section class="card">
      <dl class="facts">
        <dt>{say('deliveries.state')}</dt>
        <dd>
          <DeliveryDot say={say} one={model} />
        </dd>
        {model.lastError !== null && (
          <>
            <dt>{say('deliveries.error')}</dt>
            <dd>{sayReason(say, model.lastError)}</dd>
          </>
        )}
        {model.state === 'waiting' && (
          <>
            <dt>{say('deliveries.next')}</dt>
            <dd>
              <Moment frame={frame} at={model.dueAt} />
            </dd>
          </>
        )}
        <dt>{say('deliveries.order')}</dt>
        <dd>
          <bdi>{cleanText(model.merchantOrderNo)}</bdi>
        </dd>
        <dt>{say('deliveries.payment')}</dt>
        <dd>
          <a href={`/admin/payments/${model.paymentNo}`}>{model.paymentNo}</a>
        </dd>
        <dt>{say('deliveries.project')}</dt>
        <dd>
          <bdi>{cleanText(model.project)}</bdi>
        </dd>
        <dt>{say('deliveries.url')}</dt>
        <dd>{cleanText(model.url)}</dd>
        <dt>{say('deliveries.created')}</dt>
        <dd>
          <Moment frame={frame} at={model.createdAt} />
        </dd>
        <dt>{say('deliveries.tries')}</dt>
        <dd>{model.tries}</dd>
      </dl>
    </section>
  );
}

function History({ frame, model }: { readonly frame: Frame; readonly model: DeliveryModel }) {
  const { say } = frame;
  const { history } = model;
  return (
    <section>
      <h2>{say('deliveries.history')}</h2>
      {history.length === 0 && <p class="quiet-text">{say('deliveries.history.none')}</p>}
      {history.length > 0 && (
        <ol class="tries">
          {history.map((one, at) => (
            <li key={at}>
              <Moment frame={frame} at={one.at} />
              <Dot tone={one.isDelivered ? 'good' : 'bad'}>
                {one.number === null ? say('frame.none') : say('deliveries.try', { n: one.number })}
              </Dot>
              <span>{sayTry(say, one)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function sayTry(say: Frame['say'], { status, reason, isDelivered }: DeliveryTryModel): string {
  const said = status === null ? say('deliveries.silent') : say('deliveries.status', { status });
  return isDelivered || reason === null ? said : sayReason(say, reason);
}

/** The same with a line for each member, which nobody has to read across. */
function indent(body: string): string {
  try {
    return cleanLines(JSON.stringify(JSON.parse(body), null, 2));
  } catch {
    return cleanLines(body);
  }
}
