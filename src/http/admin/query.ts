/** A form that narrows a list sends every field, also those that were left empty: they are no filter. */
export function withoutEmpty(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([, value]) => value !== ''));
}
