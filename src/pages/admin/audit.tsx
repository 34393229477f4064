import { cleanText } from '../safe.ts';
import type { Frame } from './frame.ts';
import { Moment } from './parts/moment.tsx';
import { Dot, type Tone } from './parts/status.tsx';
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
  readonly isFirst: boolean;
  readonly people: readonly { readonly id: number; readonly name: string }[];
  readonly actions: readonly string[];
  readonly personId: number | null;
  readonly action: string | null;
}

export function AuditPage(model: AuditModel) {
  const { frame, entries, older, isFirst } = model;
  const { say } = frame;
  return (
    <>
      <div class="block">
        <h1>{say('page.audit')}</h1>
        <p class="quiet-text">{say('audit.lead')}</p>
      </div>
      <Filter {...model} />
      {entries.length === 0 ? (
        <p class="empty">{say('audit.empty')}</p>
      ) : (
        <ol class="audit">
          {entries.map((entry) => (
            <li key={entry.id} data-audit={entry.action} data-outcome={entry.outcome}>
              <Line frame={frame} entry={entry} />
            </li>
          ))}
        </ol>
      )}
      <div class="actions">
        {!isFirst && (
          <a class="button quiet" href={addressOf(model, null)}>
            {say('audit.newest')}
          </a>
        )}
        {older !== null && (
          <a class="button quiet" href={addressOf(model, older)} rel="next">
            {say('audit.older')}
          </a>
        )}
      </div>
    </>
  );
}

function addressOf({ personId, action }: AuditModel, before: number | null): string {
  const query = new URLSearchParams();
  if (personId !== null) query.set('person', String(personId));
  if (action !== null) query.set('action', action);
  if (before !== null) query.set('before', String(before));
  return query.size === 0 ? '/admin/audit' : `/admin/audit?${query}`;
}

/** The action in words where there are some, else its name: that of its form, which the documentation has too. */
function nameAction(frame: Frame, action: string): string {
  const said = sayOf(frame.say, 'audit.do', action);
  return said === `audit.do.${action}` ? action : said;
}

function Filter({ frame, people, actions, personId, action }: AuditModel) {
  const { say } = frame;
  return (
    <form method="get" action="/admin/audit" class="filter">
      <div class="field">
        <label for="person">{say('audit.person')}</label>
        <select id="person" name="person">
          <option value="">{say('audit.everyone')}</option>
          {people.map(({ id, name }) => (
            <option key={id} value={id} selected={id === personId}>
              {cleanText(name)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="action">{say('audit.action')}</label>
        <select id="action" name="action">
          <option value="">{say('audit.everything')}</option>
          {actions.map((one) => (
            <option key={one} value={one} selected={one === action}>
              {nameAction(frame, one)}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="button quiet">
        {say('audit.filter')}
      </button>
    </form>
  );
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
