import { splitMoney } from '../format.ts';
import { speak } from '../text.ts';
import { DeadlinePill } from './deadline.tsx';
import type { PageModel } from './model.ts';
import { titleKey } from './words.ts';

/** The top of every screen: what it is about, how much, for which order, until when. */
export function Summary({ model }: { model: PageModel }) {
  const say = speak(model.locale);
  const { sign, digits } = splitMoney(model.amount, model.currency, model.locale);
  return (
    <section class="summary">
      <h1 tabIndex={-1}>{say(titleKey(model))}</h1>
      <p class={digits.length > 10 ? 'amount long' : 'amount'}>
        <span class="sign">{sign}</span>
        {digits}
      </p>
      <p class="order">
        <bdi>{say('summary.order', { order: model.merchantOrderNo })}</bdi>
      </p>
      <DeadlinePill model={model} />
    </section>
  );
}
