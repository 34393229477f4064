import { mayBeMarked } from '../../../core/attention.ts';
import { hasRight } from '../../../core/person.ts';
import { formatMoney } from '../../format.ts';
import { cleanText } from '../../safe.ts';
import type { Frame, Problem } from '../frame.ts';
import { sayOf } from '../texts.ts';
import { ActionButton, ActionForm, FormProblem, TextField } from './form.tsx';
import { formatIn, Moment } from './moment.tsx';

/** Something that needs a person, as it is shown: what, why, since when, and the one next step. */
export interface TroubleModel {
  readonly id: number;
  readonly kind: string;
  readonly next: 'settle-refund' | 'payment' | 'resend' | 'credentials' | 'none';
  readonly since: number;
  readonly endsAt: number | null;
  readonly projectId: number | null;
  readonly payment: TroublePayment | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TroublePayment {
  readonly paymentNo: string;
  readonly orderNo: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** Its project's name; null where only one is in view. */
  readonly project: string | null;
}

/** A form of the list that was sent and not taken. */
export interface TroubleProblem {
  readonly id: number;
  readonly problem: Problem;
}

type Framed = Pick<Frame, 'say' | 'csrf' | 'person' | 'timezone' | 'locale'>;

export function TroubleList(props: {
  readonly frame: Framed;
  readonly troubles: readonly TroubleModel[];
  readonly nameOf: (gateway: string) => string;
  readonly problem?: TroubleProblem | null;
}) {
  return (
    <ul class="troubles">
      {props.troubles.map((trouble) => (
        <Trouble
          key={trouble.id}
          frame={props.frame}
          trouble={trouble}
          nameOf={props.nameOf}
          problem={props.problem?.id === trouble.id ? props.problem.problem : null}
        />
      ))}
    </ul>
  );
}

function Trouble(props: {
  readonly frame: Framed;
  readonly trouble: TroubleModel;
  readonly nameOf: (gateway: string) => string;
  readonly problem: Problem | null;
}) {
  const { frame, trouble, nameOf, problem } = props;
  const { say, person } = frame;
  const { id, kind, payment } = trouble;
  return (
    <li id={`trouble-${id}`} data-trouble={kind} data-payment-no={payment?.paymentNo}>
      <div class="trouble-head">
        <h2>{sayOf(say, 'attention', kind)}</h2>
        <span class="quiet-text">
          <Moment frame={frame} at={trouble.since} />
        </span>
      </div>
      {payment && <PaymentLine payment={payment} />}
      <p>{explain(frame, trouble, nameOf)}</p>
      <div class="actions">
        <Next frame={frame} trouble={trouble} problem={problem} />
        {person && hasRight(person, 'owner') && mayBeMarked(trouble.next) && (
          <ActionButton
            frame={frame}
            name="mark-handled"
            action={`/admin/attention/${id}/handled`}
            fields={{ since: String(trouble.since) }}
            label={say('attention.handled')}
            class="button quiet"
          />
        )}
      </div>
    </li>
  );
}

function PaymentLine({ payment }: { readonly payment: TroublePayment }) {
  return (
    <p class="trouble-payment">
      <a href={`/admin/payments/${payment.paymentNo}`}>
        <bdi>{cleanText(payment.orderNo)}</bdi>
      </a>
      <span>{formatMoney(payment.amount, payment.currency)}</span>
      {payment.project !== null && <bdi class="quiet-text">{cleanText(payment.project)}</bdi>}
    </p>
  );
}

/** The one step that leads on. */
function Next(props: { readonly frame: Framed; readonly trouble: TroubleModel; readonly problem: Problem | null }) {
  const { frame, trouble } = props;
  const { say } = frame;
  const { id, kind, next, payment, projectId } = trouble;
  const label = sayOf(say, 'attention.do', kind);
  if (next === 'settle-refund') return <Settle {...props} />;
  if (next === 'resend') {
    return <ActionButton frame={frame} name="resend" action={`/admin/attention/${id}/resend`} label={label} />;
  }
  if (next === 'payment' && payment) {
    return (
      <a class="button" href={`/admin/payments/${payment.paymentNo}`}>
        {label}
      </a>
    );
  }
  if (next === 'credentials' && projectId !== null) {
    return (
      <a class="button" href={`/admin/projects/${projectId}/credentials`}>
        {label}
      </a>
    );
  }
  return null;
}

/** A person says what the gateway's own desk shows; without the right to pay back there is only the payment to look at. */
function Settle(props: { readonly frame: Framed; readonly trouble: TroubleModel; readonly problem: Problem | null }) {
  const { frame, trouble, problem } = props;
  const { say, person } = frame;
  const { id, kind, data, payment } = trouble;
  if (!person || !hasRight(person, 'refund')) return null;
  const question = say('attention.settle.question', {
    amount: moneyOf(data, payment),
    no: String(data.refund_no ?? ''),
    order: cleanText(payment?.orderNo ?? ''),
  });
  const chosen = problem?.given.outcome;
  return (
    <details class="ask" open={problem !== null}>
      <summary class="button">{sayOf(say, 'attention.do', kind)}</summary>
      <ActionForm frame={frame} name="settle-refund" action={`/admin/attention/${id}/settle-refund`} class="question">
        <FormProblem problem={problem} />
        <fieldset>
          <legend>{question}</legend>
          {(['paid_back', 'not_paid_back'] as const).map((outcome) => (
            <label class="check" key={outcome}>
              <input type="radio" name="outcome" value={outcome} required checked={chosen === outcome} />
              <span>{sayOf(say, 'attention.settle', outcome)}</span>
            </label>
          ))}
        </fieldset>
        <TextField
          name="gateway_refund_no"
          label={say('attention.settle.number')}
          help={say('attention.settle.number.help')}
          problem={problem}
          maxLength={100}
          autocomplete="off"
        />
        <TextField
          name="note"
          label={say('attention.settle.note')}
          problem={problem}
          maxLength={200}
          autocomplete="off"
        />
        <button type="submit" class="button">
          {say('attention.settle.answer')}
        </button>
      </ActionForm>
    </details>
  );
}

function moneyOf(data: TroubleModel['data'], payment: TroublePayment | null): string {
  const currency = typeof data.currency === 'string' ? data.currency : payment?.currency;
  return typeof data.amount === 'number' && currency !== undefined ? formatMoney(data.amount, currency) : '';
}

/** Sentences that depend on more than the kind. */
function variantOf({ kind, data }: TroubleModel): string {
  if (kind === 'mismatch' && typeof data.reason === 'string') return `${kind}.${data.reason}`;
  if (kind === 'notification_dead' && typeof data.status === 'number') return `${kind}.status`;
  const behind = kind === 'clock_skew' && Number(data.seconds) < 0 ? 'behind' : 'why';
  // Of several machines it is said which.
  return typeof data.node === 'string' ? `${kind}.node.${behind}` : `${kind}.${behind}`;
}

function explain(frame: Framed, trouble: TroubleModel, nameOf: (gateway: string) => string): string {
  const { data, payment, endsAt } = trouble;
  const text = (name: string) => (data[name] === undefined || data[name] === null ? '' : cleanText(String(data[name])));
  return sayWith(frame, variantOf(trouble), {
    amount: moneyOf(data, payment),
    expected: payment ? formatMoney(payment.amount, payment.currency) : '',
    no: text('refund_no'),
    trade: text('trade_no'),
    message: text('message'),
    reason: text('reason'),
    status: text('status'),
    node: text('node'),
    gateway: nameOf(text('gateway')),
    environment: text('environment'),
    merchant: text('merchant_id'),
    seconds: Math.abs(Number(data.seconds ?? 0)),
    until: endsAt === null ? '' : formatIn(frame.timezone, frame.locale, endsAt),
  });
}

function sayWith({ say }: Framed, variant: string, values: Readonly<Record<string, string | number>>): string {
  return say(`attention.${variant}` as Parameters<Frame['say']>[0], values);
}
