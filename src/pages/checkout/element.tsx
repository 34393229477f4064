import type { StripeTexts } from '../../../web/types.d.ts';
import { speak, type TextKey } from '../text.ts';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';
import { VendorForm } from './vendor.tsx';
import { sayAll } from './words.ts';

/** What the script says, in the payer's language. */
const TEXTS: Readonly<Record<keyof StripeTexts, TextKey>> = {
  loading: 'insite.loading',
  paying: 'insite.paying',
  failed: 'insite.failed',
  closed: 'insite.closed',
  refused: 'insite.refused',
  unclear: 'notice.capture_failed',
};

/**
 * The gateway's own form, drawn by its script into `[data-element]`. The browser pays with it, without us; the gateway's
 * script moves it from `loading` to `ready`, `paying` or `failed`.
 */
export function ElementScreen({ model }: { model: PageModel }) {
  const { element, gateway, locale } = model;
  if (!element) return null;
  return (
    <>
      <NoticeLine model={model} />
      <section
        class="block insite"
        data-block
        data-pay-element
        data-state="loading"
        data-script-url={element.scriptUrl ?? undefined}
        data-settings={JSON.stringify(element.settings)}
        data-texts={sayAll(model, TEXTS)}
      >
        <VendorForm model={model} hook="element" safe={speak(locale)('element.safe', { gateway })}>
          <div data-element />
        </VendorForm>
      </section>
    </>
  );
}
