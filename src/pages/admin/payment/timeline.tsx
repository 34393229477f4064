import { hasRight } from '../../../core/person.ts';
import type { ShownBody } from '../../../gateways/callback-body.ts';
import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { Moment } from '../parts/moment.tsx';
import type { PaymentModel, ShownCallback, ShownEntry } from './model.ts';
import { tellEntry } from './tell.ts';
import { sayActor } from './words.ts';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
}

/** What happened, in the order of happening, and by whom. */
export function Timeline({ frame, model }: Props) {
  const { say } = frame;
  const { entries, earlier, isLatest } = model.timeline;
  const path = `/admin/payments/${model.payment.paymentNo}`;
  return (
    <section class="card" id="timeline">
      <h2>{say('payment.timeline')}</h2>
      {earlier !== null && (
        <p>
          <a href={`${path}?before=${earlier}#timeline`}>{say('payment.timeline.earlier')}</a>
        </p>
      )}
      {entries.length === 0 && <p class="quiet-text">{say('payment.timeline.empty')}</p>}
      <ol class="timeline">
        {entries.map((entry) => (
          <Entry key={entry.id} frame={frame} model={model} entry={entry} />
        ))}
      </ol>
      {!isLatest && (
        <p>
          <a href={`${path}#timeline`}>{say('payment.timeline.latest')}</a>
        </p>
      )}
    </section>
  );
}

function Entry({ frame, model, entry }: Props & { readonly entry: ShownEntry }) {
  const { say } = frame;
  return (
    <li data-event={entry.type}>
      <p>
        <bdi>{tellEntry(say, model, entry)}</bdi>
      </p>
      <p class="row-foot">
        <span>
          <bdi data-by={entry.by.type}>
            {sayActor(say, { ...entry.by, name: entry.by.type === 'gateway' ? entry.gatewayName : entry.by.name })}
          </bdi>
          {entry.gatewayOrderNo !== null && ` · ${entry.gatewayOrderNo}`}
        </span>
        <Moment frame={frame} at={entry.at} />
      </p>
      {entry.callback && <Raw frame={frame} model={model} id={entry.id} callback={entry.callback} />}
    </li>
  );
}

function Raw({ frame, model, id, callback }: Props & { readonly id: number; readonly callback: ShownCallback }) {
  const { say, person } = frame;
  const { contentType, size, seen, body, opened } = callback;
  const mayHave = person !== null && hasRight(person, 'owner');
  return (
    <details class="raw" data-callback={id}>
      <summary>{say('payment.raw')}</summary>
      <p class="quiet-text">
        <bdi>{say('payment.raw.about', { type: cleanText(contentType) || '—', size })}</bdi>
        {seen > 1 && ` · ${say('payment.raw.seen', { count: seen })}`}
      </p>
      {opened && (
        <>
          <h3>{say('payment.raw.opened')}</h3>
          <Body say={say} body={opened} />
          <h3>{say('payment.raw.sealed')}</h3>
        </>
      )}
      {body === null ? <p class="quiet-text">{say('payment.raw.long')}</p> : <Body say={say} body={body} />}
      <p class="quiet-text">{say('payment.raw.masked')}</p>
      {mayHave && (
        <p>
          <a href={`/admin/payments/${model.payment.paymentNo}/callbacks/${id}`} download>
            {say('payment.raw.download')}
          </a>
        </p>
      )}
    </details>
  );
}

function Body({ say, body }: { readonly say: Frame['say']; readonly body: ShownBody }) {
  return (
    <>
      {body.type === 'text' ? (
        <pre class="wrap">{body.text}</pre>
      ) : (
        <dl class="facts fields">
          {body.fields.map(({ name, value }, at) => (
            // A form may carry a name more than once.
            <FieldRow key={`${at} ${name}`} name={name} value={value} />
          ))}
        </dl>
      )}
      {body.isCut && <p class="quiet-text">{say('payment.raw.cut')}</p>}
    </>
  );
}

function FieldRow({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}
