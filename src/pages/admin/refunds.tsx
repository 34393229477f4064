import { formatMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { ExportPanel } from './parts/export.tsx';
import { type FilterField, Filters } from './parts/filters.tsx';
import { Pager } from './parts/pager.tsx';
import { Dot, type Tone } from './parts/status.tsx';
import { type Column, Empty, Table } from './parts/table.tsx';
import { When } from './parts/when.tsx';
import { sayOf } from './texts.ts';

export interface RefundLine {
  readonly refundNo: string;
  readonly paymentNo: string;
  readonly orderNo: string;
  /** Of the project; null where only one is in view. */
  readonly project: string | null;
  readonly status: string;
  readonly source: string;
  readonly reason: string;
  /** What the gateway said. */
  readonly message: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: number;
}

export interface RefundsModel {
  readonly lines: readonly RefundLine[];
  readonly nextCursor: string | null;
  readonly fields: readonly FilterField[];
  readonly wrong: Readonly<Record<string, string>>;
}

/** `unknown`: nobody can say whether the money went back. */
const TONES: Readonly<Record<string, Tone>> = { succeeded: 'good', pending: 'wait', failed: 'bad', unknown: 'warn' };

export function RefundsPage({ frame, model }: { readonly frame: Frame; readonly model: RefundsModel }) {
  const { say } = frame;
  const { lines, fields, wrong, nextCursor } = model;
  const isNarrowed = fields.some(({ value }) => value !== '');
  return (
    <>
      <div class="head-row">
        <h1>{say('page.refunds')}</h1>
        <ExportPanel frame={frame} action="/admin/refunds.csv" />
      </div>
      <Filters frame={frame} action="/admin/refunds" fields={fields} wrong={wrong} />
      {lines.length > 0 && (
        <Table
          label={say('page.refunds')}
          columns={columnsOf(frame, lines)}
          rows={lines}
          keyOf={({ refundNo }) => refundNo}
          hrefOf={({ paymentNo }) => `/admin/payments/${paymentNo}`}
          dataOf={({ paymentNo, refundNo, status }) => ({
            'data-payment-no': paymentNo,
            'data-refund-no': refundNo,
            'data-status': status,
          })}
        />
      )}
      {lines.length === 0 && (
        <Empty message={say(nextCursor ? 'payments.none.here' : isNarrowed ? 'refunds.none.found' : 'refunds.none')}>
          {nextCursor === null && (
            <a class="button quiet" href={isNarrowed ? '/admin/refunds' : '/admin/payments'}>
              {say(isNarrowed ? 'payments.show.all' : 'refunds.none.go')}
            </a>
          )}
        </Empty>
      )}
      <Pager frame={frame} next={nextCursor} />
    </>
  );
}

function columnsOf(frame: Frame, lines: readonly RefundLine[]): readonly Column<RefundLine>[] {
  const { say } = frame;
  const project: Column<RefundLine> = {
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
      cell: ({ orderNo }) => <bdi>{cleanText(orderNo)}</bdi>,
    },
    ...(lines.some((line) => line.project !== null) ? [project] : []),
    {
      name: 'source',
      label: say('refunds.source'),
      isWide: true,
      cell: ({ source }) => sayOf(say, 'refunds.source', source),
    },
    {
      name: 'status',
      label: say('payments.status'),
      phone: 'second',
      isLong: true,
      cell: (line) => {
        const note = noteOf(line);
        return (
          <>
            <Dot tone={TONES[line.status] ?? 'quiet'}>{sayOf(say, 'refunds.status', line.status)}</Dot>
            {note && <bdi class="sub">{cleanText(note)}</bdi>}
          </>
        );
      },
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

/** Why the gateway refused; else why it was asked for: what a broken connection says is for the log. */
function noteOf({ status, message, reason }: RefundLine): string {
  return status === 'failed' ? message || reason : reason;
}
