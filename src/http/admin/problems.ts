import { PayCoreError } from '../../core/errors.ts';
import type { Problem, Say } from '../../pages/admin/frame.ts';
import { type DeskText, sayOf } from '../../pages/admin/texts.ts';
import type { Form } from './form.ts';

/** The sentences of the field tables, and what the desk says instead in the page's language. */
const SENTENCES: readonly (readonly [RegExp, DeskText])[] = [
  [/is required\.$/, 'problem.required'],
  [/must be an integer/, 'problem.integer'],
  [/must be a (?:number|decimal)/, 'problem.decimal'],
  [/must have at least 5 different/, 'problem.uniform'],
  [/must have at least (\S+) characters\.$/, 'problem.least'],
  [/(?:greater|longer) than (\S+) characters\.$/, 'problem.length'],
  [/must be at least (\S+)\.$/, 'problem.min'],
  [/not be greater than (\S+)\.$/, 'problem.max'],
  [/more than (\S+) decimals\.$/, 'problem.decimals'],
  [/must be a valid URL/, 'problem.url'],
  [/must be a valid email address|must be an e-mail address/, 'problem.email'],
  [/is another project’s already/, 'projects.taken'],
  [/must not be null or empty/, 'problem.required'],
  [/must be an https address/, 'branding.logo.wrong'],
  [/not be greater than max, which is/, 'methods.limit.wrong'],
  [/is not a public address/, 'notify.private'],
  [/not be less than min_amount/, 'links.wrong.range'],
  [/has more decimals than (\S+) takes/, 'links.wrong.decimals'],
  [/must be in the future/, 'links.wrong.past'],
  [/must be within (\d+) days/, 'links.wrong.far'],
  [/must be an ISO 4217 code/, 'links.wrong.currency'],
  [/is not right, or was used before/, 'problem.code'],
  [/is not your password/, 'problem.current'],
  [/was wrong too often.* in (\d+) min/, 'problem.tries'],
  [/of what is guessed first/, 'problem.common'],
  [/somebody here has already/, 'problem.taken'],
  [/must be (?:one|a list) of: (.*)\.$/, 'problem.oneof'],
];

/** One sentence about a field in the language of the page; what is not in the table stays as it is. */
export function sayField(say: Say, sentence: string): string {
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) return say(key, { n: found[1] ?? '' });
  }
  return sentence;
}

/** An error of a use case in the language of the page, by its code where there is a sentence, else its own; then the gateway's. */
export function sayError(say: Say, error: PayCoreError): string {
  const known = sayOf(say, 'problem', error.code);
  const message = known === `problem.${error.code}` ? error.message : known;
  const { gateway } = error.details;
  const said = [gateway?.message, gateway?.code].filter(Boolean).join(' ');
  return said === '' ? message : say('problem.said', { message, said });
}

/** Fields whose values must not come back in a page. */
const SECRET = /password|secret|token|key|iv|code/i;

/** What is to be said at the form that was refused, with what was typed. */
export function describeProblem(say: Say, error: PayCoreError, form: Form): Problem {
  const fields = Object.entries(error.details.fields ?? {});
  return {
    message: error.code === 'VALIDATION_FAILED' ? say('problem.form') : sayError(say, error),
    fields: Object.fromEntries(fields.map(([name, [first = '']]) => [name, sayField(say, first)])),
    given: Object.fromEntries(Object.entries(form.values).filter(([name]) => !SECRET.test(name))),
  };
}

/** A use case's own error that a person can do something about. */
export function isTold(error: unknown): error is PayCoreError {
  return error instanceof PayCoreError && error.code !== 'INTERNAL_ERROR';
}
