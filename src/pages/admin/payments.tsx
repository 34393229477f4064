import type { Hindrance } from '../../core/hindrance.ts';
import { formatMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { ExportPanel } from './parts/export.tsx';
import { type FilterField, Filters } from './parts/filters.tsx';
import { Pager, withParams } from './parts/pager.tsx';
import { StatusDot } from './parts/status.tsx';
import { type Column, Empty, Table } from './parts/table.tsx';
import { sayWay } from './parts/way.ts';
import { formatWhen, When } from './parts/when.tsx';
import { sayOf } from './texts.ts';

/** A payment as a row of the list. Amounts are minor units. */
export interface PaymentLine {
  readonly paymentNo: string;
  readonly orderNo: string;
  /** Of the project; null where only one is in view. */
  readonly project: string | null;
  readonly gateway: string;
  readonly method: string;
  readonly status: string;
  readonly flags: readonly string[];
  readonly amount: number;
  readonly refunded: number;
  readonly currency: string;
  readonly createdAt: number;
  readonly hindrance: Hindrance | null;
}

export interface PaymentsModel {
  readonly lines: readonly PaymentLine[];
  readonly nextCursor: string | null;
  /** More go by what was searched than were looked at. */
  readonly isCut: boolean;
  readonly search: string;
  readonly fields: readonly FilterField[];
  readonly wrong: Readonly<Record<string, string>>;
  readonly nameOf: (gateway: string) => string;
  /** First and last day that the books are offered for. */
  readonly month: { readonly from: string; readonly to: string };
  readonly hasProjects: boolean;
}

export function PaymentsPage({ frame, model }: { readonly frame: Frame; readonly model: PaymentsModel }) {
  const { say } = frame;
  const { lines, search, fields, wrong } = model;
  return (
    <>
      <div class="head-row">
        <h1>{say('page.payments')}</h1>
        <ExportPanel frame={frame} action="/admin/payments.csv" books={model.month} />
      </div>
      <Filters
        frame={frame}
        action="/admin/payments"
        search={{
          name: 'q',
          label: say('payments.search'),
          placeholder: say('payments.search.hint'),
          value: search,
        }}
        fields={fields}
        wrong={wrong}
      />
      {model.isCut && <p class="quiet-text">{say('payments.cut')}</p>}
      {lines.length === 0 ? (
        <Nothing frame={frame} model={model} />
      ) : (
        <Table
          label={say('page.payments')}
          columns={columnsOf(frame, model)}
          rows={lines}
          keyOf={({ paymentNo }) => paymentNo}
          hrefOf={({ paymentNo }) => `/admin/payments/${paymentNo}`}
          dataOf={({ paymentNo, status }) => ({ 'data-payment-no': paymentNo, 'data-status': status })}
        />
      )}
      <Pager frame={frame} next={model.nextCursor} />
    </>
  );
}

function columnsOf(frame: Frame, { lines, nameOf }: PaymentsModel): readonly Column<PaymentLine>[] {
  const { say } = frame;
  const project: Column<PaymentLine> = {
    name: 'project',
    label: say('frame.project'),
    isWide: true,
    isNarrow: true,
    cell: (line) => <bdi>{cleanText(line.project ?? '')}</bdi>,
  };
  return [
    {
      name: 'order',
      label: say('payments.order'),
      phone: 'first',
      isLong: true,
      cell: (line) => <bdi>{cleanText(line.orderNo)}</bdi>,
    },
    ...(lines.some((line) => line.project !== null) ? [project] : []),
    { name: 'way', label: say('payments.way'), isWide: true, cell: (line) => sayWay(say, line, nameOf) },
    {
      name: 'status',
      label: say('payments.status'),
      phone: 'second',
      isLong: true,
      cell: (line) => <Status frame={frame} line={line} />,
    },
    {
      name: 'created',
      label: say('payments.created'),
      phone: 'second-end',
      cell: ({ createdAt }) => <When frame={frame} at={createdAt} />,
    },
    {
      name: 'amount',
      label: say('payments.amount'),
      isNumber: true,
      phone: 'first-end',
      cell: ({ amount, currency }) => formatMoney(amount, currency),
    },
  ];
}

function Status({ frame, line }: { readonly frame: Frame; readonly line: PaymentLine }) {
  const { say } = frame;
  const told = tellOf(frame, line);
  // That a person should look is said by the colour where something else says why.
  const odd = line.flags.filter((flag) => flag !== 'attention');
  const flags = odd.length > 0 ? odd : line.flags;
  return (
    <>
      <StatusDot say={say} status={line.status} />
      {flags.length > 0 && (
        <span class={line.flags.includes('attention') ? 'sub warn' : 'sub'}>
          {flags.map((flag) => sayOf(say, 'flag', flag)).join(' · ')}
        </span>
      )}
      {told && <span class="sub">{told}</span>}
    </>
  );
}

/** Why it is not paid, or what went back of it. */
function tellOf(frame: Frame, { hindrance, refunded, amount, currency }: PaymentLine): string | null {
  const { say } = frame;
  if (hindrance !== null) return sayHindrance(frame, hindrance);
  if (refunded === 0) return null;
  return refunded >= amount
    ? say('payments.refunded.all')
    : say('payments.refunded', { amount: formatMoney(refunded, currency) });
}

export function sayHindrance(frame: Pick<Frame, 'say' | 'locale' | 'timezone' | 'now'>, one: Hindrance): string {
  const { say } = frame;
  const moment = (at: number) => formatWhen(frame, at);
  switch (one.why) {
    case 'waiting':
      return say('why.waiting', { until: moment(one.until) });
    case 'choosing':
      return one.until === null ? say('why.choosing.open') : say('why.choosing', { until: moment(one.until) });
    case 'declined':
      return say('why.declined', { count: one.times });
    case 'failed':
      return one.reason === null ? '' : sayOf(say, 'reason', one.reason);
    case 'expired':
      if (one.declines > 0) return say('why.declined', { count: one.declines });
      return one.at === null ? '' : say('why.expired', { at: moment(one.at) });
    default:
      return say(`why.${one.why}`);
  }
}

/** Nothing to show: because of what was asked, or because nothing came yet. */
function Nothing({ frame, model }: { readonly frame: Frame; readonly model: PaymentsModel }) {
  const { say, address } = frame;
  const isNarrowed = model.search !== '' || model.fields.some(({ value }) => value !== '');
  if (model.nextCursor !== null) return <Empty message={say('payments.none.here')} />;
  if (isNarrowed) {
    return (
      <Empty message={say('payments.none.found')}>
        <a class="button quiet" href="/admin/payments">
          {say('payments.show.all')}
        </a>
        {frame.view.projectId !== null && (
          <a href={withParams(address, { project: 'all', cursor: null })}>{say('payments.search.everywhere')}</a>
        )}
      </Empty>
    );
  }
  return (
    <Empty message={say(frame.view.kind === 'test' ? 'payments.none.test' : 'payments.none.live')}>
      <a class="button" href={model.hasProjects ? '/admin/links' : '/admin/projects'}>
        {say(model.hasProjects ? 'payments.none.link' : 'payments.none.project')}
      </a>
    </Empty>
  );
}
