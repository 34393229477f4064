import type { Say } from '../text.ts';

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly focus: boolean;
  readonly say: Say;
  readonly label: string;
  /** Stands in the box before what is entered, and makes it large. */
  readonly sign?: string;
  readonly isOptional?: boolean;
  readonly hint?: string | null;
  readonly problem: string | undefined;
  readonly input: {
    readonly inputMode?: 'decimal' | 'email';
    readonly autoComplete: 'off' | 'name' | 'email';
    readonly autoCapitalize?: 'none';
  };
}

/** A field of a form, with what is wrong with it and what may be entered. Complete without scripts. */
export function Field({ name, value, focus, say, label, sign, isOptional, hint, problem, input }: FieldProps) {
  const told = [problem ? `${name}-problem` : '', hint ? `${name}-hint` : ''].filter(Boolean).join(' ');
  return (
    <div class={sign === undefined ? 'field' : 'field field-amount'}>
      <label for={name}>
        {label}
        {isOptional && <small>{say('link.optional')}</small>}
      </label>
      <div class="box">
        {sign !== undefined && (
          <span class="sign" aria-hidden="true">
            {sign}
          </span>
        )}
        <input
          type="text"
          {...input}
          id={name}
          name={name}
          value={value}
          // biome-ignore lint/a11y/noAutofocus: only what was refused takes the focus, and the page has no script to do it
          autoFocus={focus}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={told || undefined}
        />
      </div>
      {problem && (
        <p class="problem" id={`${name}-problem`} data-problem={name}>
          {problem}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
