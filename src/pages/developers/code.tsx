import type { Language, Sample } from '../../developers/types.ts';
import { colour } from './colour.tsx';
import type { Say } from './words.ts';

/** Code as it is copied. The script puts a button on it. */
export function CodeBlock({ code }: { readonly code: string }) {
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is too wide is scrolled with the keyboard too */}
      <pre tabIndex={0}>
        <code>{colour(code)}</code>
      </pre>
    </div>
  );
}

export interface CodeTab {
  readonly label: string;
  readonly code: string;
  /** Chosen in one place, it is chosen everywhere. */
  readonly language?: Language;
  /** Where it can be downloaded, below `/developers/`. */
  readonly file?: string;
}

const LABELS: Readonly<Record<Language, string>> = {
  curl: 'cURL',
  node: 'Node',
  php: 'PHP (Laravel)',
  python: 'Python',
};

function readTab({ language, title, ...sample }: Sample): CodeTab {
  return { ...sample, language, label: title ?? LABELS[language] };
}

interface CodeTabsProps {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly tabs: readonly CodeTab[];
}

/** The same in several ways: one is shown, without a script too. */
export function CodeTabs({ id, label, tabs }: CodeTabsProps) {
  const [only] = tabs;
  if (!only) return null;
  if (tabs.length === 1) {
    return (
      <div class="tabs">
        <p class="tab-only">{only.label}</p>
        <Pane tab={only} />
      </div>
    );
  }
  return (
    <div class="tabs" role="radiogroup" aria-label={label}>
      {tabs.flatMap((tab, at) => [
        <input
          key={`${at}-choice`}
          class="unseen"
          type="radio"
          name={`${id}-tab`}
          id={`${id}-${at + 1}`}
          data-language={tab.language}
          checked={at === 0}
        />,
        <label key={`${at}-label`} for={`${id}-${at + 1}`}>
          {tab.label}
        </label>,
      ])}
      <div class="panes">
        {tabs.map((tab, at) => (
          <div class="pane" key={`${at}-pane`}>
            <Pane tab={tab} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Pane({ tab: { code, file } }: { readonly tab: CodeTab }) {
  const name = file?.split('/').at(-1);
  return (
    <>
      <CodeBlock code={code} />
      {file !== undefined && (
        <p class="file">
          <a href={`/developers/${file}`} download={name}>
            {name}
          </a>
        </p>
      )}
    </>
  );
}

export function LanguageTabs({ id, say, samples }: { id: string; say: Say; samples: readonly Sample[] }) {
  return <CodeTabs id={id} label={say('code')} tabs={samples.map(readTab)} />;
}

/** As it travels: JSON, a form line by line, or the text itself. */
export function writeExample(value: unknown, type: string): string {
  if (typeof value === 'string') return value;
  if (type !== 'application/x-www-form-urlencoded') return JSON.stringify(value, null, 2);
  return Object.entries(value as Record<string, unknown>)
    .map(([name, member]) => `${name}=${String(member)}`)
    .join('\n');
}
