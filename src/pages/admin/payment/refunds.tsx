import { formatDecimal } from '../../../core/money.ts';
import { hasRight } from '../../../core/person.ts';
import type { Refund, RefundStatus } from '../../../core/refund.ts';
import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { ActionForm, FormProblem, TextField } from '../parts/form.tsx';
import { Moment } from '../parts/moment.tsx';
import { Dot, type Tone } from '../parts/status.tsx';
import type { PaymentModel, RefundOffer } from './model.ts';
import { Fact, type FormTrouble } from './parts.tsx';
import { amountOf } from './words.ts';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
  readonly trouble: FormTrouble | null;
}

const TONES: Readonly<Record<RefundStatus, Tone>> = {
  unknown: 'warn',
  pending: 'wait',
  succeeded: 'good',
  failed: 'bad',
};

/** What went back, and the form that pays back more. */
export function Refunds({ frame, model, trouble }: Props) {
  const { say } = frame;
  if (model.offers.length === 0 && model.refunds.length === 0) return null;
  return (
    <section class="card" id="refunds">
      <h2>{say('payment.refunds')}</h2>
      {model.refunds.length === 0 ? (
        <p class="quiet-text">{say('payment.refunds.none')}</p>
      ) : (
        <ul class="entries">
          {model.refunds.map((refund) => (
            <RefundRow key={refund.id} frame={frame} model={model} refund={refund} />
          ))}
        </ul>
      )}
      {model.offers.map((offer) => (
        <Offer key={offer.attempt.id} frame={frame} model={model} offer={offer} trouble={trouble} />
      ))}
    </section>
  );
}

function RefundRow({ frame, model, refund }: Omit<Props, 'trouble'> & { readonly refund: Refund }) {
  const { say } = frame;
  const gateway = model.offers.find(({ attempt }) => attempt.id === refund.attemptId)?.gatewayName ?? '';
  const notes = [
    refund.reason === '' ? '' : say('payment.refund.by', { reason: cleanText(refund.reason) }),
    refund.source === 'gateway' ? say('payment.refund.source.gateway') : '',
    // What a broken connection says is for the log; the next line says what it means.
    refund.status === 'failed' ? cleanText(refund.message) : '',
    refund.status === 'unknown' ? say('payment.refund.unknown', { gateway }) : '',
  ].filter((note) => note !== '');
  return (
    <li data-refund-no={refund.refundNo} data-refund-status={refund.status}>
      <span class="row-head">
        <Dot tone={TONES[refund.status]}>{say(`payment.refund.status.${refund.status}`)}</Dot>
        <span class="money">{amountOf(model, refund.amount)}</span>
      </span>
      <span class="row-foot">
        <span>{[refund.refundNo, refund.gatewayRefundNo].filter(Boolean).join(' · ')}</span>
        <Moment frame={frame} at={refund.createdAt} />
      </span>
      {notes.map((note) => (
        <span class="row-note" key={note}>
          <bdi>{note}</bdi>
        </span>
      ))}
    </li>
  );
}

function Offer({ frame, model, offer, trouble }: Props & { readonly offer: RefundOffer }) {
  const { say, person } = frame;
  if (!offer.isSupported) return <ElsewhereOffer frame={frame} model={model} offer={offer} />;
  if (offer.left <= 0) return <p class="quiet-text">{say('payment.refund.all')}</p>;
  if (person === null || !hasRight(person, 'refund')) return <p class="quiet-text">{say('payment.refund.right')}</p>;
  return <RefundForm frame={frame} model={model} offer={offer} trouble={trouble} />;
}

/** Where the gateway pays nothing back, its own desk may: by what it calls the money. */
function ElsewhereOffer({ frame, model, offer }: Omit<Props, 'trouble'> & { readonly offer: RefundOffer }) {
  const { say } = frame;
  const { attempt, gatewayName } = offer;
  return (
    <div class="block" data-refund-elsewhere>
      <p>{say('payment.refund.desk', { gateway: gatewayName })}</p>
      <dl class="facts">
        <Fact name={say('payment.trade', { gateway: gatewayName })}>{attempt.gatewayTradeNo}</Fact>
        <Fact name={say('payment.attempt.ours')}>{attempt.gatewayOrderNo}</Fact>
        <Fact name={say('payment.amount')}>{amountOf(model, model.payment.amount)}</Fact>
      </dl>
    </div>
  );
}

function RefundForm({ frame, model, offer, trouble }: Props & { readonly offer: RefundOffer }) {
  const { say } = frame;
  const { payment, offers } = model;
  const { attempt, gatewayName, left } = offer;
  const isOne = offers.length === 1;
  const suffix = isOne ? '' : `-${attempt.id}`;
  // Of two that were paid, the one that counts needs no name.
  const tradeNo = isOne || attempt.id === payment.attemptId ? '' : (attempt.gatewayTradeNo ?? '');
  const mine = trouble?.action === 'refund' && trouble.which === tradeNo ? trouble.problem : null;
  return (
    <ActionForm
      frame={frame}
      name="refund"
      action={`/admin/payments/${payment.paymentNo}/refund#refunds`}
      class="refund"
    >
      {!isOne && (
        <h3>
          {say('payment.refund.which', {
            gateway: gatewayName,
            trade: attempt.gatewayTradeNo ?? attempt.gatewayOrderNo,
          })}
        </h3>
      )}
      <FormProblem problem={mine} />
      <p class="quiet-text">{say('payment.refund.left', { amount: amountOf(model, left) })}</p>
      {tradeNo !== '' && <input type="hidden" name="gateway_trade_no" value={tradeNo} />}
      <TextField
        name="amount"
        id={`amount${suffix}`}
        label={say('payment.refund.amount', { currency: payment.currency })}
        value={formatDecimal(left, payment.currency).replace(/\.0+$/, '')}
        inputMode="decimal"
        problem={mine}
        required
        maxLength={40}
      />
      <TextField
        name="reason"
        id={`reason${suffix}`}
        label={say('payment.refund.reason', { gateway: gatewayName })}
        problem={mine}
        maxLength={200}
      />
      <div class="actions">
        <button type="submit" class="button quiet">
          {say('payment.refund.go')}
        </button>
      </div>
    </ActionForm>
  );
}
