import type { InSiteTexts } from '../../../web/types.d.ts';
import { speak, type TextKey } from '../text.ts';
import type { PageModel } from './model.ts';
import { VendorForm } from './vendor.tsx';
import { sayAll } from './words.ts';

/** What insite.js says, in the payer's language. */
const TEXTS: Readonly<Record<keyof InSiteTexts, TextKey>> = {
  loading: 'insite.loading',
  renewed: 'insite.renewed',
  again: 'insite.again',
  paying: 'insite.paying',
  leaving: 'insite.leaving',
  asking: 'insite.asking',
  refused: 'insite.refused',
  reason: 'insite.reason',
  failed: 'insite.failed',
  closed: 'insite.closed',
};

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
      data-texts={sayAll(model, TEXTS)}
    >
      <VendorForm model={model} hook="insite" safe={speak(locale)('insite.safe', { gateway })}>
        <div id="ECPayPayment" />
      </VendorForm>
    </section>
  );
}
