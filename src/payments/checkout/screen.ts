import { type Attempt, type Instructions, isAlive, isMoneyMoving } from '../../core/attempt.ts';
import type { Payment } from '../../core/payment.ts';
import type { Method } from '../../gateways/gateway.ts';
import type { Screen } from '../../pages/checkout/model.ts';

/** The page of a payment that no way to pay was chosen for. */
export function unchosenScreen(payment: Payment): Screen {
  return endScreen(payment) ?? 'choose';
}

/** What ended by somebody's will did not fail. Null: it is not over. */
function endScreen({ status, reason }: Payment): Screen | null {
  if (status === 'pending') return null;
  return status === 'failed' && reason === 'CANCELLED' ? 'cancelled' : status;
}

/** Which screen shows what there is to pay with. */
const SCREEN_OF: Readonly<Record<Instructions['type'], Screen>> = {
  atm: 'instructions',
  cvs: 'instructions',
  barcode: 'instructions',
  qr: 'instructions',
  redirect: 'go',
  element: 'element',
};

/** The page of a payment, by what became of it and of its current attempt. */
export function chooseScreen(payment: Payment, attempt: Attempt | null, method: Method, asks: boolean): Screen {
  const end = endScreen(payment);
  if (end) return end;
  if (attempt && isMoneyMoving(attempt)) return 'waiting';
  // What is over is never shown again: nobody may pay with a number that is dead.
  const instructions = attempt && isAlive(attempt) ? attempt.instructions : null;
  if (instructions) return SCREEN_OF[instructions.type];
  if (asks) return 'go';
  if (method.inSite) return attempt?.status === 'unknown' ? 'waiting' : 'insite';
  return method.mayChooseAgain ? 'go' : 'waiting';
}
