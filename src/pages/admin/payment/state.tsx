import type { Flag } from '../../../core/payment.ts';
import { hasRight } from '../../../core/person.ts';
import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { ActionButton, Ask, FormProblem } from '../parts/form.tsx';
import { StatusDot } from '../parts/status.tsx';
import type { PaymentModel } from './model.ts';
import { Amount, Foreign, type FormTrouble } from './parts.tsx';
import { amountOf, explain, gatewayOf, momentOf } from './words.ts';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
  readonly trouble: FormTrouble | null;
}

/** The state first, then the amount, then why, then what can be done. */
export function State({ frame, model, trouble }: Props) {
  const { say } = frame;
  const { payment } = model;
  return (
    <section class="card payment-state">
      <div class="head-row">
        <p class="state">
          <StatusDot say={say} status={payment.status} />
        </p>
        {!payment.livemode && <span class="tag warn">{say('payment.test')}</span>}
      </div>
      <Amount minor={payment.amount} currency={payment.currency} />
      <Why frame={frame} model={model} />
      <Flags say={say} flags={payment.flags} />
      <Actions frame={frame} model={model} trouble={trouble} />
    </section>
  );
}

function Why({ frame, model }: Omit<Props, 'trouble'>) {
  const told = explain(frame, model);
  if (!told) return <p class="why">{sayPaid(frame, model)}</p>;
  return (
    <div class="why" data-why={model.unpaid?.why}>
      <p>{told.why}</p>
      {told.more.length > 0 && (
        <p class="quiet-text">
          {told.more.map((sentence) => (
            <span key={sentence}>{sentence} </span>
          ))}
        </p>
      )}
      <p class="next">{told.next}</p>
    </div>
  );
}

function sayPaid(frame: Frame, model: PaymentModel): string {
  const { say } = frame;
  const { paidAt, refunded, amount } = model.payment;
  const paid = say('payment.paid', { moment: momentOf(frame, paidAt) });
  if (refunded === 0) return paid;
  const back =
    refunded >= amount ? say('payment.paid.all') : say('payment.paid.refunded', { amount: amountOf(model, refunded) });
  return `${paid} ${back}`;
}

function Flags({ say, flags }: { readonly say: Frame['say']; readonly flags: readonly Flag[] }) {
  if (flags.length === 0) return null;
  return (
    <ul class="flags">
      {flags.map((flag) => (
        <li key={flag} data-flag={flag}>
          <span class="tag warn">{say(`payment.flag.${flag}`)}</span>
          <span>{say(`payment.means.${flag}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function Actions({ frame, model, trouble }: Props) {
  const { say, person } = frame;
  const { payment, canSync, pageUrl } = model;
  const path = `/admin/payments/${payment.paymentNo}`;
  const gateway = gatewayOf(model, say, model.unpaid);
  const mayCancel = person !== null && hasRight(person, 'owner');
  const isPending = payment.status === 'pending';
  return (
    <>
      {trouble !== null && trouble.action !== 'refund' && trouble.which === '' && (
        <FormProblem problem={trouble.problem} />
      )}
      <div class="actions">
        {canSync && (
          <ActionButton
            frame={frame}
            name="sync"
            action={`${path}/sync`}
            label={say('payment.sync', { gateway })}
            class={isPending ? 'button' : 'button quiet'}
          />
        )}
        {payment.status === 'paid' && payment.order.payokUrl !== undefined && (
          <ActionButton
            frame={frame}
            name="resend"
            action={`${path}/resend`}
            label={say('payment.resend')}
            class="button quiet"
          />
        )}
        <a class="button quiet" href={pageUrl} target="_blank" rel="noreferrer">
          {say('payment.open')}
        </a>
        {isPending && mayCancel && (
          <Ask
            frame={frame}
            name="cancel"
            action={`${path}/cancel`}
            label={say('payment.cancel')}
            question={say('payment.cancel.ask', {
              order: cleanText(payment.merchantOrderNo),
              amount: amountOf(model, payment.amount),
            })}
            answer={say('payment.cancel.yes')}
          />
        )}
      </div>
      {!canSync && model.attempts.length > 0 && <p class="quiet-text">{say('payment.sync.none')}</p>}
      {isPending && !mayCancel && <p class="quiet-text">{say('payment.owner')}</p>}
    </>
  );
}

/** Where it stands: above everything, so that the way back is where the eye begins. */
export function Head({ frame, model }: Omit<Props, 'trouble'>) {
  const { say } = frame;
  return (
    <header class="payment-head">
      <a class="back" href="/admin/payments">
        {say('payment.back')}
      </a>
      <h1>
        <Foreign>{say('payment.title', { order: cleanText(model.payment.merchantOrderNo) })}</Foreign>
      </h1>
    </header>
  );
}
