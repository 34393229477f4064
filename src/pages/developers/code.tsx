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
  /** Part of its id: unique among those beside it. */
  readonly id: string;
  readonly label: string;
  readonly code: string;
  /** Chosen in one place, it is chosen everywhere. */
  readonly language?: Language;
}

const LABELS: Readonly<Record<Language, string>> = {
  curl: 'cURL',
  node: 'Node',
  php: 'PHP (Laravel)',
  python: 'Python',
};

export function listTabs(samples: readonly Sample[]): readonly CodeTab[] {
  return samples.map(({ language, code }) => ({ id: language, label: LABELS[language], code, language }));
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
        <CodeBlock code={only.code} />
      </div>
    );
  }
  return (
    <div class="tabs" role="radiogroup" aria-label={label}>
      {tabs.flatMap((tab, at) => [
        <input
          key={tab.id}
          class="unseen"
          type="radio"
          name={`${id}-tab`}
          id={`${id}-${tab.id}`}
          data-language={tab.language}
          checked={at === 0}
        />,
        <label key={`${tab.id}-label`} for={`${id}-${tab.id}`}>
          {tab.label}
        </label>,
      ])}
      <div class="panes">
        {tabs.map((tab) => (
          <div class="pane" key={tab.id}>
            <CodeBlock code={tab.code} />
          </div>
        ))}
      </div>
    </div>
  );
}

export function LanguageTabs({ id, say, samples }: { id: string; say: Say; samples: readonly Sample[] }) {
  return <CodeTabs id={id} label={say('code')} tabs={listTabs(samples)} />;
}

/** As it travels: JSON, a form line by line, or the text itself. */
export function writeExample(value: unknown, type: string): string {
  if (typeof value === 'string') return value;
  if (type !== 'application/x-www-form-urlencoded') return JSON.stringify(value, null, 2);
  return Object.entries(value as Record<string, unknown>)
    .map(([name, member]) => `${name}=${String(member)}`)
    .join('\n');
}
