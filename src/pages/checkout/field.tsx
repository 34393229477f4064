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
  readonly isRequired?: boolean;
  readonly hint?: string | null;
  readonly problem: string | undefined;
  readonly input: FieldInput;
}

export interface FieldInput {
  readonly type?: 'text' | 'email' | 'tel';
  readonly inputMode?: 'decimal' | 'email' | 'tel';
  readonly autoComplete: 'off' | 'name' | 'email' | 'tel';
  readonly autoCapitalize?: 'none';
}

type Attributes = Omit<FieldInput, 'type'> & {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly required: boolean | undefined;
  readonly autoFocus: boolean;
  readonly 'aria-invalid': 'true' | undefined;
  readonly 'aria-describedby': string | undefined;
};

/** Written out, since which attributes there may be depends on the type. */
const INPUTS = {
  text: (attributes: Attributes) => <input type="text" {...attributes} />,
  email: (attributes: Attributes) => <input type="email" {...attributes} />,
  tel: (attributes: Attributes) => <input type="tel" {...attributes} />,
} as const;

/** A field of a form, with what is wrong with it and what may be entered. Complete without scripts. */
export function Field({
  name,
  value,
  focus,
  say,
  label,
  sign,
  isOptional,
  isRequired,
  hint,
  problem,
  input,
}: FieldProps) {
  const told = [problem ? `${name}-problem` : '', hint ? `${name}-hint` : ''].filter(Boolean).join(' ');
  const { type = 'text', ...ways } = input;
  const attributes: Attributes = {
    ...ways,
    id: name,
    name,
    value,
    required: isRequired,
    // Only what was refused takes the focus, and the page has no script to do it.
    autoFocus: focus,
    'aria-invalid': problem ? 'true' : undefined,
    'aria-describedby': told || undefined,
  };
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
        {INPUTS[type](attributes)}
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
