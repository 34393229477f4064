import type { Locale } from '../../core/locale.ts';
import { safePath, safeUrl } from '../safe.ts';
import { speak, type TextKey } from '../text.ts';
import { renderDocument } from './document.tsx';
import type { PageModel } from './model.ts';
import { NoticeLine } from './notice.tsx';

export type Problem = 'too_many_tries' | 'gateway' | 'unavailable' | 'method';

const TEXTS: Readonly<Record<Problem, readonly [TextKey, TextKey]>> = {
  too_many_tries: ['problem.tries.title', 'problem.tries.text'],
  gateway: ['problem.gateway.title', 'problem.gateway.text'],
  unavailable: ['problem.unavailable.title', 'problem.unavailable.text'],
  method: ['problem.method.title', 'problem.method.text'],
};

function renderMessage(
  locale: Locale,
  [title, text]: readonly [TextKey, TextKey],
  { back = null, result = null }: { readonly back?: string | null; readonly result?: Result | null } = {},
): string {
  const say = speak(locale);
  return renderDocument({
    locale,
    title: say(title),
    children: (
      <main class="card message" data-status={result?.status}>
        <h1>{say(title)}</h1>
        {result && <NoticeLine model={{ ...result, locale }} />}
        <p>{say(text)}</p>
        {back && (
          <a class="button" href={back}>
            {say('problem.back')}
          </a>
        )}
      </main>
    ),
  });
}

/** A wrong token and a number that was never given out look the same: the page says nothing about either. */
export function renderNotFound(locale: Locale): string {
  return renderMessage(locale, ['missing.title', 'missing.text']);
}

/** What became of a payment. */
export type Result = Pick<PageModel, 'status' | 'notice' | 'gateway'>;

/** After a payment at the gateway, for who has nothing that opens the payment's page. */
export function renderReturned(locale: Locale, result: Result | null = null): string {
  const isPaid = result?.status === 'paid';
  return renderMessage(locale, isPaid ? ['paid.title', 'paid.close'] : ['returned.title', 'returned.text'], { result });
}

export function renderProblem(locale: Locale, kind: Problem, backUrl?: string): string {
  return renderMessage(locale, TEXTS[kind], { back: safePath(backUrl ?? null) ?? safeUrl(backUrl) });
}
