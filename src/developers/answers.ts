import type { Content, Example, Media, Operation, Reference, Schema } from '../http/openapi/types.ts';
import { listFields, type Resolve } from './fields.ts';
import type { Answer, Body, Endpoint, ErrorRow } from './types.ts';

/** An answer as the document has it. */
interface Told {
  readonly status: string;
  readonly text: string;
  /** Empty: it has no body. */
  readonly type: string;
  readonly media: Media | undefined;
}

type Answers = Pick<Endpoint, 'answers' | 'errors' | 'refusals'>;

export function readAnswers({ responses }: Operation, resolve: Resolve): Answers {
  const told = Object.entries(responses).map(([status, given]): Told => {
    const answer = resolve(given as { description: string; content?: Content } | Reference);
    const [[type, media] = []] = Object.entries(answer.content ?? {});
    return { status, text: answer.description, type: type ?? '', media };
  });
  const isGood = ({ status }: Told): boolean => status.startsWith('2');
  const isError = ({ media }: Told): boolean => readErrors(media, resolve).length > 0;
  return {
    answers: told
      .filter(isGood)
      .map((one) => show(one, resolve))
      .reduceRight(mergeTwins, []),
    errors: told.flatMap(({ media }) => readErrors(media, resolve)),
    refusals: told.filter((answer) => !isGood(answer) && !isError(answer)).map((one) => show(one, resolve)),
  };
}

function show({ status, text, type, media }: Told, resolve: Resolve): Answer {
  const examples = media === undefined ? [] : readExamples(media, resolve).map((one) => ({ ...one, type }));
  const example = examples[0]?.value;
  const schema = media && resolve<Schema>(media.schema);
  const fields = schema ? listFields(schema, { resolve, place: 'answer', example }) : [];
  return { status, text, type, fields, example, examples };
}

/** What was made, and what was there already, look alike: one answer, the one that made it first. */
function mergeTwins(answers: readonly Answer[], one: Answer): readonly Answer[] {
  const [twin, ...others] = answers;
  if (twin === undefined || !looksLike(twin, one)) return [one, ...answers];
  const merged = {
    ...twin,
    status: `${twin.status} / ${one.status}`,
    text: [...new Set([twin.text, one.text])].join('\n\n'),
    examples: mergeExamples(twin, one),
  };
  return [merged, ...others];
}

function looksLike(twin: Answer, one: Answer): boolean {
  const names = ({ type, fields }: Answer): string => JSON.stringify([type, fields.map(({ name }) => name)]);
  return one.fields.length > 0 && names(twin) === names(one);
}

function mergeExamples(...answers: readonly Answer[]): readonly Body[] {
  const all = answers.flatMap(({ status, examples }) => examples.map((example) => ({ ...example, title: status })));
  const [first, ...others] = all;
  const isSame = others.every(({ value }) => JSON.stringify(value) === JSON.stringify(first?.value));
  return first && isSame ? [{ ...first, title: '' }] : all;
}

export function readExamples(media: Media, resolve: Resolve): readonly Omit<Body, 'type'>[] {
  if (media.examples === undefined)
    return 'example' in media ? [{ name: 'example', title: '', value: media.example }] : [];
  return Object.entries(media.examples).map(([name, given]) => {
    const { summary = '', value } = resolve<Example>(given);
    // A title that only says what stands there is for lists to choose from.
    return { name, title: JSON.stringify(value).includes(JSON.stringify(summary)) ? '' : summary, value };
  });
}

/** Errors of the table are examples of the document, under their codes. */
function readErrors(media: Media | undefined, resolve: Resolve): readonly ErrorRow[] {
  return Object.entries(media?.examples ?? {})
    .filter(([, given]) => '$ref' in given)
    .map(([code, given]) => readError(code, resolve<Example>(given)));
}

export function readError(code: string, { value, 'x-status': status = 0 }: Example): ErrorRow {
  const { message = '' } = value as { readonly message?: string };
  return { code, status, message, meaning: message, example: value };
}
