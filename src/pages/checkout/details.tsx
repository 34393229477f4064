import { cleanText } from '../safe.ts';
import { speak } from '../text.ts';
import type { PageModel } from './model.ts';
import { methodKey, momentOf, moneyOf } from './words.ts';

function nameCard({ last4, bank }: NonNullable<PageModel['card']>): string {
  return cleanText(['•••• ', last4, ...(bank ? [' · ', bank] : [])].join(''));
}

export function Details({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const show = (ms: number) => momentOf(model, ms, null);
  const paid = model.screen === 'paid';
  const rows: readonly (readonly [string, string | null])[] = [
    [say('details.shop'), model.shopName],
    [say('details.order'), model.merchantOrderNo],
    [say('details.item'), model.itemName],
    [say('details.amount'), moneyOf(model)],
    [say('details.method'), model.gateway === '' ? null : `${say(methodKey(model.method))} · ${model.gateway}`],
    [say('details.due'), model.deadline === null || paid ? null : show(model.deadline)],
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
