import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { drawQrPicture } from '../../pages/checkout/index.ts';
import { findShownCode } from '../../payments/checkout/shown-code.ts';
import type { Api } from '../api.ts';
import { createPageAnswers, NO_STORE } from '../page-answers.ts';

/** A wallet's QR code as a file, for a payer whose wallet is on the phone that shows the page. */
export function paymentPictureRoutes(deps: Deps, { limits }: Api) {
  const { find, localeOf, notFound, guard } = createPageAnswers(deps, limits);

  return new Elysia().get('/:locale/pay/:paymentNo/qr.png', ({ request, params }) => {
    const locale = localeOf(params.locale);
    return guard('page', request, locale, async () => {
      const found = await find(request, params.paymentNo);
      const code = found && (await findShownCode(deps, found));
      if (code === null) return notFound(locale);
      // Not as an attachment: where a browser does not save it, a long press on the picture does.
      const headers = { ...NO_STORE, 'content-type': 'image/png', 'referrer-policy': 'no-referrer' };
      return new Response(await drawQrPicture(code), { headers });
    });
  });
}
