import { noteAnchor } from '../../developers/anchors.ts';
import type { Endpoint } from '../../developers/types.ts';
import { AnswerExamples, AnswerFields, AnswerText, Errors, Refusals } from './answers.tsx';
import { CodeTabs, LanguageTabs, writeExample } from './code.tsx';
import { anchorsOf, FieldTable } from './fields.tsx';
import { Heading, Name, Verb } from './parts.tsx';
import { Line, Paragraphs } from './prose.tsx';
import type { View } from './view.ts';
import type { Word } from './words.ts';

interface Props {
  readonly view: View;
  readonly endpoint: Endpoint;
}

/** One endpoint, what is sent and what is answered; on a wide screen code stands beside the text it belongs to. */
export function EndpointPart({ view, endpoint }: Props) {
  return (
    <section class="endpoint" id={endpoint.id}>
      <div class="pair">
        <About view={view} endpoint={endpoint} />
        <RequestCode view={view} endpoint={endpoint} />
        <div class="rest">
          <Fields view={view} endpoint={endpoint} />
          <Credentials view={view} endpoint={endpoint} />
        </div>
      </div>
      <div class="pair">
        <div class="about">
          <h3>{view.say('answer')}</h3>
          <AnswerText view={view} endpoint={endpoint} />
        </div>
        <div class="aside">
          <AnswerExamples view={view} endpoint={endpoint} />
        </div>
        <div class="rest">
          <AnswerFields view={view} endpoint={endpoint} />
          <Errors view={view} endpoint={endpoint} />
          <Refusals view={view} endpoint={endpoint} />
        </div>
      </div>
    </section>
  );
}

function About({ view, endpoint }: Props) {
  const { say, prose } = view;
  const { id, verb, path, title, text, notes } = endpoint;
  return (
    <div class="about">
      <Heading id={id} level={2} title={title} say={say} isPlaced />
      <p class="address">
        <Verb verb={verb} /> <Name text={path} />
      </p>
      <p class="who">{say(callerOf(endpoint))}</p>
      <Paragraphs html={prose.blocks(text.join('\n\n'))} />
      {notes.length > 0 && (
        <div class="notes" id={noteAnchor(endpoint)}>
          <h3>{say('notes')}</h3>
          <ul>
            {notes.map((note) => (
              <li key={note}>
                <Line html={prose.inline(note)} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function callerOf({ kind, access }: Endpoint): Word {
  return kind === 'merchant' ? `who.merchant.${access}` : `who.${kind}`;
}

/** Samples of what shops call, bodies of what they are called with. */
function RequestCode({ view, endpoint }: Props) {
  const { say, samplesOf } = view;
  const { id, bodies } = endpoint;
  const samples = samplesOf(endpoint);
  const isShown = samples.length === 0 ? bodies.length > 0 : bodies.length > 1;
  return (
    <div class={samples.length > 0 && isShown ? 'aside two' : 'aside'}>
      <LanguageTabs id={id} say={say} samples={samples} />
      {isShown && (
        <>
          {samples.length > 0 && <h3>{say('request.examples')}</h3>}
          <CodeTabs
            id={`${id}-body`}
            label={say('request.examples')}
            tabs={bodies.map((body) => ({
              label: body.title || (bodies.length > 1 ? body.type : say('request.body')),
              code: writeExample(body.value, body.type),
            }))}
          />
        </>
      )}
    </div>
  );
}

const FIELD_TITLES: Readonly<Record<Endpoint['kind'], Word>> = {
  merchant: 'fields',
  return: 'fields',
  callback: 'fields.callback',
  notification: 'fields.notification',
};

function Fields({ view, endpoint }: Props) {
  if (endpoint.fields.length === 0) return null;
  const [first] = view.site.catalogue.notifications.endpoints;
  const differs = first !== undefined && endpoint.kind === 'notification' && endpoint.id !== first.id;
  const title = differs ? view.say('fields.differs', { event: first.path }) : view.say(FIELD_TITLES[endpoint.kind]);
  return (
    <>
      <h3>{title}</h3>
      <FieldTable view={view} caption={title} rows={endpoint.fields} anchorOf={anchorsOf(endpoint)} hasPlaces />
    </>
  );
}

function Credentials({ view, endpoint }: Props) {
  if (endpoint.credentials.length === 0) return null;
  const title = view.say(endpoint.kind === 'merchant' ? 'credentials' : 'credentials.project');
  return (
    <>
      <h3>{title}</h3>
      <p>{view.say(endpoint.kind === 'merchant' ? 'credentials.text' : 'credentials.check')}</p>
      <FieldTable view={view} caption={title} rows={endpoint.credentials} anchorOf={anchorsOf(endpoint)} />
    </>
  );
}
