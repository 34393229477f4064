import type { CredentialField, Gateway } from '../../gateways/gateway.ts';
import { describeObject, describePattern } from './schema.ts';
import type { Schema } from './types.ts';

/** `gateway_credentials` of one gateway. */
export function describeCredentials(gateway: Gateway): Schema {
  const { fields, environments, environmentOf } = gateway.credentials;
  const properties = Object.fromEntries(fields.map((field) => [field.name, describeCredential(field)]));
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    ...describeObject(
      environmentOf
        ? properties
        : { ...properties, environment: describeEnvironment(gateway, Object.keys(environments)) },
      required,
    ),
    description: `Your account at ${gateway.name}. May be left out when the project keeps credentials of this gateway. Stored encrypted, and given back by no answer.`,
    writeOnly: true,
  };
}

function describeCredential(field: CredentialField): Schema {
  const unsaid = field.aliases.filter((alias) => !field.description.includes(`${alias} is also`));
  const aliases = unsaid.length === 0 ? '' : ` Also taken as ${unsaid.join(' or ')}.`;
  return {
    type: 'string',
    ...describePattern(field.pattern),
    description: `${field.description} ${capitalizeFirst(field.expected)}.${aliases}`,
    ...(field.example === '' ? {} : { examples: [field.example] }),
  };
}

function capitalizeFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function describeEnvironment(gateway: Gateway, names: readonly string[]): Schema {
  const { live, test } = gateway.defaultEnvironment;
  const byTestKey = test === null ? 'a test key cannot be used here' : `${test} with a test key`;
  return {
    type: 'string',
    enum: names,
    description: `Which of the gateway's systems. Left out: ${live} with a live key, ${byTestKey}. A test key never reaches production.`,
    examples: [exampleEnvironment(gateway)],
  };
}

export function exampleEnvironment(gateway: Gateway): string {
  return gateway.defaultEnvironment.test ?? gateway.defaultEnvironment.live;
}

/** The example account of the gateway, without what may be left out. */
export function exampleSecrets(gateway: Gateway): Record<string, string> {
  const named = gateway.credentials.fields.filter((field) => field.required && field.example !== '');
  return Object.fromEntries(named.map((field) => [field.name, field.example]));
}
