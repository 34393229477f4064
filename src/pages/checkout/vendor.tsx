import type { ComponentChildren } from 'preact';
import { speak } from '../text.ts';
import type { PageModel } from './model.ts';
import { moneyOf } from './words.ts';

/**
 * What stands around a gateway's own form in our page: state, button, another try when it fails, and what to do without
 * scripts. `hook` is the word by which the form's script finds each: `data-{hook}-pay`.
 */
export function VendorForm({
  model,
  hook,
  safe,
  children,
}: {
  model: PageModel;
  hook: 'element' | 'insite';
  /** Where what the payer types goes. */
  safe: string;
  children: ComponentChildren;
}) {
  const say = speak(model.locale);
  const mark = (part: string) => ({ [`data-${hook}-${part}`]: true });
  return (
    <>
      <div class="scripted">
        {children}
        <p class="status" role="status" {...mark('status')}>
          {say('insite.loading')}
        </p>
        <button type="button" class="button" disabled {...mark('pay')}>
          {say('insite.button', { amount: moneyOf(model) })}
        </button>
        <div hidden {...mark('failed')}>
          <button type="button" class="button" {...mark('retry')}>
            {say('insite.retry')}
          </button>
        </div>
        <p class="aside">{safe}</p>
      </div>
      <noscript>
        <p class="note">{say('insite.script')}</p>
      </noscript>
    </>
  );
}
