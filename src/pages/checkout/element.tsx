import { speak } from '../text.ts';
import type { PageModel } from './model.ts';
import { NoticeLine } from './parts.tsx';
import { VendorForm } from './vendor.tsx';

/** What the script says, in the payer's language. */
function textsOf({ locale }: PageModel): string {
  const say = speak(locale);
  return JSON.stringify({
    loading: say('insite.loading'),
    paying: say('insite.paying'),
    failed: say('insite.failed'),
    refused: say('insite.refused'),
    unclear: say('notice.capture_failed'),
  });
}

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
        data-texts={textsOf(model)}
      >
        <VendorForm model={model} hook="element" safe={speak(locale)('element.safe', { gateway })}>
          <div data-element />
        </VendorForm>
      </section>
    </>
  );
}
