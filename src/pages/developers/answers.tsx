import { errorAddress } from '../../developers/anchors.ts';
import type { Endpoint, ErrorRow } from '../../developers/types.ts';
import { CodeTabs, writeExample } from './code.tsx';
import { anchorsOf, FieldTable, statusAnchorsOf } from './fields.tsx';
import { Name } from './parts.tsx';
import { Line, Paragraphs } from './prose.tsx';
import type { View } from './view.ts';

interface Props {
  readonly view: View;
  readonly endpoint: Endpoint;
}

/** More rows than these lie folded. */
const MOST_OPEN = 8;

export function AnswerText({ view, endpoint }: Props) {
  const { say, prose } = view;
  return (
    <>
      {endpoint.answers.map(({ status, text }) => (
        <div key={status} class="told">
          <span class="status">{status}</span>
          <Paragraphs html={prose.blocks(text)} />
        </div>
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
  return (
    <>
      {endpoint.answers
        .filter(({ fields }) => fields.length > 0)
        .map(({ status, fields }, at) => (
          <Folded
            key={status}
            title={view.say('answer.fields', { count: fields.length })}
            isOpen={fields.length <= MOST_OPEN}
          >
            <FieldTable
              view={view}
              caption={view.say('answer')}
              rows={fields}
              // Only one of them can be the place that a link means.
              anchorOf={at === 0 ? anchorsOf(endpoint) : statusAnchorsOf(endpoint, status)}
            />
          </Folded>
        ))}
    </>
  );
}

export function AnswerExamples({ view, endpoint: { id, answers } }: Props) {
  const tabs = answers.flatMap(({ status, examples }) =>
    examples.map(({ title, type, value }) => ({ label: title || status, code: writeExample(value, type) })),
  );
  return <CodeTabs id={`${id}-answer`} label={view.say('answer')} tabs={tabs} />;
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
                anchorOf={statusAnchorsOf(endpoint, answer.status)}
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
