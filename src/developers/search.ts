import { errorAddress, fieldAnchor, noteAnchor } from './anchors.ts';
import type { Entry, Index } from './find.ts';
import { listSections, plainText } from './sections.ts';
import type { Endpoint, FieldRow, Group, Guide, Site } from './types.ts';

/** What can be found in the developer centre in one language, by its titles in the other one too. */
export function makeIndex(site: Site, other: Site): Index {
  const groups = listGroups(site);
  const others = listGroups(other);
  const placed = groups.flatMap((group) => group.endpoints.map((endpoint) => ({ group, endpoint })));
  return [
    ...groups.map((group, at) => indexGroup(group, others[at])),
    ...groups.flatMap((group, at) =>
      group.endpoints.map((endpoint, row) => indexEndpoint(group, endpoint, others[at]?.endpoints[row])),
    ),
    ...site.guides.flatMap((guide, at) => indexGuide(guide, other.guides[at])),
    ...site.catalogue.errors.map((error) => ({
      kind: 'error' as const,
      title: error.code,
      place: String(error.status),
      address: errorAddress(error),
      names: [error.code],
      also: '',
      text: plainText(error.meaning),
      words: error.message,
    })),
    ...indexFields(placed),
    ...indexNotes(placed),
  ];
}

interface Placed {
  readonly group: Group;
  readonly endpoint: Endpoint;
}

function listGroups({ catalogue }: Site): readonly Group[] {
  return [...catalogue.groups, catalogue.notifications];
}

function indexGroup(group: Group, other?: Group): Entry {
  return {
    kind: group.kind === 'gateway' ? 'gateway' : 'group',
    title: group.name,
    place: '',
    address: group.id,
    names: [group.id],
    also: other?.name ?? '',
    text: plainText(group.text),
  };
}

function indexEndpoint(group: Group, endpoint: Endpoint, other?: Endpoint): Entry {
  const { id, verb, path, title, text, highlights } = endpoint;
  return {
    kind: 'endpoint',
    title,
    place: `${verb} ${path}`,
    address: `${group.id}#${id}`,
    names: [path, id],
    also: other?.title ?? '',
    text: plainText(text.join(' ')),
    words: [group.name, ...highlights].join(' '),
  };
}

function indexGuide(guide: Guide, other?: Guide): readonly Entry[] {
  const { id, title } = guide;
  const { before, sections } = listSections(guide);
  return [
    { kind: 'guide', title, place: '', address: id, names: [id], also: other?.title ?? '', text: before },
    ...sections.map(
      (section, at): Entry => ({
        kind: 'section',
        title: plainText(section.title),
        place: title,
        address: `${id}#${section.id}`,
        names: [],
        also: plainText(other?.headings[at]?.title ?? ''),
        text: section.text,
      }),
    ),
  ];
}

/** So many that mean the same are each shown; of more, the first. */
const MOST_TWINS = 4;

interface PlacedField extends Placed {
  readonly row: FieldRow;
}

/** Fields that are the same in many endpoints would push out all else. */
function indexFields(placed: readonly Placed[]): readonly Entry[] {
  const twins = new Map<string, PlacedField[]>();
  for (const { group, endpoint } of placed) {
    for (const row of listRows(endpoint)) {
      const key = JSON.stringify([row.place, row.name, row.text]);
      twins.set(key, [...(twins.get(key) ?? []), { group, endpoint, row }]);
    }
  }
  return [...twins.values()].flatMap((fields) => {
    if (fields.length <= MOST_TWINS) return fields.map((field) => indexField(field, 0));
    const [first] = fields;
    return first ? [indexField(first, fields.length - 1)] : [];
  });
}

/** Each field once, though several answers have it. */
function listRows({ fields, credentials, answers }: Endpoint): readonly FieldRow[] {
  const rows = [...fields, ...credentials, ...answers.flatMap((answer) => answer.fields)];
  const known = new Map(rows.map((row) => [`${row.place} ${row.name}`, row]));
  return [...known.values()];
}

function indexField({ group, endpoint, row }: PlacedField, more: number): Entry {
  return {
    kind: 'field',
    title: row.name,
    place: endpoint.title,
    ...(more > 0 && { more }),
    address: `${group.id}#${fieldAnchor(endpoint, row)}`,
    names: [row.name],
    also: '',
    text: plainText(row.text),
    ...(row.choices.length > 0 && { words: row.choices.join(' ') }),
  };
}

/** What is said of several endpoints alike is one. */
function indexNotes(placed: readonly Placed[]): readonly Entry[] {
  const all = placed.flatMap(({ group, endpoint }) => endpoint.notes.map((note) => ({ group, endpoint, note })));
  const count = (note: string): number => all.filter((one) => one.note === note).length;
  return all
    .filter(({ note }, at) => all.findIndex((one) => one.note === note) === at)
    .map(({ group, endpoint, note }) => ({
      kind: 'note',
      title: endpoint.title,
      place: '',
      ...(count(note) > 1 && { more: count(note) - 1 }),
      address: `${group.id}#${noteAnchor(endpoint)}`,
      names: [],
      also: '',
      text: plainText(note),
    }));
}
