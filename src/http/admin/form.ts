/** The fields of a form as they came. */
export interface Form {
  /** One field's text, trimmed; empty when it did not come. */
  text(name: string): string;
  /** As it was typed: a password may begin with a space. */
  raw(name: string): string;
  /** A ticked box. */
  isOn(name: string): boolean;
  /** Every value of a field that may come more than once. */
  all(name: string): readonly string[];
  /** Every field that has a value, but the one of the frame. */
  readonly values: Readonly<Record<string, string>>;
}

export function readForm(body: Uint8Array): Form {
  const fields = new URLSearchParams(new TextDecoder().decode(body));
  const raw = (name: string) => fields.get(name) ?? '';
  return {
    raw,
    text: (name) => raw(name).trim(),
    isOn: (name) => raw(name) !== '',
    all: (name) => fields.getAll(name),
    values: Object.fromEntries([...fields].filter(([name]) => name !== 'csrf')),
  };
}
