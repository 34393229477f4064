import type { Answer, Body, Catalogue, Endpoint, ErrorRow, FieldRow, Group } from './types.ts';

/** What is asked for each sentence of a catalogue: the one to show in its place. */
export type Change = (text: string) => string;

/** The catalogue with every sentence in it changed: titles, descriptions, notes, meanings; no names and no values. */
export function mapTexts(catalogue: Catalogue, change: Change): Catalogue {
  const whole: Change = (text) => changeParts(text, change);
  const field = (row: FieldRow): FieldRow => ({ ...row, text: whole(row.text) });
  const body = (one: Body): Body => ({ ...one, title: whole(one.title) });
  const answer = (one: Answer): Answer => ({
    ...one,
    text: whole(one.text),
    fields: one.fields.map(field),
    examples: one.examples.map(body),
  });
  const error = (row: ErrorRow): ErrorRow => ({ ...row, meaning: whole(row.meaning) });
  const endpoint = (one: Endpoint): Endpoint => ({
    ...one,
    title: whole(one.title),
    text: one.text.map(whole),
    notes: one.notes.map(whole),
    fields: one.fields.map(field),
    credentials: one.credentials.map(field),
    bodies: one.bodies.map(body),
    answers: one.answers.map(answer),
    errors: one.errors.map(error),
    refusals: one.refusals.map(answer),
  });
  // Gateways are called what they are called.
  const nameOf = ({ kind, name }: Group): string => (kind === 'gateway' ? name : whole(name));
  const group = (one: Group): Group => ({
    ...one,
    name: nameOf(one),
    text: whole(one.text),
    endpoints: one.endpoints.map(endpoint),
  });
  return {
    ...catalogue,
    groups: catalogue.groups.map(group),
    notifications: group(catalogue.notifications),
    errors: catalogue.errors.map(error),
  };
}

/** Every sentence of the catalogue, each once. */
export function listTexts(catalogue: Catalogue): readonly string[] {
  const found = new Set<string>();
  mapTexts(catalogue, (text) => {
    found.add(text);
    return text;
  });
  return [...found];
}

/** Paragraphs and items of lists are sentences of their own; a dash in front of an item stays. */
function changeParts(text: string, change: Change): string {
  return text
    .split(/(\n\n|\n(?=- ))/)
    .map((part) => (/[A-Za-z]/.test(part) ? changePart(part, change) : part))
    .join('');
}

function changePart(part: string, change: Change): string {
  const [, dash = '', said = part] = /^(- )(.*)$/s.exec(part) ?? [];
  return dash + change(said);
}
