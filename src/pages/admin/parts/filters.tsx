import type { Frame } from '../frame.ts';
import { withParams } from './pager.tsx';

/** One thing that a list is narrowed by. */
export type FilterField =
  | {
      readonly type: 'choice';
      readonly name: string;
      readonly label: string;
      /** Besides the choice of none. */
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly value: string;
    }
  /** A day of the merchant's calendar, `2026-06-28`. */
  | { readonly type: 'day'; readonly name: string; readonly label: string; readonly value: string };

export interface SearchField {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
}

/**
 * A list's search box and filters: one form that asks for the page again, so that what is in view stands in its address.
 * Works without script. What narrows the list now stands under it, each with a way to take it back.
 */
export function Filters(props: {
  readonly frame: Pick<Frame, 'say' | 'address'>;
  /** Path of the page. */
  readonly action: string;
  readonly search?: SearchField;
  readonly fields: readonly FilterField[];
  /** By field, what is wrong with what was asked. */
  readonly wrong?: Readonly<Record<string, string>>;
}) {
  const { frame, action, search, fields, wrong = {} } = props;
  const { say } = frame;
  const set = fields.filter(({ value }) => value !== '');
  return (
    <div class="filters">
      <form method="get" action={action} class="filter-form">
        {search && <SearchBox say={say} field={search} />}
        {fields.length > 0 && (
          <details class="filter-more" open={Object.keys(wrong).length > 0}>
            <summary class="button quiet">
              {set.length === 0 ? say('list.filter') : say('list.filters', { count: set.length })}
            </summary>
            <div class="filter-fields">
              {fields.map((field) => (
                <Field key={field.name} say={say} field={field} wrong={wrong[field.name]} />
              ))}
              <button type="submit" class="button">
                {say('list.apply')}
              </button>
            </div>
          </details>
        )}
      </form>
      <Narrowed frame={frame} search={search} fields={set} />
    </div>
  );
}

/** One box for every number, code and name. */
function SearchBox({ say, field }: { readonly say: Frame['say']; readonly field: SearchField }) {
  const { name, label, placeholder, value } = field;
  return (
    <div class="search">
      <label class="unseen" for={`filter-${name}`}>
        {label}
      </label>
      <input
        id={`filter-${name}`}
        type="search"
        name={name}
        value={value}
        placeholder={placeholder}
        maxLength={100}
        autocomplete="off"
        spellcheck={false}
      />
      <button type="submit" class="button">
        {say('list.search')}
      </button>
    </div>
  );
}

function Field(props: { readonly say: Frame['say']; readonly field: FilterField; readonly wrong: string | undefined }) {
  const { say, field, wrong } = props;
  const id = `filter-${field.name}`;
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.type === 'day' ? (
        <input
          id={id}
          type="date"
          name={field.name}
          value={field.value}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
        />
      ) : (
        <select id={id} name={field.name}>
          <option value="">{say('list.any')}</option>
          {field.options.map((one) => (
            <option key={one.value} value={one.value} selected={one.value === field.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

function Narrowed(props: {
  readonly frame: Pick<Frame, 'say' | 'address'>;
  readonly search: SearchField | undefined;
  readonly fields: readonly FilterField[];
}) {
  const { frame, search, fields } = props;
  const { say, address } = frame;
  const chips = [
    ...(search && search.value !== ''
      ? [{ name: search.name, text: say('list.is', { what: say('list.search'), is: search.value }) }]
      : []),
    ...fields.map((field) => ({ name: field.name, text: say('list.is', { what: field.label, is: wordOf(field) }) })),
  ];
  if (chips.length === 0) return null;
  return (
    <ul class="chips">
      {chips.map(({ name, text }) => (
        <li key={name}>
          <a
            class="chip"
            href={withParams(address, { [name]: null, cursor: null })}
            aria-label={say('list.remove', { what: text })}
          >
            <bdi>{text}</bdi>
          </a>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <a
            class="chip-all"
            href={withParams(address, {
              ...Object.fromEntries(chips.map(({ name }) => [name, null])),
              cursor: null,
            })}
          >
            {say('list.clear')}
          </a>
        </li>
      )}
    </ul>
  );
}

function wordOf(field: FilterField): string {
  if (field.type === 'day') return field.value;
  return field.options.find(({ value }) => value === field.value)?.label ?? field.value;
}
