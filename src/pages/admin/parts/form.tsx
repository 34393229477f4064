import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import type { Frame, Problem } from '../frame.ts';

type Formed = Pick<Frame, 'csrf'>;

/** What proves that a form came from a page of this session. */
export function CsrfField({ frame }: { frame: Formed }) {
  return <input type="hidden" name="csrf" value={frame.csrf} />;
}

/** A form that changes something; works without script. `name` is the action's: programs look for it. */
export function ActionForm(props: {
  readonly frame: Formed;
  readonly name: string;
  readonly action: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <form method="post" action={props.action} data-action={props.name} class={props.class}>
      <CsrfField frame={props.frame} />
      {props.children}
    </form>
  );
}

/** One button that does something at once, because it can be done again or taken back. */
export function ActionButton(props: {
  readonly frame: Formed;
  readonly name: string;
  readonly action: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly class?: string;
}) {
  return (
    <ActionForm frame={props.frame} name={props.name} action={props.action} class="inline">
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={props.class ?? 'button'}>
        {props.label}
      </button>
    </ActionForm>
  );
}

/** A question before what pays or cannot be taken back: opened by the first press, answered by the second. Without script too. */
export function Ask(props: {
  readonly frame: Formed & Pick<Frame, 'say'>;
  readonly name: string;
  readonly action: string;
  /** On the button that opens the question. */
  readonly label: string;
  /** Names amount and order where there are any. */
  readonly question: string;
  /** On the button that does it. */
  readonly answer: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly children?: ComponentChildren;
}) {
  return (
    <details class="ask">
      <summary class="button quiet">{props.label}</summary>
      <ActionForm frame={props.frame} name={props.name} action={props.action} class="question">
        <p>{props.question}</p>
        {Object.entries(props.fields ?? {}).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {props.children}
        <button type="submit" class="button danger">
          {props.answer}
        </button>
      </ActionForm>
    </details>
  );
}

/** One field with its label, its help, and what is wrong with it. */
export function TextField(props: {
  readonly name: string;
  /** Where a page has several fields of this name; the name unless said. */
  readonly id?: string;
  readonly label: string;
  readonly help?: string;
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'date' | 'color' | 'time';
  readonly value?: string;
  readonly problem?: Problem | null;
  readonly required?: boolean;
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'decimal' | 'email' | 'url';
  readonly maxLength?: number;
  readonly placeholder?: string;
}) {
  const { name, label, help, problem, type = 'text', id = name } = props;
  const wrong = problem?.fields[name];
  const value = type === 'password' ? undefined : (problem?.given[name] ?? props.value);
  const described = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  // Preact's types want the kind of a field to be known when it is written.
  const attributes = {
    id,
    name,
    type,
    value,
    required: props.required,
    autocomplete: props.autocomplete,
    inputMode: props.inputMode,
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    'aria-invalid': wrong ? 'true' : undefined,
    'aria-describedby': described || undefined,
  } as InputHTMLAttributes<HTMLInputElement>;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input {...attributes} />
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

export function SelectField(props: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value?: string;
  readonly problem?: Problem | null;
}) {
  const value = props.problem?.given[props.name] ?? props.value;
  return (
    <div class="field">
      <label for={props.name}>{props.label}</label>
      <select id={props.name} name={props.name}>
        {props.options.map((one) => (
          <option key={one.value} value={one.value} selected={one.value === value}>
            {one.label}
          </option>
        ))}
      </select>
      {props.problem?.fields[props.name] && <p class="wrong">{props.problem.fields[props.name]}</p>}
    </div>
  );
}

/** A box that is ticked or not; a form says nothing of one that is not. */
export function CheckField(props: {
  readonly name: string;
  readonly label: string;
  readonly checked?: boolean;
  readonly value?: string;
}) {
  return (
    <label class="check">
      <input type="checkbox" name={props.name} value={props.value ?? 'on'} checked={props.checked} />
      <span>{props.label}</span>
    </label>
  );
}

/** The sentence above a form that was sent and not taken. */
export function FormProblem({ problem }: { readonly problem?: Problem | null | undefined }) {
  if (!problem) return null;
  return (
    <p class="form-problem" role="alert">
      {problem.message}
    </p>
  );
}

/** Something to copy, selectable as one piece; the button appears where a script can copy. */
export function CopyField(props: {
  readonly say: Frame['say'];
  readonly value: string;
  readonly label: string;
  readonly id: string;
}) {
  return (
    <div class="copy">
      <label for={props.id}>{props.label}</label>
      <div class="copy-row">
        <input id={props.id} type="text" readOnly value={props.value} data-copy-from />
        <button type="button" class="button quiet" data-copy={props.id} data-copied={props.say('frame.copied')} hidden>
          {props.say('frame.copy')}
        </button>
      </div>
    </div>
  );
}
