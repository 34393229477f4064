import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { type FilterField, Filters } from './parts/filters.tsx';
import { Moment } from './parts/moment.tsx';
import { Pager } from './parts/pager.tsx';
import { Dot, type Tone } from './parts/status.tsx';
import { Empty } from './parts/table.tsx';
import { sayOf } from './texts.ts';

type Facts = Readonly<Record<string, unknown>> | null;

export interface AuditLine {
  readonly id: number;
  readonly at: number;
  readonly who: string;
  readonly address: string;
  readonly action: string;
  readonly about: string;
  readonly outcome: string;
  readonly before: Facts;
  readonly after: Facts;
}

interface AuditModel {
  readonly frame: Frame;
  readonly entries: readonly AuditLine[];
  /** The page after this one; null: these are the oldest. */
  readonly older: number | null;
  readonly people: readonly { readonly id: number; readonly name: string }[];
  readonly actions: readonly string[];
  readonly personId: number | null;
  readonly action: string | null;
}

export function AuditPage(model: AuditModel) {
  const { frame, entries, older } = model;
  const { say } = frame;
  return (
    <>
      <div class="block">
        <h1>{say('page.audit')}</h1>
        <p class="quiet-text">{say('audit.lead')}</p>
      </div>
      <Filters frame={frame} action="/admin/audit" fields={listFields(model)} />
      {entries.length === 0 ? (
        <Nothing model={model} />
      ) : (
        <ol class="audit">
          {entries.map((entry) => (
            <li key={entry.id} data-audit={entry.action} data-outcome={entry.outcome}>
              <Line frame={frame} entry={entry} />
            </li>
          ))}
        </ol>
      )}
      <Pager frame={frame} next={older === null ? null : String(older)} />
    </>
  );
}

function Nothing({ model: { frame, personId, action } }: { readonly model: AuditModel }) {
  const { say } = frame;
  if (personId === null && action === null) return <Empty message={say('audit.none')} />;
  return (
    <Empty message={say('audit.empty')}>
      <a class="button quiet" href="/admin/audit">
        {say('payments.show.all')}
      </a>
    </Empty>
  );
}

/** The action in words where there are some, else its name: that of its form, which the documentation has too. */
function nameAction(frame: Frame, action: string): string {
  const said = sayOf(frame.say, 'audit.do', action);
  return said === `audit.do.${action}` ? action : said;
}

function listFields({ frame, people, actions, personId, action }: AuditModel): readonly FilterField[] {
  const { say } = frame;
  return [
    {
      type: 'choice',
      name: 'person',
      label: say('audit.person'),
      options: people.map(({ id, name }) => ({ value: String(id), label: cleanText(name) })),
      value: String(personId ?? ''),
    },
    {
      type: 'choice',
      name: 'action',
      label: say('audit.action'),
      options: actions.map((one) => ({ value: one, label: nameAction(frame, one) })),
      value: action ?? '',
    },
  ];
}

const GOOD = new Set(['done', 'recovery_code']);

function toneOf(outcome: string): Tone {
  if (GOOD.has(outcome)) return 'good';
  return outcome === 'begun' ? 'wait' : 'bad';
}

function Line({ frame, entry }: { readonly frame: Frame; readonly entry: AuditLine }) {
  const { say } = frame;
  const outcome = sayOf(say, 'audit.outcome', entry.outcome);
  const changes = listChanges(entry.before, entry.after);
  return (
    <>
      <p class="what">
        <strong>{nameAction(frame, entry.action)}</strong> {entry.about !== '' && <bdi>{cleanText(entry.about)}</bdi>}
      </p>
      <Dot tone={toneOf(entry.outcome)}>{outcome.startsWith('audit.outcome.') ? entry.outcome : outcome}</Dot>
      <p class="by quiet-text">
        <Moment frame={frame} at={entry.at} /> · <bdi>{nameWho(frame, entry)}</bdi>
        {entry.address !== '' && <> · {say('audit.from', { address: entry.address })}</>}
      </p>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map(({ name, before, after }) => (
            <li key={name}>
              <code>{name}</code> {before !== null && <del>{before}</del>} {before !== null && after !== null && '→ '}
              {after !== null && <ins>{after}</ins>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function nameWho({ say }: Frame, { who }: AuditLine): string {
  if (who === '') return say('audit.nobody');
  return who === 'command line' ? say('audit.command') : cleanText(who);
}

interface Change {
  readonly name: string;
  /** Null: there was nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Only what is not as it was. */
export function listChanges(before: Facts, after: Facts): readonly Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .map((name) => ({ name, before: sayValue(before?.[name]), after: sayValue(after?.[name]) }))
    .filter((change) => change.before !== change.after);
}

const LONGEST = 200;

function sayValue(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = cleanText(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
