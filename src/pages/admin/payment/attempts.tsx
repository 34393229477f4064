import type { AttemptStatus, Instructions } from '../../../core/attempt.ts';
import { cleanText, safeUrl } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import { Moment } from '../parts/moment.tsx';
import { Dot, type Tone } from '../parts/status.tsx';
import type { PaymentModel, ShownAttempt } from './model.ts';
import { Fact } from './parts.tsx';
import { sayMethod, sayReason } from './words.ts';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
}

const TONES: Readonly<Record<AttemptStatus, Tone>> = {
  open: 'wait',
  unknown: 'warn',
  under_review: 'wait',
  paid: 'good',
  ended: 'quiet',
};

/** Each try at a gateway, the newest first and open; the others unfold. */
export function Attempts({ frame, model }: Props) {
  const { say } = frame;
  return (
    <section class="card">
      <h2>{say('payment.attempts')}</h2>
      {model.attempts.length === 0 && <p class="quiet-text">{say('payment.attempts.none')}</p>}
      {model.attempts.toReversed().map((one) => (
        <Attempt key={one.attempt.id} frame={frame} one={one} isOpen={one.isCurrent} />
      ))}
    </section>
  );
}

function Attempt({
  frame,
  one,
  isOpen,
}: {
  readonly frame: Frame;
  readonly one: ShownAttempt;
  readonly isOpen: boolean;
}) {
  const { say } = frame;
  const { attempt, gatewayName, account } = one;
  return (
    <details
      class="try"
      open={isOpen}
      data-gateway-order-no={attempt.gatewayOrderNo}
      data-attempt-status={attempt.status}
    >
      <summary>
        <span class="row-head">
          <Dot tone={TONES[attempt.status]}>{say(`payment.attempt.status.${attempt.status}`)}</Dot>
          <span>{sayMethod(frame, gatewayName, attempt.method)}</span>
        </span>
        <span class="row-foot">
          <span>{attempt.endReason === null ? '' : sayReason(say, attempt.endReason)}</span>
          <Moment frame={frame} at={attempt.createdAt} />
        </span>
      </summary>
      <dl class="facts">
        <Fact name={say('payment.attempt.ours')}>{attempt.gatewayOrderNo}</Fact>
        <Fact name={say('payment.attempt.theirs', { gateway: gatewayName })}>
          {cleanText(attempt.gatewayTradeNo ?? '')}
        </Fact>
        <Given say={say} instructions={attempt.instructions} />
        <Fact name={say('payment.attempt.deadline')}>
          <Moment frame={frame} at={attempt.deadline} />
        </Fact>
        <Fact name={say('payment.attempt.account')}>
          {account === null
            ? say('payment.attempt.account.gone')
            : say('payment.attempt.account.text', {
                id: cleanText(account.merchantId),
                environment: account.environment,
              })}
        </Fact>
        <Fact name={say('payment.attempt.declines')}>
          {attempt.declines === 0 ? null : say('payment.attempt.declines.text', { count: attempt.declines })}
        </Fact>
      </dl>
    </details>
  );
}

/** What the payer was given. What lets a browser pay stays out: it is a secret of the payer's page. */
function Given({ say, instructions }: { readonly say: Frame['say']; readonly instructions: Instructions | null }) {
  switch (instructions?.type) {
    case 'atm':
      return (
        <Fact name={say('payment.info.atm')}>
          {[instructions.bankCode, instructions.virtualAccount]
            .filter(Boolean)
            .map((part) => cleanText(part ?? ''))
            .join(' ')}
        </Fact>
      );
    case 'cvs':
      return <Fact name={say('payment.info.cvs')}>{cleanText(instructions.paymentCode)}</Fact>;
    case 'barcode':
      return <Fact name={say('payment.info.barcode')}>{instructions.barcodes.map(cleanText).join(' / ')}</Fact>;
    case 'redirect':
      return <Fact name={say('payment.info.redirect')}>{hostOf(instructions.url)}</Fact>;
    default:
      return null;
  }
}

/** Of an address that a payer approves at only whose it is. */
function hostOf(url: string): string | null {
  const safe = safeUrl(url);
  return safe === null ? null : new URL(safe).host;
}
