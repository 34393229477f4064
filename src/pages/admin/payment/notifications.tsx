import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { ActionButton, FormProblem } from '../parts/form.tsx';
import { Moment } from '../parts/moment.tsx';
import { Dot, type Tone } from '../parts/status.tsx';
import { sayOf } from '../texts.ts';
import type { PaymentModel } from './model.ts';
import type { FormTrouble } from './parts.tsx';
import { momentOf } from './words.ts';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
  readonly trouble: FormTrouble | null;
}

type Sent = PaymentModel['notifications'][number];

const TONES = {
  pending: 'wait',
  retry: 'warn',
  sending: 'wait',
  delivered: 'good',
  dead: 'bad',
} as const satisfies Record<string, Tone>;

/** What the shop was told, and how that went. */
export function Notifications({ frame, model, trouble }: Props) {
  const { say } = frame;
  const { notifications, payment } = model;
  const none = payment.order.payokUrl === undefined ? 'payment.notifications.off' : 'payment.notifications.none';
  return (
    <section class="card" id="notifications">
      <h2>{say('payment.notifications')}</h2>
      {notifications.length === 0 && <p class="quiet-text">{say(none)}</p>}
      <ul class="entries">
        {notifications.map((sent) => (
          <Row key={sent.id} frame={frame} model={model} sent={sent} trouble={trouble} />
        ))}
      </ul>
    </section>
  );
}

function stateOf({ state, tries, leasedUntil }: Sent, now: number): keyof typeof TONES {
  if (state !== 'pending') return state;
  if (leasedUntil !== null && leasedUntil > now) return 'sending';
  return tries > 0 ? 'retry' : 'pending';
}

function Row({ frame, model, sent, trouble }: Props & { readonly sent: Sent }) {
  const { say } = frame;
  const state = stateOf(sent, model.now);
  const mine = trouble?.action === 'resend' && trouble.which === sent.webhookId ? trouble.problem : null;
  return (
    <li data-webhook-id={sent.webhookId} data-delivery-state={sent.state}>
      <span class="row-head">
        <Dot tone={TONES[state]}>{say(`payment.notification.state.${state}`)}</Dot>
        <span>{sayOf(say, 'payment.notified', sent.event)}</span>
      </span>
      <span class="row-foot">
        <span>{sayTries(frame, sent)}</span>
        <Moment frame={frame} at={sent.updatedAt} />
      </span>
      <span class="row-note">
        <bdi>{cleanText(sent.url)}</bdi>
      </span>
      <span class="row-note">
        <code>{sent.webhookId}</code>
      </span>
      <FormProblem problem={mine} />
      <ActionButton
        frame={frame}
        name="resend"
        action={`/admin/payments/${model.payment.paymentNo}/resend#notifications`}
        label={say('payment.notification.again')}
        fields={{ webhook_id: sent.webhookId }}
        class="button quiet small"
      />
    </li>
  );
}

/** Why it did not arrive says what the shop answered as well. */
function sayAnswer({ say }: Frame, status: number | null, error: string | null): string {
  if (error !== null) return cleanText(error);
  return status === null ? '' : say('payment.notification.status', { status });
}

function sayTries(frame: Frame, { state, tries, lastStatus, lastError, dueAt }: Sent): string {
  const { say } = frame;
  const parts = [
    say('payment.notification.tries', { count: tries }),
    sayAnswer(frame, lastStatus, lastError),
    state === 'pending' ? say('payment.notification.next', { moment: momentOf(frame, dueAt) }) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
