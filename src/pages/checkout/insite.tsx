import { speak } from '../text.ts';
import type { PageModel } from './model.ts';
import { VendorForm } from './vendor.tsx';

/** What insite.js says, in the payer's language. */
function textsOf({ locale, gateway }: PageModel): string {
  const say = speak(locale);
  return JSON.stringify({
    loading: say('insite.loading'),
    renewed: say('insite.renewed'),
    again: say('insite.again'),
    paying: say('insite.paying'),
    leaving: say('insite.leaving'),
    asking: say('insite.asking', { gateway }),
    refused: say('insite.refused'),
    reason: say('insite.reason', { gateway }),
    failed: say('insite.failed'),
  });
}

/**
 * The gateway's own form in our page. Its script writes into `#ECPayPayment`, the name ECPay's documentation fixes;
 * everything around it is ours, and insite.js moves it from `loading` to `ready`, `paying` or `failed`.
 */
export function InSiteScreen({ model }: { model: PageModel }) {
  const { inSite, gateway, locale } = model;
  return (
    <section
      class="block insite"
      data-block
      data-insite
      data-state="loading"
      data-form-url={inSite?.formUrl ?? undefined}
      data-pay-url={inSite?.payUrl ?? undefined}
      data-texts={textsOf(model)}
    >
      <VendorForm model={model} hook="insite" safe={speak(locale)('insite.safe', { gateway })}>
        <div id="ECPayPayment" />
      </VendorForm>
    </section>
  );
}
