import { errorAddress } from '../../developers/anchors.ts';
import type { Answer, Endpoint, ErrorRow, FieldRow } from '../../developers/types.ts';
import { CodeTabs, writeExample } from './code.tsx';
import { anchorsOf, FieldTable, refusalAnchorsOf } from './fields.tsx';
import { Name } from './parts.tsx';
import { Line } from './prose.tsx';
import type { View } from './view.ts';

interface Props {
  readonly view: View;
  readonly endpoint: Endpoint;
}

/** More rows than these lie folded. */
const MOST_OPEN = 8;

/** Answers of several statuses with the same fields are one. */
interface Shape {
  readonly statuses: readonly string[];
  readonly text: string;
  readonly fields: readonly FieldRow[];
}

function listShapes(answers: readonly Answer[]): readonly Shape[] {
  const shapes: Shape[] = [];
  for (const { status, text, fields } of answers) {
    const at = shapes.findIndex((shape) => shape.text === text && isSame(shape.fields, fields));
    const known = shapes[at];
    if (known) shapes[at] = { ...known, statuses: [...known.statuses, status] };
    else shapes.push({ statuses: [status], text, fields });
  }
  return shapes;
}

function isSame(some: readonly FieldRow[], others: readonly FieldRow[]): boolean {
  const names = (rows: readonly FieldRow[]) => rows.map(({ name, type }) => `${name} ${type}`).join();
  return names(some) === names(others);
}

export function AnswerText({ view, endpoint }: Props) {
  const { say, prose } = view;
  return (
    <>
      {listShapes(endpoint.answers).map((shape) => (
        <p key={shape.statuses.join()}>
          {shape.statuses.map((status) => (
            <span key={status} class="status">
              {status}
            </span>
          ))}
          <Line html={prose.inline(shape.text)} />
        </p>
      ))}
      {endpoint.highlights.length > 0 && (
        <p class="highlights">
          {say('answer.highlights')}{' '}
          {endpoint.highlights.flatMap((one, at) => [
            at === 0 ? '' : ' ',
            /^[\w.[\]=-]+$/.test(one) ? <Name key={one} text={one} /> : <span key={one}>{one}</span>,
          ])}
        </p>
      )}
    </>
  );
}

export function AnswerFields({ view, endpoint }: Props) {
  const shapes = listShapes(endpoint.answers).filter(({ fields }) => fields.length > 0);
  const caption = view.say('answer');
  return (
    <>
      {shapes.map(({ statuses, fields }, at) => (
        <Folded
          key={statuses.join()}
          title={view.say('answer.fields', { count: fields.length })}
          isOpen={fields.length <= MOST_OPEN}
        >
          <FieldTable
            view={view}
            caption={caption}
            rows={fields}
            // Only one of them can be the place that a link means.
            anchorOf={at === 0 ? anchorsOf(endpoint) : (row) => `${endpoint.id}.${statuses[0]}.${row.name}`}
          />
        </Folded>
      ))}
    </>
  );
}

/** What is answered to what went well; the same for two statuses is shown once. */
export function AnswerExamples({ view, endpoint }: Props) {
  const shown = endpoint.answers
    .filter(({ example }) => example !== undefined)
    .map(({ status, type, example }) => ({ id: status, label: status, code: writeExample(example, type) }));
  const tabs = shown.filter(({ code }, at) => shown.findIndex((one) => one.code === code) === at);
  return <CodeTabs id={`${endpoint.id}-answer`} label={view.say('answer')} tabs={tabs} />;
}

export function Errors({ view, endpoint: { id, errors } }: Props) {
  if (errors.length === 0) return null;
  const { say } = view;
  return (
    <Folded
      title={say('errors.count', { count: errors.length })}
      isOpen={errors.length <= MOST_OPEN}
      id={`${id}.errors`}
    >
      <table class="fields errors">
        <caption class="unseen">{say('errors')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('error.code')}</th>
            <th scope="col">{say('error.status')}</th>
            <th scope="col">{say('error.meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {errors.map((error) => (
            <tr key={`${error.status} ${error.code}`}>
              <th scope="row">
                <a href={view.to(errorAddress(error))}>
                  <Name text={error.code} />
                </a>
              </th>
              <td class="type">{error.status}</td>
              <td>
                <ErrorText view={view} error={error} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Folded>
  );
}

/** Its sentence, and what that means where the page says it otherwise. */
export function ErrorText({ view, error }: { readonly view: View; readonly error: ErrorRow }) {
  const { message, meaning } = error;
  return (
    <>
      <Line html={view.prose.inline(meaning)} />
      {message !== meaning && (
        <p class="fact message" lang="en">
          {message}
        </p>
      )}
    </>
  );
}

/** What is said to what is turned away and is not an error of the table: a callback that is not genuine. */
export function Refusals({ view, endpoint }: Props) {
  const { say, prose } = view;
  if (endpoint.refusals.length === 0) return null;
  return (
    <div class="refusals">
      <h3>{say('refusals')}</h3>
      {endpoint.refusals.map((answer) => (
        <div class="refusal" key={answer.status}>
          <p>
            <span class="status">{answer.status}</span>
            <Line html={prose.inline(answer.text)} />
          </p>
          {typeof answer.example === 'string' && <pre class="line">{answer.example}</pre>}
          {answer.fields.length > 0 && (
            <Folded title={say('refusals.more', { count: answer.fields.length })} isOpen={false}>
              <FieldTable
                view={view}
                caption={say('refusals')}
                rows={answer.fields}
                anchorOf={refusalAnchorsOf(endpoint, answer)}
              />
            </Folded>
          )}
        </div>
      ))}
    </div>
  );
}

interface FoldedProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly id?: string;
  readonly children: preact.ComponentChildren;
}

export function Folded({ title, isOpen, id, children }: FoldedProps) {
  return (
    <details class="fold" open={isOpen} id={id}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
