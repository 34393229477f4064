import { formatMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { type ChartDay, DayChart, type Share, ShareBar, sayCount } from './parts/chart.tsx';
import { withParams } from './parts/pager.tsx';
import { Dot, StatusDot } from './parts/status.tsx';
import { type Column, Empty, Table } from './parts/table.tsx';
import type { TroubleModel } from './parts/troubles.tsx';
import { When } from './parts/when.tsx';
import { STEPS_PATH } from './setup.tsx';
import { sayOf } from './texts.ts';

/** Amounts are minor units of the currency in view. */
export interface OverviewModel {
  readonly currency: string;
  /** Every one there is money in; one alone is not chosen among. */
  readonly currencies: readonly string[];
  readonly today: Figure;
  readonly month: Figure;
  readonly days: readonly ChartDay[];
  readonly shares: readonly Share[];
  /** 0 to 1; null: nothing is over yet. */
  readonly successRate: number | null;
  readonly outcomes: { readonly paid: number; readonly failed: number; readonly expired: number };
  readonly pending: number;
  /** The first of what needs a person, and how many there are. */
  readonly troubles: readonly TroubleModel[];
  readonly troubleCount: number;
  readonly newest: readonly NewestPayment[];
}

export interface Figure {
  readonly amount: number;
  readonly count: number;
}

export interface NewestPayment {
  readonly paymentNo: string;
  readonly orderNo: string;
  readonly way: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: number;
}

type Props = { readonly frame: Frame; readonly model: OverviewModel };

export function OverviewPage({ frame, model }: Props) {
  const { say } = frame;
  const isEmpty = model.newest.length === 0;
  return (
    <>
      <div class="head-row">
        <h1>{say('page.overview')}</h1>
        <Currencies frame={frame} model={model} />
      </div>
      <Needed frame={frame} model={model} />
      {isEmpty ? (
        <Empty message={say(frame.view.kind === 'live' ? 'overview.empty.live' : 'overview.empty.test')}>
          <a class="button" href={beginAt(frame)}>
            {say('overview.begin')}
          </a>
        </Empty>
      ) : (
        <>
          <Numbers frame={frame} model={model} />
          <Thirty frame={frame} model={model} />
          <Newest frame={frame} model={model} />
        </>
      )}
    </>
  );
}

/** Until a test payment was made, the owner goes on with the steps of the first start. */
function beginAt({ view, person }: Frame): string {
  return view.kind === 'test' && person?.role === 'owner' ? STEPS_PATH : '/admin/projects';
}

function Currencies({ frame, model }: Props) {
  if (model.currencies.length < 2) return null;
  return (
    <nav class="kind" aria-label={frame.say('overview.currency')}>
      {model.currencies.map((currency) => (
        <a
          key={currency}
          href={withParams(frame.address, { currency })}
          aria-current={currency === model.currency ? 'true' : undefined}
        >
          {currency}
        </a>
      ))}
    </nav>
  );
}

/** First of all, when there is something. */
function Needed({ frame, model }: Props) {
  const { say } = frame;
  const { troubles, troubleCount } = model;
  if (troubleCount === 0) return null;
  return (
    <section aria-labelledby="needed">
      <div class="head-row">
        <h2 id="needed">{say('overview.needed', { count: troubleCount > 99 ? '99+' : troubleCount })}</h2>
        <a href="/admin/attention">{say('overview.needed.all')}</a>
      </div>
      <ul class="needed">
        {troubles.map(({ id, kind, payment, since }) => (
          <li key={id} data-trouble={kind}>
            <a href={`/admin/attention#trouble-${id}`}>
              <Dot tone="warn">{sayOf(say, 'attention', kind)}</Dot>
              {payment && <bdi>{cleanText(payment.orderNo)}</bdi>}
              <When frame={frame} at={since} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Numbers({ frame, model }: Props) {
  const { say } = frame;
  const { currency, successRate, outcomes, pending } = model;
  const came = ({ amount, count }: Figure) => (
    <>
      <strong>{formatMoney(amount, currency)}</strong>
      <span>{sayCount(say, count)}</span>
    </>
  );
  return (
    <dl class="numbers">
      <div class="wide">
        <dt>{say('overview.today')}</dt>
        <dd>{came(model.today)}</dd>
      </div>
      <div class="wide">
        <dt>{say('overview.month')}</dt>
        <dd>{came(model.month)}</dd>
      </div>
      <div>
        <dt>{say('overview.rate')}</dt>
        <dd>
          <strong>{successRate === null ? '—' : `${Math.round(successRate * 1000) / 10}%`}</strong>
          <span>{say('overview.rate.of', outcomes)}</span>
        </dd>
      </div>
      <div>
        <dt>{say('overview.pending')}</dt>
        <dd>
          <strong>{pending}</strong>
          <span>{say('overview.pending.of')}</span>
        </dd>
      </div>
    </dl>
  );
}

function Thirty({ frame, model }: Props) {
  const { say } = frame;
  const { days, shares, currency } = model;
  return (
    <section class="card" aria-labelledby="thirty">
      <h2 id="thirty">{say('overview.chart')}</h2>
      <DayChart frame={frame} days={days} currency={currency} />
      {shares.length > 0 && (
        <>
          <h3>{say('overview.methods')}</h3>
          <ShareBar frame={frame} shares={shares} currency={currency} />
        </>
      )}
    </section>
  );
}

function Newest({ frame, model }: Props) {
  const { say } = frame;
  const columns: readonly Column<NewestPayment>[] = [
    {
      name: 'order',
      label: say('overview.order'),
      cell: ({ orderNo }) => <bdi>{cleanText(orderNo)}</bdi>,
      phone: 'first',
      isLong: true,
    },
    { name: 'way', label: say('overview.way'), cell: ({ way }) => way, isWide: true },
    {
      name: 'status',
      label: say('overview.status'),
      cell: ({ status }) => <StatusDot say={say} status={status} />,
      phone: 'second-end',
    },
    {
      name: 'time',
      label: say('overview.time'),
      cell: ({ createdAt }) => <When frame={frame} at={createdAt} />,
      phone: 'second',
    },
    {
      name: 'amount',
      label: say('overview.amount'),
      cell: ({ amount, currency }) => formatMoney(amount, currency),
      isNumber: true,
      phone: 'first-end',
    },
  ];
  return (
    <section aria-labelledby="newest">
      <div class="head-row">
        <h2 id="newest">{say('overview.newest')}</h2>
        <a href="/admin/payments">{say('overview.newest.all')}</a>
      </div>
      <Table
        label={say('overview.newest')}
        columns={columns}
        rows={model.newest}
        keyOf={({ paymentNo }) => paymentNo}
        hrefOf={({ paymentNo }) => `/admin/payments/${paymentNo}`}
        dataOf={({ paymentNo }) => ({ 'data-payment-no': paymentNo })}
      />
    </section>
  );
}
