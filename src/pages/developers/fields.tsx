import { fieldAnchor, statusAnchor } from '../../developers/anchors.ts';
import type { Endpoint, FieldRow, Place } from '../../developers/types.ts';
import { Name } from './parts.tsx';
import { Line } from './prose.tsx';
import type { View } from './view.ts';

interface FieldTableProps {
  readonly view: View;
  readonly caption: string;
  readonly rows: readonly FieldRow[];
  readonly anchorOf: (row: FieldRow) => string;
  /** With a row above those of each place. */
  readonly hasPlaces?: boolean;
}

/** On a phone each row is a block of its own. */
export function FieldTable({ view, caption, rows, anchorOf, hasPlaces = false }: FieldTableProps) {
  const { say } = view;
  const places = [...new Set(rows.map(({ place }) => place))];
  return (
    <table class="fields">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say('field.name')}</th>
          <th scope="col">{say('field.type')}</th>
          <th scope="col">{say('field.text')}</th>
        </tr>
      </thead>
      {places.map((place) => (
        <tbody key={place}>
          {hasPlaces && <PlaceRow view={view} place={place} />}
          {rows
            .filter((row) => row.place === place)
            .map((row) => (
              <Row key={row.name} view={view} row={row} anchor={anchorOf(row)} />
            ))}
        </tbody>
      ))}
    </table>
  );
}

function PlaceRow({ view, place }: { readonly view: View; readonly place: Place }) {
  if (place === 'answer' || place === 'gateway_credentials') return null;
  return (
    <tr class="place">
      <th scope="rowgroup" colSpan={3}>
        {view.say(`place.${place}`)}
      </th>
    </tr>
  );
}

function Row({ view, row, anchor }: { readonly view: View; readonly row: FieldRow; readonly anchor: string }) {
  const { say, prose } = view;
  const isAnswer = row.place === 'answer';
  return (
    <tr id={anchor}>
      <th scope="row">
        <a class="self" href={`#${anchor}`}>
          <Name text={row.name} />
        </a>
        {row.required && !isAnswer && <span class="required">{say('field.required')}</span>}
        {!row.required && isAnswer && <span class="optional">{say('field.optional')}</span>}
      </th>
      <td class="type">
        <span>{row.type}</span>
        {row.limits !== '' && <span class="limits">{groupDigits(row.limits)}</span>}
      </td>
      <td>
        {row.text !== '' && <Line html={prose.inline(row.text)} />}
        <Facts view={view} row={row} />
      </td>
    </tr>
  );
}

function Facts({ view: { say }, row }: { readonly view: View; readonly row: FieldRow }) {
  const isFixed = row.choices.length === 1;
  const example = isFixed ? '' : shorten(row.example);
  return (
    <>
      {row.choices.length > 0 && (
        <p class="fact">
          {say(isFixed ? 'field.choice' : 'field.choices')}{' '}
          {row.choices.flatMap((choice, at) => [
            at === 0 ? '' : ' ',
            <code key={choice} class="choice">
              {choice}
            </code>,
          ])}
        </p>
      )}
      {row.default !== '' && (
        <p class="fact">
          {say('field.default')} <code>{row.default}</code>
        </p>
      )}
      {example !== '' && (
        <p class="fact">
          {say('field.example')} <code>{example}</code>
        </p>
      )}
    </>
  );
}

/** `1 – 1,000,000` */
function groupDigits(limits: string): string {
  return limits.replace(/\d{5,}/g, (number) => Number(number).toLocaleString('en'));
}

/** Whole objects stand beside the table, in the example it is made for. */
const MOST_JSON = 60;
const MOST_TEXT = 160;

function shorten(example: string): string {
  if (/^[[{]/.test(example) && example.length > MOST_JSON) return '';
  return example.length > MOST_TEXT ? `${example.slice(0, MOST_TEXT)}…` : example;
}

export function anchorsOf(endpoint: Endpoint): (row: FieldRow) => string {
  return (row) => fieldAnchor(endpoint, row);
}

export function statusAnchorsOf(endpoint: Endpoint, status: string): (row: FieldRow) => string {
  return (row) => statusAnchor(endpoint, status, row);
}
