import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { DeliveryDot, type DeliveryFacts, sayAnswer, sayEvent } from './parts/delivery.tsx';
import { type FilterField, Filters } from './parts/filters.tsx';
import { Ask } from './parts/form.tsx';
import { Pager } from './parts/pager.tsx';
import { type Column, Empty, Table } from './parts/table.tsx';
import { When } from './parts/when.tsx';
import { sayOf } from './texts.ts';

export interface DeliveryRow extends DeliveryFacts {
  readonly webhookId: string;
  readonly paymentNo: string;
  readonly merchantOrderNo: string;
  readonly event: string;
  readonly createdAt: number;
  readonly dueAt: number;
}

export interface DeliveriesModel {
  readonly rows: readonly DeliveryRow[];
  readonly nextCursor: string | null;
  readonly filter: { readonly state: string | null; readonly event: string | null; readonly days: number | null };
  readonly states: readonly string[];
  readonly events: readonly string[];
  /** By field, what is wrong with what was asked. */
  readonly wrong: Readonly<Record<string, string>>;
  /** Those in view that were given up; null: there are none. */
  readonly dead: {
    readonly count: number;
    /** Most that are sent again by one press. */
    readonly most: number;
    readonly since: number;
  } | null;
}

const PATH = '/admin/deliveries';
const PERIODS = [1, 7, 30, 90] as const;

export function DeliveriesPage({ frame, model }: { readonly frame: Frame; readonly model: DeliveriesModel }) {
  const { say } = frame;
  const { rows, filter, nextCursor, wrong } = model;
  return (
    <>
      <div class="head-row">
        <div class="block">
          <h1>{say('page.deliveries')}</h1>
          <p class="quiet-text">{say('deliveries.intro')}</p>
        </div>
        {model.dead && <ResendAll frame={frame} dead={model.dead} days={filter.days} />}
      </div>
      <Filters frame={frame} action={PATH} fields={listFields(frame, model)} wrong={wrong} />
      {rows.length > 0 ? (
        <Table
          label={say('deliveries.table')}
          columns={columnsOf(frame)}
          rows={rows}
          keyOf={({ webhookId }) => webhookId}
          hrefOf={({ webhookId }) => `${PATH}/${webhookId}`}
          dataOf={({ webhookId, paymentNo, state }) => ({
            'data-webhook-id': webhookId,
            'data-payment-no': paymentNo,
            'data-state': state,
          })}
        />
      ) : (
        <NoRows frame={frame} model={model} />
      )}
      <Pager frame={frame} next={nextCursor} />
    </>
  );
}

function NoRows({ frame, model }: { readonly frame: Frame; readonly model: DeliveriesModel }) {
  const { say } = frame;
  const { filter, nextCursor } = model;
  if (nextCursor !== null) return <Empty message={say('deliveries.further')} />;
  if (Object.values(filter).some((value) => value !== null)) return <Empty message={say('deliveries.none')} />;
  return (
    <Empty message={say('deliveries.empty')}>
      <a class="button quiet" href="/admin/projects">
        {say('deliveries.goto')}
      </a>
    </Empty>
  );
}

function listFields({ say }: Frame, { filter, states, events }: DeliveriesModel): readonly FilterField[] {
  const choice = (name: 'state' | 'event', options: readonly string[]): FilterField => ({
    type: 'choice',
    name,
    label: say(`deliveries.${name}`),
    options: options.map((value) => ({ value, label: sayOf(say, `deliveries.${name}`, value) })),
    value: filter[name] ?? '',
  });
  return [
    choice('state', states),
    choice('event', events),
    {
      type: 'choice',
      name: 'days',
      label: say('deliveries.days'),
      options: PERIODS.map((days) => ({ value: String(days), label: say(`deliveries.within.${days}`) })),
      value: filter.days === null ? '' : String(filter.days),
    },
  ];
}

function columnsOf(frame: Frame): readonly Column<DeliveryRow>[] {
  const { say } = frame;
  return [
    {
      name: 'order',
      label: say('deliveries.order'),
      cell: ({ merchantOrderNo }) => <bdi>{cleanText(merchantOrderNo)}</bdi>,
      phone: 'first',
      isLong: true,
    },
    { name: 'event', label: say('deliveries.event'), cell: ({ event }) => sayEvent(say, event), phone: 'second' },
    {
      name: 'state',
      label: say('deliveries.state'),
      cell: (one) => <DeliveryDot say={say} one={one} />,
      phone: 'first-end',
    },
    { name: 'said', label: say('deliveries.said'), cell: (one) => sayAnswer(say, one), isWide: true },
    { name: 'tries', label: say('deliveries.tries'), cell: ({ tries }) => tries, isNumber: true, isWide: true },
    {
      name: 'next',
      label: say('deliveries.next'),
      cell: ({ state, dueAt }) => (state === 'waiting' ? <When frame={frame} at={dueAt} /> : say('frame.none')),
      isWide: true,
    },
    {
      name: 'created',
      label: say('deliveries.created'),
      cell: ({ createdAt }) => <When frame={frame} at={createdAt} />,
      isNumber: true,
      phone: 'second-end',
    },
  ];
}

/** Asks with the number of those that are meant, and for whom. */
function ResendAll(props: {
  readonly frame: Frame;
  readonly dead: NonNullable<DeliveriesModel['dead']>;
  readonly days: number | null;
}) {
  const { frame, dead, days } = props;
  const { say, view, projects } = frame;
  const project = projects.find(({ id }) => id === view.projectId);
  const count = dead.count > dead.most ? `${dead.most}+` : String(dead.count);
  const whose = project
    ? say('deliveries.all.where', { project: cleanText(project.name) })
    : say('deliveries.all.every');
  const where = days === null ? whose : `${whose}${say('deliveries.all.days', { days })}`;
  return (
    <Ask
      frame={frame}
      name="resend-all"
      action={`${PATH}/resend-all`}
      label={say('deliveries.all')}
      question={say('deliveries.all.ask', { where, count })}
      answer={say('deliveries.all.yes', { count: String(Math.min(dead.count, dead.most)) })}
      fields={{ since: String(dead.since), project: String(view.projectId ?? 'all'), mode: view.kind }}
    >
      {dead.count > dead.most && <p class="help">{say('deliveries.all.most', { most: dead.most })}</p>}
    </Ask>
  );
}
