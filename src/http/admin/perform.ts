import { PayCoreError } from '../../core/errors.ts';
import type { Deps } from '../../deps.ts';
import type { AuditEnd } from '../../store/commands/people/audit.ts';
import type { DeskAnswers } from './answers.ts';
import type { Caller } from './callers.ts';
import type { DeskAction, Done, Problem, Shown } from './desk.ts';
import type { Form } from './form.ts';
import { describeProblem, isTold } from './problems.ts';

interface Performance {
  readonly action: Pick<DeskAction, 'action' | 'page' | 'path' | 'auditsItself'>;
  readonly form: Form;
  readonly run: () => Promise<Done>;
  readonly again: ((problem: Problem) => Promise<Shown | null>) | null;
}

/** Runs an action between the two halves of its audit entry: there is no change without one. */
export function createPerformer({ store }: Pick<Deps, 'store'>, { answer, explain, finish }: DeskAnswers) {
  const begin = async (who: Caller, action: string): Promise<(end: AuditEnd) => Promise<void>> => {
    const entry = await store.beginAudit({
      personId: who.person?.id ?? null,
      who: who.person?.name ?? '',
      address: who.from,
      action,
      about: who.url.pathname,
      now: who.now,
    });
    return (end) => store.endAudit(entry, end);
  };

  return async function perform(who: Caller, { action, form, run, again }: Performance): Promise<Response> {
    const end = action.auditsItself ? async () => {} : await begin(who, action.action);
    try {
      const done = await run();
      const { about, before = null, after = null } = done.audit;
      await end({ outcome: 'done', about, before, after });
      return finish(who, action.page, done);
    } catch (error) {
      const code = error instanceof PayCoreError ? error.code : 'INTERNAL_ERROR';
      if (code === 'STORAGE_UNAVAILABLE') throw error;
      await end({ outcome: code, before: null, after: null });
      if (!isTold(error)) throw error;
      const shown = (await again?.(describeProblem(who.say, error, form))) ?? null;
      if (shown) return answer(who, action.page, { status: error.status, ...shown });
      return explain(who, action.page, error, backOf(action.path, who.url.pathname));
    }
  };
}

/** The page that an action's form most likely stood on: the address without the action's own part. */
export function backOf(path: string, pathname: string): string {
  const parts = pathname.split('/').slice(0, path.split('/').length - 1);
  return parts.length < 2 ? '/admin' : parts.join('/');
}
