import type { Fact } from '../attempt.ts';
import type { Trouble } from '../attention.ts';
import type { Flag } from '../payment.ts';
import type { Transition } from './transition.ts';

/** What a person has to look into after a fact, as data: the store writes it in the transaction of the change. */
export function troublesOf(before: readonly Flag[], fact: Fact, result: Transition): readonly Trouble[] {
  const money = describeMoney(fact);
  const isLate = result.payment.flags.includes('late') && !before.includes('late');
  return [
    // The same wrong money is told again and again; other wrong money is other trouble.
    ...(result.verdict === 'rejected'
      ? [
          {
            kind: 'mismatch',
            about: Object.values(money).join(' '),
            data: { reason: result.reason, ...money },
          } as const,
        ]
      : []),
    ...result.effects.flatMap(({ event, about = '' }): readonly Trouble[] =>
      event === 'payment.duplicate' ? [{ kind: 'duplicate', about, data: money }] : [],
    ),
    ...(isLate ? [{ kind: 'late', about: '', data: money } as const] : []),
    ...(fact.type === 'disputed'
      ? [{ kind: 'disputed', about: fact.code, data: { code: fact.code, message: fact.message } } as const]
      : []),
  ];
}

function describeMoney(fact: Fact): Readonly<Record<string, unknown>> {
  if (fact.type === 'paid') return { amount: fact.amount, currency: fact.currency, trade_no: fact.tradeNo ?? null };
  return fact.type === 'instructions' ? { amount: fact.amount ?? null } : {};
}
