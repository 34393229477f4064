import type { Card, Installments, Money } from '../../../core/paid-details.ts';
import type { Order, Payment } from '../../../core/payment.ts';
import { formatMoney } from '../../format.ts';
import { cleanText, safeUrl } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { Moment } from '../parts/moment.tsx';
import type { PaymentModel } from './model.ts';
import { Fact, Foreign } from './parts.tsx';
import { sayMethod } from './words.ts';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
}

export function Facts({ frame, model }: Props) {
  const { say } = frame;
  const { payment, projectName, gatewayName, pageUrl } = model;
  const { order } = payment;
  return (
    <section class="card">
      <h2>{say('payment.facts')}</h2>
      <dl class="facts">
        <Fact name={say('payment.order')}>
          <Foreign>{cleanText(payment.merchantOrderNo)}</Foreign>
        </Fact>
        <Fact name={say('payment.number')}>{payment.paymentNo}</Fact>
        <Fact name={say('payment.item')}>{cleanText(order.itemName ?? '')}</Fact>
        <Fact name={say('payment.description')}>{cleanText(order.description ?? '')}</Fact>
        <Fact name={say('payment.buyer')}>{buyerOf(order)}</Fact>
        <Fact name={say('payment.account')}>{cleanText(order.payerAccount ?? '')}</Fact>
        <Fact name={say('payment.method')}>{sayMethod(frame, gatewayName, payment.method)}</Fact>
        <Fact name={say('payment.project')}>{cleanText(projectName)}</Fact>
        <Fact name={say('payment.mode')}>
          {`${say(payment.livemode ? 'payment.mode.live' : 'payment.mode.test')} · ${payment.environment}`}
        </Fact>
        <Fact name={say('payment.created')}>
          <Moment frame={frame} at={payment.createdAt} />
        </Fact>
        <Fact name={say('payment.paid_at')}>
          {payment.paidAt === null ? null : <Moment frame={frame} at={payment.paidAt} />}
        </Fact>
        <Fact name={say('payment.link')}>
          <a href={pageUrl} target="_blank" rel="noreferrer">
            {shorten(pageUrl)}
          </a>
        </Fact>
        <Fact name={say('payment.payok')}>{safeUrl(order.payokUrl)}</Fact>
        <Metadata say={say} payment={payment} />
      </dl>
    </section>
  );
}

/** Without its token: it is on the screen of whoever looks over a shoulder. */
function shorten(address: string): string {
  return address.replace(/\?.*$/, '');
}

function buyerOf({ buyerName, buyerEmail, buyerMobile, buyerPhone, buyerTel }: Order): string {
  const parts = [buyerName, buyerEmail, buyerMobile, buyerPhone, buyerTel].map((part) => cleanText(part ?? ''));
  return [...new Set(parts)].filter((part) => part !== '').join(' · ');
}

function Metadata({ say, payment }: { readonly say: Frame['say']; readonly payment: Payment }) {
  const pairs = Object.entries(payment.order.metadata ?? {});
  if (pairs.length === 0) return null;
  return (
    <Fact name={say('payment.metadata')}>
      <ul class="pairs">
        {pairs.map(([name, value]) => (
          <li key={name}>
            <code>
              <Foreign>{cleanText(name)}</Foreign>
            </code>{' '}
            <Foreign>{cleanText(value)}</Foreign>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

/** How it was paid, as far as the gateway told. */
export function HowPaid({ frame, model }: Props) {
  const { say } = frame;
  const { payment, details, attempts, gatewayName } = model;
  const tradeNo = attempts.find(({ isCurrent }) => isCurrent)?.attempt.gatewayTradeNo ?? null;
  if (payment.status !== 'paid' || (details === null && tradeNo === null)) return null;
  const money = (amount: number | undefined) => (amount === undefined ? '' : formatMoney(amount, payment.currency));
  return (
    <section class="card">
      <h2>{say('payment.how')}</h2>
      <dl class="facts">
        <Fact name={say('payment.trade', { gateway: gatewayName ?? '' })}>{tradeNo}</Fact>
        <CardFacts say={say} card={details?.card} money={money} />
        <Fact name={say('payment.channel')}>{cleanText(details?.channel ?? '')}</Fact>
        <Fact name={say('payment.fee')}>{showMoney(details?.fee)}</Fact>
        <Fact name={say('payment.net')}>{showMoney(details?.net)}</Fact>
      </dl>
    </section>
  );
}

const showMoney = (money: Money | undefined) => (money ? formatMoney(money.amount, money.currency) : null);

interface CardProps {
  readonly say: Frame['say'];
  readonly card: Card | undefined;
  readonly money: (amount: number | undefined) => string;
}

function CardFacts({ say, card, money }: CardProps) {
  if (!card) return null;
  const { first6 = '', last4 = '', brand, bank, country, eci, authCode, installments, bonus } = card;
  const number = first6 === '' && last4 === '' ? '' : `${first6 === '' ? '' : `${first6} `}…${last4}`;
  return (
    <>
      <Fact name={say('payment.card')}>
        {[number, cleanText(brand ?? '')].filter((part) => part !== '').join(' · ')}
      </Fact>
      <Fact name={say('payment.bank')}>{cleanText(bank ?? '')}</Fact>
      <Fact name={say('payment.country')}>{cleanText(country ?? '')}</Fact>
      <Fact name={say('payment.auth')}>{cleanText(authCode ?? '')}</Fact>
      <Fact name={say('payment.eci')}>{cleanText(eci ?? '')}</Fact>
      <Fact name={say('payment.installments')}>{installments && sayInstallments(say, installments, money)}</Fact>
      <Fact name={say('payment.bonus')}>{bonus && say('payment.bonus.text', { used: bonus.used })}</Fact>
    </>
  );
}

function sayInstallments(say: Frame['say'], { count, first, each }: Installments, money: CardProps['money']): string {
  if (first === undefined || each === undefined) return say('payment.installments.count', { count });
  return say('payment.installments.text', { count, first: money(first), each: money(each) });
}
