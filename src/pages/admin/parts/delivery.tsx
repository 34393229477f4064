import type { Frame } from '../frame.ts';
import { sayOf } from '../texts.ts';
import { Dot, type Tone } from './status.tsx';

/** What a desk knows of one notification; the use case gives more. */
export interface DeliveryFacts {
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly isUnderWay: boolean;
  readonly tries: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

const TONES: Readonly<Record<DeliveryFacts['state'], Tone>> = { waiting: 'wait', delivered: 'good', dead: 'bad' };

export function DeliveryDot({ say, one }: { readonly say: Frame['say']; readonly one: DeliveryFacts }) {
  const waiting = one.isUnderWay ? 'sending' : one.tries > 0 ? 'retrying' : 'waiting';
  const word = one.state === 'waiting' ? waiting : one.state;
  return <Dot tone={word === 'retrying' ? 'warn' : TONES[one.state]}>{sayOf(say, 'deliveries.state', word)}</Dot>;
}

/** What the shop said last, in a word. */
export function sayAnswer(say: Frame['say'], { lastStatus, tries }: DeliveryFacts): string {
  if (lastStatus !== null) return say('deliveries.status', { status: lastStatus });
  return say(tries > 0 ? 'deliveries.silent' : 'deliveries.untried');
}

export const sayEvent = (say: Frame['say'], event: string): string => sayOf(say, 'deliveries.event', event);
