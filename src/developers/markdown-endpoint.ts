import { joinBlocks, writeCode, writeExample, writeFence, writeList, writeTable } from './markdown-parts.ts';
import { FENCES, type MarkdownWords } from './markdown-words.ts';
import { writeSamples } from './samples/index.ts';
import type { Answer, Endpoint, ErrorRow, FieldRow } from './types.ts';

export interface EndpointBook {
  readonly words: MarkdownWords;
  /** Of the installation. */
  readonly url: string;
  /** The endpoint whose answer is the model of many others: what they share with it is described there, and named here. */
  readonly model: Endpoint | undefined;
}

/** One endpoint under a heading of the third level. */
export function writeEndpoint(endpoint: Endpoint, book: EndpointBook): string {
  const { words } = book;
  const { title, verb, path, kind, text, notes, highlights, fields, credentials, answers, refusals, errors } = endpoint;
  return joinBlocks([
    `### ${title}`,
    kind === 'notification' ? writeCode(path) : writeCode(`${verb} ${path}`),
    kind === 'merchant' ? words.access[endpoint.access] : words.caller[kind],
    ...text,
    section(words.notes, writeList(notes)),
    section(words.highlights, highlights.map(writeCode).join(', ')),
    section(words.parameters, writeFields(fields, words, true)),
    section('`gateway_credentials`', writeFields(credentials, words)),
    ...writeRequests(endpoint, book),
    ...answers.map((answer, index) => writeAnswer(answer, words.answer, book, knownOf(endpoint, index, book))),
    ...refusals.map((answer) => writeAnswer(answer, words.refusal, book, null)),
    section(words.errors, writeErrors(errors, words)),
  ]);
}

function section(title: string, content: string): string {
  return content === '' ? '' : `#### ${title}\n\n${content}`;
}

/** The first body stands in the request that can be pasted, where there is one. */
function writeRequests(endpoint: Endpoint, { words, url }: EndpointBook): readonly string[] {
  const sample = writeSamples(endpoint, url).find(({ language }) => language === 'curl');
  const bodies = endpoint.bodies.slice(sample ? 1 : 0).map(({ title, type, value }) => {
    return section(`${words.body}: ${title === '' ? type : title}`, writeExample(value, type));
  });
  const named = endpoint.bodies[0]?.title ? `${words.request}: ${endpoint.bodies[0].title}` : words.request;
  return [sample ? section(named, writeFence(FENCES.curl, sample.code)) : '', ...bodies];
}

interface Known {
  /** Of the endpoint or answer that describes them. */
  readonly title: string;
  readonly fields: readonly FieldRow[];
  /** Just above, with an example that says as much. */
  readonly isNear: boolean;
}

/** A second answer of success mostly has the fields of the first, and answers with a payment those of the model. */
function knownOf(endpoint: Endpoint, index: number, { model, words }: EndpointBook): Known | null {
  const [first] = endpoint.answers;
  if (index > 0 && first) return { title: `${words.answer} ${first.status}`, fields: first.fields, isNear: true };
  const [shown] = model?.answers ?? [];
  return model && shown && model.id !== endpoint.id
    ? { title: model.title, fields: shown.fields, isNear: false }
    : null;
}

/** So few are repeated rather than looked up. */
const WORTH_SHORTENING = 10;

function writeAnswer(answer: Answer, label: string, book: EndpointBook, known: Known | null): string {
  const { words } = book;
  const { status, text, type, fields, example } = answer;
  const shared = fields.filter((row) => known?.fields.some((other) => describesSame(row, other)));
  const head = `#### ${label} ${status}`;
  const shown = example === undefined ? '' : writeExample(example, type);
  if (known && fields.length > 0 && shared.length === fields.length && shared.length === known.fields.length)
    return joinBlocks([head, text, words.same(known.title), known.isNear ? '' : shown]);
  const isShort = known !== null && shared.length >= WORTH_SHORTENING;
  return joinBlocks([
    head,
    text,
    writeFields(isShort ? fields.filter((row) => !shared.includes(row)) : fields, words),
    isShort ? `${words.known(known.title)} ${shared.map(({ name }) => writeCode(name)).join(', ')}` : '',
    shown,
  ]);
}

/** But for its example, which is of its place. */
function describesSame(one: FieldRow, other: FieldRow): boolean {
  return (
    one.name === other.name &&
    one.text === other.text &&
    one.type === other.type &&
    one.required === other.required &&
    one.limits === other.limits &&
    one.default === other.default &&
    one.choices.join() === other.choices.join()
  );
}

function writeFields(rows: readonly FieldRow[], words: MarkdownWords, withPlace = false): string {
  if (rows.length === 0) return '';
  const { field, place, required, type, text } = words.columns;
  const head = [field, ...(withPlace ? [place] : []), required, type, text];
  return writeTable(
    head,
    rows.map((row) => [
      writeCode(row.name),
      ...(withPlace ? [row.place] : []),
      row.required ? words.yes : '',
      row.type,
      describe(row, words),
    ]),
  );
}

/** More are a table of their own: error codes. */
const MOST_CHOICES = 30;

function describe({ text, limits, choices, default: standard, example }: FieldRow, words: MarkdownWords): string {
  return [
    closeCode(text),
    choices.length > 0 && choices.length <= MOST_CHOICES ? `${words.choices} ${choices.map(writeCode).join(', ')}` : '',
    limits === '' ? '' : `${words.limits} ${limits}`,
    standard === '' ? '' : `${words.standard} ${writeCode(standard)}`,
    isTelling(example) && choices.length !== 1 ? `${words.example}: ${writeCode(example)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Of an object the whole example is shown below the table; null, true and 0 tell nothing. */
function isTelling(example: string): boolean {
  return !/^([{[].*|null|true|false|0|)$/s.test(example);
}

/** A text that names the backtick must not begin code with it. */
function closeCode(text: string): string {
  const isOpen = text.split('`').length % 2 === 0;
  return isOpen ? text.replace(/`(?=[^`]*$)/, '\\`') : text;
}

/** What they mean is told once, in the table of all. */
function writeErrors(errors: readonly ErrorRow[], words: MarkdownWords): string {
  if (errors.length === 0) return '';
  const statuses = [...new Set(errors.map(({ status }) => status))];
  const codesOf = (status: number) => errors.filter((row) => row.status === status).map(({ code }) => writeCode(code));
  return `${writeList(statuses.map((status) => `${status}: ${codesOf(status).join(', ')}`))}\n\n${words.errorsText}`;
}
