import type { DeskLocale } from '../../core/locale.ts';
import { sayMethod } from '../admin/parts/way.ts';
import { sayOf, speakDesk } from '../admin/texts.ts';
import { formatMoment, splitMoney } from '../format.ts';
import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import type { Say } from './words.ts';

/** What anybody may see of the turnover. Amounts are minor units. */
export interface FiguresModel {
  readonly timezone: string;
  readonly now: number;
  /** The main currency first, and those there was money in this month. */
  readonly sums: readonly Sum[];
  readonly counts: Readonly<Record<Status, number>>;
  readonly recent: readonly RecentPayment[];
}

export interface Sum {
  readonly currency: string;
  readonly today: { readonly amount: number; readonly count: number };
  readonly month: { readonly amount: number; readonly count: number };
}

export const STATUSES = ['paid', 'pending', 'expired', 'failed'] as const;
export type Status = (typeof STATUSES)[number];

export interface RecentPayment {
  /** Masked. */
  readonly orderNo: string;
  /** The gateway's own name; null: the payer has not chosen. */
  readonly gateway: string | null;
  readonly method: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: number;
}

interface Props {
  readonly figures: FiguresModel;
  readonly locale: DeskLocale;
  readonly say: Say;
}

export function Figures({ figures, locale, say }: Props) {
  return (
    <>
      <section aria-labelledby="figures">
        <h2 id="figures">{say('home.figures')}</h2>
        {figures.sums.map((sum, at) => (
          <dl key={sum.currency} class={at === 0 ? 'sums main' : 'sums'} data-currency={sum.currency}>
            <SumPart name={say('home.today')} sum={{ ...sum.today, currency: sum.currency }} say={say} />
            <SumPart name={say('home.month')} sum={{ ...sum.month, currency: sum.currency }} say={say} />
          </dl>
        ))}
        <Counts figures={figures} locale={locale} say={say} />
        <p class="note">{say('home.note', { timezone: figures.timezone })}</p>
      </section>
      <Recent figures={figures} locale={locale} say={say} />
    </>
  );
}

interface SumProps {
  readonly name: string;
  readonly sum: { readonly amount: number; readonly count: number; readonly currency: string };
  readonly say: Say;
}

function SumPart({ name, sum: { amount, count, currency }, say }: SumProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Money amount={amount} currency={currency} />
        <span class="count">{say(count === 1 ? 'home.payments.one' : 'home.payments', { count })}</span>
      </dd>
    </div>
  );
}

function Money({ amount, currency }: { readonly amount: number; readonly currency: string }) {
  const { sign, digits } = splitMoney(amount, currency);
  return (
    <span class="money">
      <span class="sign">{sign}</span>
      {digits}
    </span>
  );
}

function Counts({ figures: { counts }, locale, say }: Props) {
  const desk = speakDesk(locale);
  return (
    <ul class="counts" aria-label={say('home.counts')}>
      {STATUSES.map((status) => (
        <li key={status} data-status={status}>
          {sayOf(desk, 'status', status)} <b>{counts[status]}</b>
        </li>
      ))}
    </ul>
  );
}

function Recent({ figures: { recent, now, timezone }, locale, say }: Props) {
  const desk = speakDesk(locale);
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{say('home.recent')}</h2>
      {recent.length === 0 ? (
        <p class="note">{say('home.empty')}</p>
      ) : (
        <table class="recent">
          <thead>
            <tr>
              <th scope="col">{say('home.order')}</th>
              <th scope="col">{say('home.way')}</th>
              <th scope="col">{say('home.status')}</th>
              <th scope="col">{say('home.time')}</th>
              <th scope="col" class="amount">
                {say('home.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {recent.map((one) => (
              <tr key={one.orderNo + one.createdAt}>
                <td class="order">
                  <bdi>{cleanText(one.orderNo)}</bdi>
                </td>
                <td>
                  {one.gateway === null ? desk('way.unchosen') : `${one.gateway} · ${sayMethod(desk, one.method)}`}
                </td>
                <td data-status={one.status}>{sayOf(desk, 'status', one.status)}</td>
                <td>
                  <time dateTime={new Date(one.createdAt).toISOString()}>
                    {formatMoment(locale, speak(locale), one.createdAt, now, timezone)}
                  </time>
                </td>
                <td class="amount">
                  <Money amount={one.amount} currency={one.currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
