import { describe, expect, test } from 'bun:test';
import { readCatalogue } from '../../../src/developers/catalogue.ts';
import type { Endpoint, FieldRow, Group } from '../../../src/developers/types.ts';
import { buildRawDocument } from '../../support/document.ts';
import { present } from '../../support/parts.ts';
import vectors from '../../vectors/catalogue.json' with { type: 'json' };

/** What the API listed before is in our catalogue, name by name; where ours differs, the list of differences says why. */

type Kind = 'parameters' | 'credentials' | 'highlights' | 'response' | 'errors' | 'notes';
type Highlight = string | { readonly words: string; readonly shown: readonly string[] };

/** A route as it was listed; `@name` in a list stands for a list that several routes have. */
interface Listed {
  readonly verb: string;
  readonly path: string;
  readonly parameters?: readonly string[];
  readonly credentials?: readonly string[];
  readonly highlights?: readonly Highlight[];
  readonly response?: readonly string[];
  readonly errors?: readonly string[];
  /** For each note the words that ours has to have. */
  readonly notes?: readonly (readonly string[])[];
}

interface Difference {
  /** Left out: of every route. */
  readonly path?: string;
  readonly of: 'parameter' | 'response';
  readonly name: string;
  readonly required?: boolean;
  /** Null: ours has none. */
  readonly as?: string | null;
  readonly because: string;
}

const SETS: Readonly<Record<string, readonly string[]>> = vectors.sets;
const ROUTES: readonly Listed[] = vectors.routes;
const DIFFERENCES: readonly Difference[] = vectors.differences as readonly Difference[];

const catalogue = readCatalogue(await buildRawDocument());
const used = new Set<Difference>();

const unfold = (list: readonly string[] = []): readonly string[] =>
  list.flatMap((one) => (one.startsWith('@') ? present(SETS[one.slice(1)], one) : [one]));

function difference(of: Difference['of'], path: string, name: string): Difference | undefined {
  const found = DIFFERENCES.find((one) => one.of === of && one.name === name && (one.path ?? path) === path);
  if (found) used.add(found);
  return found;
}

function findGroup({ verb, path }: Listed): Group | undefined {
  return catalogue.groups.find(({ endpoints }) => endpoints.some((one) => one.verb === verb && one.path === path));
}

function findEndpoint(listed: Listed): Endpoint {
  const endpoints = findGroup(listed)?.endpoints ?? [];
  return present(
    endpoints.find(({ verb, path }) => verb === listed.verb && path === listed.path),
    listed.path,
  );
}

/** Everything that is missing, a line each. */
function listMissing(look: (listed: Listed, endpoint: Endpoint) => readonly (string | false)[]): readonly string[] {
  return ROUTES.flatMap((listed) =>
    look(listed, findEndpoint(listed)).flatMap((one) => (one === false ? [] : [`${listed.path}: ${one}`])),
  );
}

function missesField(rows: readonly FieldRow[], line: string, path: string, place?: string): string | false {
  const [name = '', ...said] = line.split(' ');
  const row = rows.find((one) => one.name === name && one.place === (place ?? said[0]));
  if (!row) return `${line} is missing`;
  const required = difference('parameter', path, name)?.required ?? said.includes('required');
  return row.required !== required && `${line}: ours is ${row.required ? 'required' : 'optional'}`;
}

describe('what the old catalogue listed', () => {
  test('is counted', () => {
    const count = (kind: Kind): number =>
      ROUTES.reduce((sum, listed) => {
        const list: readonly unknown[] = listed[kind] ?? [];
        return sum + list.reduce<number>((n, one) => n + (typeof one === 'string' ? unfold([one]).length : 1), 0);
      }, 0);
    const kinds = ['parameters', 'credentials', 'highlights', 'response', 'errors', 'notes'] as const;
    const counted = Object.fromEntries(kinds.map((kind) => [kind, count(kind)]));
    expect({ routes: ROUTES.length, ...counted }).toEqual(vectors.counts);
    expect(vectors.counts).toEqual({
      routes: 31,
      parameters: 417,
      credentials: 93,
      highlights: 126,
      response: 267,
      errors: 81,
      notes: 21,
    });
  });

  test('every route is an endpoint', () => {
    expect(ROUTES.filter((listed) => findGroup(listed) === undefined)).toEqual([]);
  });

  test('every parameter is a field, in its place and as needed as it was', () => {
    const missing = listMissing(({ path, parameters }, { fields }) =>
      unfold(parameters).map((line) => missesField(fields, line, path)),
    );
    expect(missing).toEqual([]);
  });

  test('every field of the credentials is in their table', () => {
    const missing = listMissing(({ path, credentials }, endpoint) =>
      unfold(credentials).map((line) => missesField(endpoint.credentials, line, path, 'gateway_credentials')),
    );
    expect(missing).toEqual([]);
  });

  test('every highlight is one', () => {
    const missing = listMissing(({ highlights = [] }, endpoint) => {
      const names = endpoint.highlights.flatMap((one) => [one, one.split('=')[0]]);
      return highlights
        .flatMap((one) => (typeof one === 'string' ? one.split(' / ') : one.shown))
        .map((name) => !names.includes(name) && name);
    });
    expect(missing).toEqual([]);
  });

  test('every field of an answer is described', () => {
    const missing = listMissing(({ path, response }, { answers, kind }) => {
      const names = answers.flatMap(({ fields }) => fields.map(({ name }) => name));
      return unfold(response).map((name) => {
        if (kind !== 'merchant') return !answers.every(({ status, type, text }) => status && type && text) && name;
        const known = difference('response', path, name);
        const wanted = known?.as === undefined ? name : known.as;
        const pattern = new RegExp(`^${(wanted ?? '').replace(/[.[\]]/g, '\\$&').replace('*', '[a-z]+')}$`);
        return names.some((one) => pattern.test(one)) === (wanted === null) && name;
      });
    });
    expect(missing).toEqual([]);
  });

  test('every error is one of the endpoint, or is said where it is refused', () => {
    const missing = listMissing((listed, endpoint) => {
      // What a number that was issued leads to later is said to the gateway.
      const callbacks = findGroup(listed)?.endpoints.filter(({ kind }) => kind === 'callback') ?? [];
      const refusals = [endpoint, ...callbacks].flatMap((one) => one.refusals);
      const said = JSON.stringify([
        endpoint.notes,
        endpoint.errors,
        endpoint.credentials.map(({ text }) => text),
        refusals.map(({ text, examples }) => [text, examples]),
      ]).toLowerCase();
      return (listed.errors ?? []).map((one) => !said.includes(one.toLowerCase().replace(/\.$/, '')) && one);
    });
    expect(missing).toEqual([]);
  });

  test('every note is told in words of our own', () => {
    const missing = listMissing(({ notes = [] }, endpoint) => {
      const told = endpoint.notes.join(' ');
      return notes.flatMap((facts) => facts.map((fact) => !told.includes(fact) && fact));
    });
    expect(missing).toEqual([]);
  });

  test('where ours differs there is a reason, and nothing differs that is not said', () => {
    expect(DIFFERENCES.filter(({ because }) => because.length < 20)).toEqual([]);
    expect(DIFFERENCES.filter((one) => !used.has(one))).toEqual([]);
  });
});
