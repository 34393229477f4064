import { Elysia } from 'elysia';
import type { Deps } from '../../deps.ts';
import { drawQrPicture, type PageModel, writeReminder } from '../../pages/checkout/index.ts';
import { buildPageModel } from '../../payments/checkout/page.ts';
import { findShownCode } from '../../payments/checkout/shown-code.ts';
import { pageHeaders } from '../../security/csp.ts';
import type { Api } from '../api.ts';
import { createPageAnswers, NO_STORE } from '../page-answers.ts';

/** What a payer takes along from the page of a payment. */
export function paymentFileRoutes(deps: Deps, { limits }: Api) {
  const { find, localeOf, notFound, guard } = createPageAnswers(deps, limits);

  return (
    new Elysia()
      // A wallet's QR code, for a payer whose wallet is on the phone that shows the page.
      .get('/:locale/pay/:paymentNo/qr.png', ({ request, params }) => {
        const locale = localeOf(params.locale);
        return guard('page', request, locale, async () => {
          const found = await find(request, params.paymentNo);
          const code = found && (await findShownCode(deps, found));
          return code === null ? notFound(locale) : sendPicture(code);
        });
      })
      // The deadline, for the calendar of a phone.
      .get('/:locale/pay/:paymentNo/deadline.ics', ({ request, params }) => {
        const locale = localeOf(params.locale) ?? deps.config.locale;
        return guard('page', request, locale, async () => {
          const found = await find(request, params.paymentNo);
          const model = found && (await buildPageModel(deps, found, locale));
          return model?.calendarUrl && model.deadline !== null ? sendReminder(model, model.deadline) : notFound(locale);
        });
      })
  );
}

/** Not as an attachment: where a browser does not save it, a long press on the picture does. */
async function sendPicture(code: string): Promise<Response> {
  const headers = { ...NO_STORE, 'content-type': 'image/png', 'referrer-policy': 'no-referrer' };
  return new Response(await drawQrPicture(code), { headers });
}

/** Opened right away, not only kept: a phone then shows it in its calendar. */
function sendReminder(model: PageModel, deadline: number): Response {
  const headers = {
    ...pageHeaders(),
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': `inline; filename="${model.paymentNo}.ics"`,
  };
  return new Response(writeReminder(model, deadline), { headers });
}
