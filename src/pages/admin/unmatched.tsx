import { cleanLines, cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { Filters } from './parts/filters.tsx';
import { Moment } from './parts/moment.tsx';
import { Pager } from './parts/pager.tsx';
import { type Column, Empty, Table } from './parts/table.tsx';
import { When } from './parts/when.tsx';
import { sayOf } from './texts.ts';

export interface UnmatchedRow {
  readonly id: number;
  readonly gateway: string;
  readonly gatewayName: string;
  readonly address: string;
  /** What the gateway was told. */
  readonly reason: string;
  /** What it means: there is a sentence for each. */
  readonly kind: string;
  readonly paymentNo: string | null;
  readonly receivedAt: number;
}

export interface UnmatchedModel {
  readonly rows: readonly UnmatchedRow[];
  readonly nextCursor: string | null;
  readonly gateway: string;
  readonly gateways: readonly { readonly id: string; readonly name: string }[];
}

const PATH = '/admin/unmatched';

/** Callbacks that belong to nobody or prove nothing, and why each was refused. */
export function UnmatchedPage({ frame, model }: { readonly frame: Frame; readonly model: UnmatchedModel }) {
  const { say } = frame;
  const { rows, gateway, gateways, nextCursor } = model;
  const options = gateways.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <div class="block">
        <h1>{say('page.unmatched')}</h1>
        <p class="quiet-text">{say('unmatched.intro')}</p>
        <p class="quiet-text">{say('unmatched.elsewhere')}</p>
      </div>
      <Filters
        frame={frame}
        action={PATH}
        fields={[{ type: 'choice', name: 'gateway', label: say('unmatched.gateway'), options, value: gateway }]}
      />
      {rows.length > 0 && (
        <Table
          label={say('unmatched.table')}
          columns={columnsOf(frame)}
          rows={rows}
          keyOf={({ id }) => id}
          hrefOf={({ id }) => `${PATH}/${id}`}
          dataOf={({ gateway: of, kind }) => ({ 'data-gateway': of, 'data-refusal': kind })}
        />
      )}
      {rows.length === 0 && gateway !== '' && <Empty message={say('unmatched.none')} />}
      {rows.length === 0 && gateway === '' && (
        <Empty message={say('unmatched.empty')}>
          <a class="button quiet" href="/admin/callbacks">
            {say('unmatched.empty.go')}
          </a>
        </Empty>
      )}
      <Pager frame={frame} next={nextCursor} />
    </>
  );
}

function columnsOf(frame: Frame): readonly Column<UnmatchedRow>[] {
  const { say } = frame;
  return [
    {
      name: 'why',
      label: say('unmatched.why'),
      cell: ({ kind }) => sayOf(say, 'unmatched.kind', kind),
      phone: 'first',
    },
    { name: 'gateway', label: say('unmatched.gateway'), cell: ({ gatewayName }) => gatewayName, phone: 'second' },
    {
      name: 'names',
      label: say('unmatched.names'),
      cell: ({ paymentNo }) => paymentNo ?? say('frame.none'),
      isWide: true,
    },
    { name: 'address', label: say('unmatched.address'), cell: ({ address }) => cleanText(address), isLong: true },
    {
      name: 'time',
      label: say('unmatched.time'),
      cell: ({ receivedAt }) => <When frame={frame} at={receivedAt} />,
      isNumber: true,
      phone: 'second-end',
    },
  ];
}

export interface UnmatchedOneModel extends UnmatchedRow {
  readonly contentType: string;
  readonly size: number;
  /** The beginning, secrets hidden. */
  readonly body: string;
  readonly isCut: boolean;
}

/** One of them, with what to do about it. */
export function UnmatchedOnePage({ frame, model }: { readonly frame: Frame; readonly model: UnmatchedOneModel }) {
  const { say } = frame;
  const { kind, gatewayName } = model;
  return (
    <>
      <p>
        <a href={PATH}>{say('unmatched.back')}</a>
      </p>
      <h1>{sayOf(say, 'unmatched.kind', kind)}</h1>
      <section>
        <h2>{say('unmatched.todo')}</h2>
        <p>{sayTodo(say, kind, gatewayName)}</p>
      </section>
      <Facts frame={frame} model={model} />
      <section>
        <h2>{say('unmatched.body')}</h2>
        {model.body === '' ? (
          <p class="quiet-text">{say('unmatched.body.none')}</p>
        ) : (
          <pre class="said">{cleanLines(model.body)}</pre>
        )}
        {model.isCut && <p class="quiet-text">{say('unmatched.body.cut')}</p>}
      </section>
    </>
  );
}

function sayTodo(say: Frame['say'], kind: string, gateway: string): string {
  return say(`unmatched.do.${kind}` as Parameters<Frame['say']>[0], { gateway });
}

function Facts({ frame, model }: { readonly frame: Frame; readonly model: UnmatchedOneModel }) {
  const { say } = frame;
  return (
    <section class="card">
      <dl class="facts">
        <dt>{say('unmatched.gateway')}</dt>
        <dd>{model.gatewayName}</dd>
        <dt>{say('unmatched.time')}</dt>
        <dd>
          <Moment frame={frame} at={model.receivedAt} />
        </dd>
        <dt>{say('unmatched.address')}</dt>
        <dd>{cleanText(model.address)}</dd>
        <dt>{say('unmatched.told')}</dt>
        <dd>{cleanText(model.reason)}</dd>
        {model.paymentNo !== null && (
          <>
            <dt>{say('unmatched.about')}</dt>
            <dd>
              <a href={`/admin/payments/${model.paymentNo}`}>{model.paymentNo}</a>
              <br />
              <span class="quiet-text">{say('unmatched.unproved')}</span>
            </dd>
          </>
        )}
        <dt>{say('unmatched.type')}</dt>
        <dd>{cleanText(model.contentType) || say('frame.none')}</dd>
        <dt>{say('unmatched.size')}</dt>
        <dd>{say('unmatched.bytes', { size: model.size })}</dd>
      </dl>
    </section>
  );
}
