import type { ComponentChildren } from 'preact';
import type { Locale } from '../../core/locale.ts';
import { formatWait } from '../format.ts';
import { cleanText, safePath, safeUrl } from '../safe.ts';
import { speak, type TextKey, type Values } from '../text.ts';
import { Contact } from './brand.tsx';
import { renderDocument } from './document.tsx';
import { type Mark, OutcomeMark } from './icons.tsx';
import type { PageModel, ShopSign } from './model.ts';
import { NoticeLine } from './notice.tsx';

/**
 * Pages that stand in the way of one. `too_many_tries`: wait a while. `used_up`: this payment has had all its tries. What
 * became of a call to the gateway: `refused` for good, `unreachable` and not made, `unclear`.
 */
export type Problem = 'too_many_tries' | 'used_up' | 'refused' | 'unreachable' | 'unclear' | 'unavailable' | 'method';

const TEXTS: Readonly<Record<Problem, readonly [TextKey, TextKey]>> = {
  too_many_tries: ['problem.tries.title', 'problem.tries.text'],
  used_up: ['problem.used_up.title', 'problem.used_up.text'],
  refused: ['problem.refused.title', 'problem.refused.text'],
  unreachable: ['problem.unreachable.title', 'problem.unreachable.text'],
  unclear: ['problem.unclear.title', 'problem.unclear.text'],
  unavailable: ['problem.unavailable.title', 'problem.unavailable.text'],
  method: ['problem.method.title', 'problem.method.text'],
};

/** What is known besides. */
export interface ProblemFacts {
  /** Null: nobody may be told whose page it is. */
  readonly shop?: ShopSign | null;
  /** Path and query of the page where another way to pay is chosen. */
  readonly changeUrl?: string | null;
  readonly gateway?: string;
  /** How long to wait. */
  readonly seconds?: number;
}

/** As an address: the one that the browser is at, which need not be written down. */
export const RELOAD = '';

/** Long enough for any limit of a minute. */
const USUAL_WAIT = 60;

export function renderProblem(locale: Locale, kind: Problem, backUrl?: string, facts: ProblemFacts = {}): string {
  const { shop = null, changeUrl = null, gateway = '', seconds = USUAL_WAIT } = facts;
  const say = speak(locale);
  const change = safePath(changeUrl);
  const back = backUrl === RELOAD ? RELOAD : (safePath(backUrl ?? null) ?? safeUrl(backUrl));
  const links = [
    ...(change ? [{ href: change, text: say('choose.change') }] : []),
    ...(back !== null ? [{ href: back, text: say(RETRIED.includes(kind) ? 'problem.again' : 'problem.back') }] : []),
  ];
  const values = { gateway: cleanText(gateway), time: formatWait(locale, seconds) };
  return renderMessage(locale, TEXTS[kind], { kind, values, links, shop });
}

/** Where the same may be tried again after a while. */
const RETRIED: readonly Problem[] = ['too_many_tries', 'unavailable'];

interface Message {
  readonly kind: string;
  readonly values?: Values;
  /** The first is what to do next. */
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly shop: ShopSign | null;
  readonly status?: string | undefined;
  readonly mark?: Mark | undefined;
  readonly notice?: ComponentChildren;
}

function renderMessage(locale: Locale, [title, text]: readonly [TextKey, TextKey], message: Message): string {
  const { kind, values = {}, links = [], shop, status, mark, notice } = message;
  const say = speak(locale);
  const home = safeUrl(shop?.homeUrl);
  const all = [...links, ...(home ? [{ href: home, text: say('shop.back') }] : [])];
  return renderDocument({
    locale,
    title: say(title, values),
    ...(shop ? { shopName: shop.shopName, brand: shop.brand, homeUrl: shop.homeUrl } : {}),
    test: shop?.livemode === false,
    hasContact: true,
    children: (
      <main class="card message" data-problem={kind} data-status={status}>
        {mark && <OutcomeMark mark={mark} />}
        <h1>{say(title, values)}</h1>
        {notice}
        <p>{say(text, values)}</p>
        {all.map((link, at) => (
          <a key={link.href} class={at === 0 ? 'button' : 'button second'} href={link.href}>
            {link.text}
          </a>
        ))}
        <Contact brand={shop?.brand} say={say} />
      </main>
    ),
  });
}

/**
 * A wrong token and a number that was never given out look the same: the page says nothing about either. `shop`: the
 * only one there is, which tells nothing about a payment.
 */
export function renderNotFound(locale: Locale, shop: ShopSign | null = null): string {
  return renderMessage(locale, ['missing.title', 'missing.text'], { kind: 'missing', shop });
}

/** What became of a payment. */
export type Result = Pick<PageModel, 'status' | 'notice' | 'gateway'>;

/** After a payment at the gateway, for who has nothing that opens the payment's page. */
export function renderReturned(locale: Locale, result: Result | null = null, shop: ShopSign | null = null): string {
  return renderMessage(locale, explainReturn(result), {
    kind: 'returned',
    shop,
    status: result?.status,
    mark: result?.status === 'paid' ? 'tick' : undefined,
    notice: result && <NoticeLine model={{ ...result, locale }} />,
  });
}

function explainReturn(result: Result | null): readonly [TextKey, TextKey] {
  switch (result?.status) {
    case 'paid':
      return ['paid.title', 'paid.close'];
    case 'expired':
      return ['expired.order.title', 'expired.order'];
    case 'failed':
      return ['failed.title', 'failed.text'];
    default:
      return ['returned.title', isDecided(result) ? 'returned.again' : 'returned.text'];
  }
}

/** It is known that this try took nothing. */
function isDecided(result: Result | null): boolean {
  return result?.notice === 'declined' || result?.notice === 'cancelled';
}
