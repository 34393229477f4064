import type { Frame } from './frame.ts';
import { Attempts } from './payment/attempts.tsx';
import { Facts, HowPaid } from './payment/facts.tsx';
import type { PaymentModel } from './payment/model.ts';
import { Notifications } from './payment/notifications.tsx';
import type { FormTrouble } from './payment/parts.tsx';
import { Refunds } from './payment/refunds.tsx';
import { Head, State } from './payment/state.tsx';
import { Timeline } from './payment/timeline.tsx';

interface Props {
  readonly frame: Frame;
  readonly model: PaymentModel;
  /** With one of its forms, when that was sent and not taken. */
  readonly trouble: FormTrouble | null;
}

/** One payment: its state and what to do about it, then what is known of it, then how it came to that. */
export function PaymentPage({ frame, model, trouble }: Props) {
  return (
    <>
      <Head frame={frame} model={model} />
      <State frame={frame} model={model} trouble={trouble} />
      <HowPaid frame={frame} model={model} />
      <Refunds frame={frame} model={model} trouble={trouble} />
      <Facts frame={frame} model={model} />
      <Attempts frame={frame} model={model} />
      <Notifications frame={frame} model={model} trouble={trouble} />
      <Timeline frame={frame} model={model} />
    </>
  );
}
