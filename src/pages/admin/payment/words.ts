import { DAY, HOUR, MINUTE } from '../../../core/time.ts';
import type { Unpaid } from '../../../core/unpaid.ts';
import { methodKey } from '../../checkout/words.ts';
import { formatMoney } from '../../format.ts';
import { cleanText } from '../../safe.ts';
import { speak } from '../../text.ts';
import type { Frame } from '../frame.ts';
import { formatIn } from '../parts/moment.tsx';
import { sayOf } from '../texts.ts';
import type { PaymentModel, ShownActor } from './model.ts';

/** What the page of a payment calls things. */

export type Speaker = Pick<Frame, 'say' | 'locale' | 'timezone'>;

export function momentOf({ timezone, locale, say }: Speaker, at: number | null): string {
  return at === null ? say('frame.none') : formatIn(timezone, locale, at);
}

export function amountOf({ payment }: Pick<PaymentModel, 'payment'>, minor: number): string {
  return formatMoney(minor, payment.currency);
}

/** How long ago, coarsely: what matters is whether it was just now. */
export function sayAgo(say: Frame['say'], ms: number): string {
  if (ms < MINUTE) return say('payment.ago.now');
  if (ms < HOUR) return say('payment.ago.minutes', { count: Math.floor(ms / MINUTE) });
  if (ms < DAY) return say('payment.ago.hours', { count: Math.floor(ms / HOUR) });
  return say('payment.ago.days', { count: Math.floor(ms / DAY) });
}

export function sayActor(say: Frame['say'], { type, name }: ShownActor): string {
  if (name === null && (type === 'api_key' || type === 'person')) return say('payment.by.somebody');
  return say(`payment.by.${type}`, { name: cleanText(name ?? '') });
}

/** By the gateway of the try where it is known; all that a payer sees at first is ours. */
export function sayMethod({ say, locale }: Speaker, gatewayName: string | null, method: string): string {
  if (gatewayName === null) return say('payment.method.none');
  const name = method === 'all' ? '' : speak(locale)(methodKey(method));
  return name === '' ? gatewayName : `${gatewayName} · ${name}`;
}

export function sayReason(say: Frame['say'], reason: unknown): string {
  return typeof reason === 'string' ? sayOf(say, 'payment.end', reason) : say('payment.end.none');
}

/** A gateway's code and text in one. */
export function quote({ code, message }: { readonly code: unknown; readonly message: unknown }): string {
  const parts = [message, code].filter((part) => typeof part === 'string' && part !== '').map(String);
  return cleanText(parts.length === 2 ? `${parts[0]} (${parts[1]})` : (parts[0] ?? ''));
}

export function gatewayOf({ gatewayName, attempts }: PaymentModel, say: Frame['say'], unpaid?: Unpaid | null): string {
  const about = attempts.find(({ attempt }) => attempt.id === unpaid?.attempt?.id);
  return about?.gatewayName ?? gatewayName ?? say('payment.gateway.none');
}

/** Why it is unpaid, and what to do about that: first the reason, then what the gateway said, then when it was asked. */
export function explain(
  frame: Speaker,
  model: PaymentModel,
): { readonly why: string; readonly next: string; readonly more: readonly string[] } | null {
  const { unpaid, endedBy, now } = model;
  if (!unpaid) return null;
  const { say } = frame;
  const values = {
    gateway: gatewayOf(model, say, unpaid),
    moment: momentOf(frame, unpaid.until),
    deadline: momentOf(frame, unpaid.attempt?.deadline ?? null),
    count: unpaid.declines,
    reason: sayReason(say, unpaid.attempt?.endReason),
    by: endedBy ? sayActor(say, endedBy) : say('payment.by.paycore'),
  };
  return {
    why: say(`payment.why.${unpaid.why}`, values),
    next: say(`payment.next.${unpaid.why}`, values),
    more: [...saySaid(say, unpaid, values.gateway), ...sayAsked(frame, unpaid, values.gateway, now)],
  };
}

function saySaid(say: Frame['say'], unpaid: Unpaid, gateway: string): readonly string[] {
  const said = quote(unpaid);
  return said === '' ? [] : [say('payment.said', { gateway, said })];
}

function sayAsked(frame: Speaker, { asked, asks, nextAskAt }: Unpaid, gateway: string, now: number): readonly string[] {
  const { say } = frame;
  const key = asked?.isAnswered === false ? 'payment.asked.failed' : 'payment.asked';
  return [
    ...(asked ? [say(key, { time: sayAgo(say, now - asked.at), gateway })] : []),
    ...(asks > 0 ? [say('payment.asks', { gateway, count: asks })] : []),
    ...(nextAskAt === null ? [] : [say('payment.asks.next', { moment: momentOf(frame, nextAskAt) })]),
  ];
}
