import type { Store } from '../../core/attempt.ts';
import { speak, type TextKey } from '../text.ts';
import { GuideLink } from './buttons.tsx';
import type { PageModel } from './model.ts';
import { moneyOf, STORE_KEYS } from './words.ts';

/**
 * What is pressed on the machine of each chain, by the machine's own words. They differ from chain to chain, not from
 * gateway to gateway. Sources: the steps that beams.tw shows its customers for all four machines
 * (https://www.beams.tw/help/02_02.html), CheapServer for ibon (https://docs.cheapserver.tw/store/payment/ibon). That a
 * slip is good for three hours: ezPay for all machines (http://buy.yusoo.com.tw/mobile.php?web=EZPAY_mmk), So-net for
 * FamiPort (https://www.so-net.net.tw/service/payment/FamiPort/).
 */
const FIRST: Readonly<Record<Store, TextKey>> = {
  ibon: 'cvs.step.ibon',
  famiport: 'cvs.step.famiport',
  lifeet: 'cvs.step.lifeet',
  okgo: 'cvs.step.okgo',
};
/** Only what comes first differs. */
const THEN = ['cvs.step.code', 'cvs.step.print', 'cvs.step.done'] as const satisfies readonly TextKey[];

export function listSteps(store: Store): readonly TextKey[] {
  return [FIRST[store], ...THEN];
}

/** The steps of one chain at a time. They are radio buttons, so that no script is needed and the arrow keys choose. */
export function StoreSteps({ model, stores }: { model: PageModel; stores: readonly Store[] }) {
  const say = speak(model.locale);
  const values = { amount: moneyOf(model) };
  return (
    <section class="steps">
      <h2>{say('steps.title')}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: old browsers lay a fieldset out in their own way */}
      <div class="tabs" role="group" aria-label={say('cvs.chain')}>
        {stores.map((store, i) => [
          <input
            key={store}
            type="radio"
            name="store"
            id={`store-${store}`}
            value={store}
            class={`unseen tab-${store}`}
            checked={i === 0}
          />,
          <label key={`label-${store}`} for={`store-${store}`}>
            {say(STORE_KEYS[store])}
          </label>,
        ])}
        <ol>
          {stores.map((store) => (
            <li key={store} class={`of-${store}`}>
              <span>{say(FIRST[store])}</span>
            </li>
          ))}
          {THEN.map((key) => (
            <li key={key}>
              <span>{say(key, values)}</span>
            </li>
          ))}
        </ol>
      </div>
      <GuideLink model={model} />
    </section>
  );
}
