import type { Entry } from '../../developers/find.ts';
import { Name } from './parts.tsx';
import type { View } from './view.ts';

/** What was looked for, and what was found. */
export interface Search {
  readonly query: string;
  readonly found: readonly Entry[];
  /** There may be more. */
  readonly isCut: boolean;
}

export function SearchPage({ view, search }: { readonly view: View; readonly search: Search }) {
  const { say } = view;
  return (
    <>
      <header class="head">
        <h1>{say('search.title')}</h1>
        <p role="status">{sumUp(view, search)}</p>
      </header>
      {search.found.length > 0 && (
        <ol class="results">
          {search.found.map((entry) => (
            <Result key={entry.address} view={view} entry={entry} />
          ))}
        </ol>
      )}
    </>
  );
}

function sumUp({ say }: View, { query, found, isCut }: Search): string {
  if (query === '') return say('search.empty');
  if (found.length === 0) return say('search.none', { query });
  return say(isCut ? 'search.most' : 'search.found', { query, count: found.length });
}

const PROGRAM_WORDS: readonly Entry['kind'][] = ['field', 'error'];

function Result({ view, entry }: { readonly view: View; readonly entry: Entry }) {
  const { say, to } = view;
  const { kind, title, place, more, text } = entry;
  return (
    <li>
      <a href={to(entry.address)}>{PROGRAM_WORDS.includes(kind) ? <Name text={title} /> : title}</a>
      <p class="where">
        {[say(`kind.${kind}`), place, more === undefined ? '' : say('search.more', { count: more })]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      {text !== '' && <p>{text.length > 200 ? `${text.slice(0, 200)}…` : text}</p>}
    </li>
  );
}
