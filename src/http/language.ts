import { preferredLocale } from '../core/accept-language.ts';
import { type DeskLocale, deskLocaleOf, isLocale, type Locale } from '../core/locale.ts';
import { LANGUAGE_OPEN } from '../payments/urls.ts';

/**
 * Which language a page is shown in. The shop may have named it, or the payer chosen it, and then the path says it. Where
 * nobody has yet, the address says that too (`lang=auto`), and the payer's browser decides.
 */
const [NAME = '', VALUE = ''] = LANGUAGE_OPEN.split('=');

/** The page in the language that the browser wants, where that is open and is another than the path's; else null. */
export function otherLanguage(request: Request, shown: Locale | null): Locale | null {
  if (new URL(request.url).searchParams.get(NAME) !== VALUE) return null;
  const wanted = preferredLocale(request.headers.get('accept-language'));
  return wanted === shown ? null : wanted;
}

/** To the same place in that language, which counts as chosen from then on. */
export function turnTo(request: Request, locale: Locale): Response {
  const { pathname, search } = new URL(request.url);
  const query = search
    .slice(1)
    .split('&')
    .filter((part) => part !== LANGUAGE_OPEN)
    .join('&');
  const path = pathname.replace(/^\/[^/]*/, `/${locale}`);
  return new Response(null, {
    status: 302,
    headers: {
      location: query === '' ? path : `${path}?${query}`,
      vary: 'accept-language',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  });
}

/** For pages that merchants and integrators read: what the address names, else what the browser wants, else the usual one. */
export function chooseDeskLocale(request: Request, named: string | null, usual: Locale): DeskLocale {
  if (named !== null && isLocale(named)) return deskLocaleOf(named);
  return deskLocaleOf(preferredLocale(request.headers.get('accept-language')) ?? usual);
}
