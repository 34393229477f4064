import { formatMoney } from '../../format.ts';
import { cleanText } from '../../safe.ts';
import type { Frame } from '../frame.ts';
import type { DeskText } from '../texts.ts';
import type { PaymentModel, ShownEntry } from './model.ts';
import { quote, sayReason } from './words.ts';

/** One entry of the timeline as a sentence. */
export function tellEntry(say: Frame['say'], { payment }: Pick<PaymentModel, 'payment'>, entry: ShownEntry): string {
  const { type, data, gatewayName } = entry;
  const known = sayIfKnown(say, keyOf(entry), {
    type,
    gateway: gatewayName ?? say('payment.gateway.none'),
    told: tellFact(say, data, payment.currency),
    reason: sayReason(say, data.reason),
    amount: moneyOf(data, payment.currency),
    no: textOf(data.refund_no),
    status: wordOf(say, 'payment.refund.status', data.status),
    event: wordOf(say, 'payment.notified', data.event),
    why: cleanText(textOf(data.reason)),
    result: wordOf(say, 'payment.result', data.result),
    kind: wordOf(say, 'attention', data.kind),
  });
  return known ?? say('payment.event.other', { type });
}

function keyOf({ type, data }: ShownEntry): string {
  return type === 'notification.failed' && data.final === true
    ? 'payment.event.notification.final'
    : `payment.event.${type}`;
}

/** What a gateway said, in our words, then its own, then what came of it when that was not to take it. */
function tellFact(say: Frame['say'], data: ShownEntry['data'], currency: string): string {
  const fact = sayFact(say, data, currency);
  const said = quote({ code: data.code ?? data.kind, message: data.message });
  const verdict = sayVerdict(say, data);
  const parts = [said, verdict].filter((part) => part !== '');
  return parts.length === 0 ? fact : say('payment.fact.said', { fact, said: parts.join('; ') });
}

function sayFact(say: Frame['say'], data: ShownEntry['data'], currency: string): string {
  const fact = textOf(data.fact) || textOf(data.outcome) || textOf(data.result) || 'other';
  const name = fact === 'paid' && data.simulated === true ? 'paid.simulated' : fact;
  const amount = moneyOf(data, currency);
  return sayIfKnown(say, `payment.fact.${name}`, { amount }) ?? say('payment.fact.other');
}

/** That it was taken goes without saying. */
function sayVerdict(say: Frame['say'], data: ShownEntry['data']): string {
  const { verdict, reason, fact } = data;
  if (typeof verdict !== 'string' || verdict === 'applied') return '';
  if (fact === 'ended' && verdict !== 'rejected') return '';
  const why = sayIfKnown(say, `payment.verdict.${textOf(reason)}`) ?? cleanText(textOf(reason));
  if (verdict === 'rejected') return say('payment.verdict.rejected', { reason: why });
  const noted = sayIfKnown(say, `payment.verdict.${verdict}`) ?? '';
  return [noted, why].filter((part) => part !== '').join(', ');
}

function moneyOf({ amount, currency }: ShownEntry['data'], usual: string): string {
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) return '';
  return formatMoney(amount, typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : usual);
}

function wordOf(say: Frame['say'], group: string, word: unknown): string {
  return sayIfKnown(say, `${group}.${textOf(word)}`) ?? cleanText(textOf(word));
}

/** Null: there is no such sentence. */
function sayIfKnown(say: Frame['say'], key: string, values: Readonly<Record<string, string>> = {}): string | null {
  const told = say(key as DeskText, values);
  return told === key ? null : told;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
