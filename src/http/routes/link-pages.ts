import { Elysia } from 'elysia';
import { PayCoreError } from '../../core/errors.ts';
import type { Link } from '../../core/link.ts';
import type { Locale } from '../../core/locale.ts';
import type { Deps } from '../../deps.ts';
import { listPictures, renderLinkPage } from '../../pages/checkout/index.ts';
import { findLink, linkPath } from '../../payments/links/links.ts';
import {
  buildLinkPageModel,
  endOf,
  type LinkArrival,
  readSentForm,
  type SentForm,
  useLink,
} from '../../payments/links/page.ts';
import { pagePath } from '../../payments/urls.ts';
import type { Api } from '../api.ts';
import { MAX_FORM } from '../body.ts';
import { otherLanguage, turnTo } from '../language.ts';
import { createPageAnswers, redirect } from '../page-answers.ts';

/** What payers see of payment links. */
export function linkPageRoutes(deps: Deps, { limits, receive }: Api) {
  const { html, localeOf, notFound, guard, refuse } = createPageAnswers(deps, limits);

  const show = async (link: Link, locale: Locale, arrival: LinkArrival = {}, status = 200): Promise<Response> => {
    const model = await buildLinkPageModel(deps, link, locale, arrival);
    return html(renderLinkPage(model), endOf(model) === null ? status : 410, { pictures: listPictures(model.brand) });
  };

  const send = async (link: Link, locale: Locale, form: SentForm): Promise<Response> => {
    const result = await useLink(deps, link, form);
    if (result.type === 'payment') return redirect(pagePath(deps, result.payment.paymentNo, locale));
    // What became of it meanwhile is read anew.
    const now = (await findLink(deps, link.linkNo)) ?? link;
    if (result.type === 'ended') return show(now, locale);
    return show(now, locale, { form, problems: result.problems }, 422);
  };

  return new Elysia()
    .get('/:locale/link/:linkNo', ({ request, params }) =>
      guard('page', request, localeOf(params.locale), async () => {
        const locale = localeOf(params.locale);
        const link = await findLink(deps, params.linkNo);
        if (!link) return notFound(locale);
        const other = otherLanguage(request, locale);
        if (other) return turnTo(request, other);
        return locale ? show(link, locale) : redirect(linkPath(link.linkNo, deps.config.locale));
      }),
    )
    .post(
      '/:locale/link/:linkNo',
      ({ request, params }) =>
        guard('link', request, localeOf(params.locale), async () => {
          const locale = localeOf(params.locale) ?? deps.config.locale;
          const link = await findLink(deps, params.linkNo);
          if (!link) return notFound(locale);
          const wait = limits.waitForKey('linkUses', link.linkNo);
          if (wait !== null) return refuse(request, locale, wait);
          const form = await readForm(receive, request);
          return form ? send(link, locale, form) : show(link, locale, {}, 413);
        }),
      { parse: 'none' },
    );
}

/** Null: more than any browser sends from this page. */
async function readForm(receive: Api['receive'], request: Request): Promise<SentForm | null> {
  try {
    const body = await receive(request, MAX_FORM);
    return readSentForm(new URLSearchParams(new TextDecoder().decode(body)));
  } catch (error) {
    if (error instanceof PayCoreError && error.code === 'PAYLOAD_TOO_LARGE') return null;
    throw error;
  }
}
