import { cleanText } from '../../safe.ts';
import type { DeskText, Frame } from '../frame.ts';
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

/** The sentences that the sender has for what went wrong, and what the desk says instead in the page's language. */
const REASONS: readonly (readonly [RegExp, DeskText])[] = [
  [/^the shop answered HTTP (\d+); redirects/, 'deliveries.why.moved'],
  [/^the shop answered HTTP (\d+)/, 'deliveries.why.status'],
  [/^no answer within (\d+)000 ms/, 'deliveries.why.late'],
  [/^the connection was refused/, 'deliveries.why.refused'],
  [/^the connection was closed/, 'deliveries.why.closed'],
  [/certificate is not trusted \((.+)\)/, 'deliveries.why.certificate'],
  [/^the connection failed \((.+)\)/, 'deliveries.why.failed'],
  [/^(\S+) could not be resolved/, 'deliveries.why.name'],
  [/^(\S+) .*add it to PAYCORE_NOTIFY_ALLOW/, 'deliveries.why.forbidden'],
];

/** Why a try failed; what is not in the table stays as it is. */
export function sayReason(say: Frame['say'], reason: string): string {
  for (const [pattern, key] of REASONS) {
    const found = pattern.exec(reason);
    if (found) return say(key, { n: cleanText(found[1] ?? '') });
  }
  return cleanText(reason);
}

export const sayEvent = (say: Frame['say'], event: string): string => sayOf(say, 'deliveries.event', event);
