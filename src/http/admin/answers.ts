import type { PayCoreError } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import { renderDesk, renderDeskProblem } from '../../pages/admin/document.tsx';
import { pageHeaders } from '../../security/csp.ts';
import type { Caller } from './callers.ts';
import { writeCookie } from './cookies.ts';
import type { Done, PageName, Shown } from './desk.ts';
import { NOTICE_AGE_S, NOTICE_COOKIE, writeNotice } from './notices.ts';
import { sayError } from './problems.ts';

/** What is wrong with a request, before any use case. */
const REFUSALS = { forbidden: 403, csrf: 403, missing: 404, busy: 429, failed: 500, storage: 503 } as const;
export type Refusal = keyof typeof REFUSALS;

/** Answers of the desk. What all of them have in common, `door.ts` adds. */
export function createDeskAnswers({ publicUrl }: Pick<Deps, 'publicUrl'>) {
  const isSecure = publicUrl.startsWith('https:');

  const html = (body: string, status: number, pictures: readonly string[] = []): Response =>
    new Response(body, { status, headers: pageHeaders({ pictures }) });

  const move = (to: string, cookies: readonly string[] = []): Response => {
    const { 'content-type': _, ...headers } = pageHeaders();
    const response = new Response(null, { status: 303, headers: { ...headers, location: to } });
    for (const cookie of cookies) response.headers.append('set-cookie', cookie);
    return response;
  };

  const answer = (frame: Caller, page: PageName, shown: Shown, cookies: readonly (string | null)[] = []): Response => {
    const response = html(renderDesk(frame, page, shown), shown.status ?? 200, shown.pictures);
    for (const cookie of cookies) if (cookie !== null) response.headers.append('set-cookie', cookie);
    // What was said once is not said again.
    if (frame.notice !== null)
      response.headers.append('set-cookie', writeCookie(NOTICE_COOKIE, '', { isSecure, maxAge: 0 }));
    return response;
  };

  return {
    isSecure,
    move,
    answer,

    /** A problem of the request itself. */
    refuse(frame: Caller, page: PageName, refusal: Refusal, back = '/admin'): Response {
      const { say } = frame;
      const told = { title: say(`problem.title.${refusal}`), message: say(`problem.${refusal}`), back };
      return html(renderDeskProblem(frame, page, told), REFUSALS[refusal]);
    },

    /** A use case's own error. */
    explain(frame: Caller, page: PageName, error: PayCoreError, back: string): Response {
      const told = { title: frame.say('problem.title.failed'), message: sayError(frame.say, error), back };
      return html(renderDeskProblem(frame, page, told), error.status);
    },

    finish(frame: Caller, page: PageName, done: Done): Response {
      if ('shown' in done) return answer(frame, page, done.shown, done.cookies);
      const { to, notice, values, cookies = [] } = done;
      if (notice === undefined) return move(to, cookies);
      const said = writeCookie(NOTICE_COOKIE, writeNotice(notice, values), { isSecure, maxAge: NOTICE_AGE_S });
      return move(to, [...cookies, said]);
    },
  };
}

export type DeskAnswers = ReturnType<typeof createDeskAnswers>;
