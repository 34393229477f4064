import type { Locale } from '../../core/locale.ts';
import { splitMoney } from '../format.ts';
import { speak } from '../text.ts';
import { DeadlinePill } from './deadline.tsx';
import { type Mark, OutcomeMark } from './icons.tsx';
import type { PageModel, Screen } from './model.ts';
import { titleKey } from './words.ts';

/** Screens that say what has become of the payment, by the picture of it. On all others money is awaited. */
const OUTCOMES: Partial<Readonly<Record<Screen, Mark>>> = {
  waiting: 'dots',
  paid: 'tick',
  expired: 'clock',
  failed: 'cross',
  cancelled: 'line',
};

/** There is nothing more to be paid here, or it is not known yet that there is. */
export function isOver(screen: Screen): boolean {
  return OUTCOMES[screen] !== undefined;
}

/** Outcomes after which nobody owes the amount any more. */
const VOID: readonly Screen[] = ['expired', 'cancelled'];

/** The top of every screen. While money is awaited: what to do, for what, how much, until when. Afterwards: what became of it first. */
export function Summary({ model }: { model: PageModel }) {
  const mark = OUTCOMES[model.screen];
  return (
    <section class={mark ? 'summary over' : 'summary'} data-outcome={mark && model.screen}>
      {mark && <OutcomeMark mark={mark} />}
      <h1 tabIndex={-1}>{speak(model.locale)(titleKey(model))}</h1>
      {mark ? <Amount {...model} isVoid={VOID.includes(model.screen)} /> : <Item model={model} />}
      {mark ? <Item model={model} /> : <Amount {...model} />}
      <DeadlinePill model={model} />
    </section>
  );
}

export function Amount(props: {
  readonly amount: number;
  readonly currency: string;
  readonly locale: Locale;
  readonly isVoid?: boolean;
}) {
  const { sign, digits } = splitMoney(props.amount, props.currency, props.locale);
  const shown = (
    <>
      <span class="sign">{sign}</span>
      {digits}
    </>
  );
  return <p class={digits.length > 10 ? 'amount long' : 'amount'}>{props.isVoid ? <s>{shown}</s> : shown}</p>;
}

/** What it is for; an order without a name by its number. */
function Item({ model }: { model: PageModel }) {
  const { itemName, merchantOrderNo: order, locale } = model;
  const text = itemName || (order && speak(locale)('summary.order', { order }));
  if (!text) return null;
  return (
    <p class="item">
      <bdi>{text}</bdi>
    </p>
  );
}
