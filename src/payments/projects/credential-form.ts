import type { DeskLocale } from '../../core/locale.ts';
import type { Environment } from '../../core/payment.ts';
import type { CredentialField, Gateway } from '../../gateways/gateway.ts';

/** The form that a merchant fills with a gateway's credentials, as its driver describes them. It is only ever written into. */
export interface CredentialForm {
  readonly gateway: string;
  readonly gatewayName: string;
  readonly fields: readonly CredentialFormField[];
  /** Empty where the credentials themselves say where they belong. */
  readonly environments: readonly Environment[];
  /** Where the gateway shows them. */
  readonly source: string | null;
  readonly sourceLinks: readonly { readonly environment: Environment; readonly url: string }[];
}

export interface CredentialFormField {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly isRequired: boolean;
  /** Nobody is to read it over a shoulder, and no browser is to keep it. */
  readonly isSecret: boolean;
}

export function describeCredentialForm({ id, name, credentials }: Gateway, locale: DeskLocale): CredentialForm {
  const { source, merchantField, environmentOf } = credentials;
  return {
    gateway: id,
    gatewayName: name,
    fields: listAsked(credentials).map((field) => ({
      name: field.name,
      label: field.label?.[locale] ?? field.name,
      hint: field.hint?.[locale] ?? field.expected,
      isRequired: field.required,
      isSecret: field.isPublic !== true && field.name !== merchantField,
    })),
    environments: environmentOf ? [] : listEnvironments(credentials),
    source: source?.text[locale] ?? null,
    sourceLinks: listEnvironments(credentials).flatMap((environment) => {
      const url = source?.urls[environment];
      return url === undefined ? [] : [{ environment, url }];
    }),
  };
}

type Schema = Gateway['credentials'];

const listAsked = ({ fields }: Schema): readonly CredentialField[] => fields.filter((one) => !one.isUnused);

/** Where there are such credentials, each once. */
export function listEnvironments({ environments }: Schema): readonly Environment[] {
  return [...new Set(Object.values(environments))];
}

/** What was filled in, as `setCredentials` takes it. What was left empty is not given. */
export function readCredentialForm(
  { credentials }: Gateway,
  read: (name: string) => string,
): Readonly<Record<string, string>> {
  const names = [...listAsked(credentials).map(({ name }) => name), 'environment'];
  const given = names.map((name) => [name, read(name).trim()] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** Names of the fields that cannot be right by themselves: all of them, so that a form is corrected at one go. */
export function findBadFields({ credentials }: Gateway, given: Readonly<Record<string, string>>): readonly string[] {
  const bad = listAsked(credentials).filter(({ name, required, pattern }) => {
    const value = given[name] ?? '';
    return value === '' ? required : !pattern.test(value);
  });
  return bad.map(({ name }) => name);
}
