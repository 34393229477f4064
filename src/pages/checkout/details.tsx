import { formatMoment } from '../format.ts';
import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import type { PageModel, Screen } from './model.ts';
import { isPaidElsewhere, methodKey, moneyOf } from './words.ts';

function nameCard({ last4, bank }: NonNullable<PageModel['card']>): string {
  return cleanText(['•••• ', last4, ...(bank ? [' · ', bank] : [])].join(''));
}

/** After these a deadline means nothing. */
const ENDED: readonly Screen[] = ['paid', 'failed', 'cancelled'];

export function Details({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const show = (ms: number) => say('time.taipei', { moment: formatMoment(model.locale, say, ms, null) });
  const paid = model.screen === 'paid';
  const due = ENDED.includes(model.screen) ? null : model.deadline;
  const rows: readonly (readonly [string, string | null])[] = [
    [say('details.shop'), model.shopName],
    [say('details.order'), model.merchantOrderNo],
    [say('details.item'), model.itemName],
    [say('details.amount'), moneyOf(model)],
    [
      say('details.method'),
      model.gateway === '' || model.screen === 'choose' ? null : `${say(methodKey(model.method))} · ${model.gateway}`,
    ],
    [say(isPaidElsewhere(model) ? 'details.due' : 'details.due.online'), due === null ? null : show(due)],
    [say('details.card'), paid && model.card ? nameCard(model.card) : null],
    [say('details.paid'), paid && model.paidAt !== null ? show(model.paidAt) : null],
    [say('details.number'), cleanText(model.paymentNo)],
  ];
  return (
    <section class="details">
      <h2>{say('details.title')}</h2>
      <dl>
        {rows.map(
          ([name, value]) =>
            value !== null &&
            value !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
