import { type TSchema, t } from 'elysia';
import type { CredentialField, Gateway } from '../../gateways/gateway.ts';
import { named, words } from '../schema/build.ts';
import { describePattern } from '../schema/fields.ts';
import { nameOf } from './names.ts';

const made = new WeakMap<Gateway, TSchema>();

/** `gateway_credentials` of one gateway, the same for each of its methods. */
export function credentialsSchema(gateway: Gateway): TSchema {
  const schema = made.get(gateway) ?? makeSchema(gateway);
  made.set(gateway, schema);
  return schema;
}

function makeSchema(gateway: Gateway): TSchema {
  const { fields, environments, environmentOf } = gateway.credentials;
  const properties = Object.fromEntries(fields.map((field) => [field.name, credentialSchema(field)]));
  const environment = t.Optional(environmentSchema(gateway, Object.keys(environments)));
  return named(
    `${nameOf(gateway)}Credentials`,
    t.Object(environmentOf ? properties : { ...properties, environment }, {
      description: `Your account at ${gateway.name}. May be left out when the project keeps credentials of this gateway. Stored encrypted, and given back by no answer.`,
      writeOnly: true,
    }),
  );
}

function credentialSchema(field: CredentialField): TSchema {
  const unsaid = field.aliases.filter((alias) => !field.description.includes(`${alias} is also`));
  const aliases = unsaid.length === 0 ? '' : ` Also taken as ${unsaid.join(' or ')}.`;
  const refusal = field.message === undefined ? '' : ` Refused otherwise: "${field.message}"`;
  const schema = t.String({
    ...describePattern(field.pattern),
    description: `${field.description} ${capitalizeFirst(field.expected)}.${aliases}${refusal}`,
    ...(field.example === '' ? {} : { examples: [field.example] }),
  });
  return field.required ? schema : t.Optional(schema);
}

function capitalizeFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function environmentSchema(gateway: Gateway, names: readonly string[]): TSchema {
  const { live, test } = gateway.defaultEnvironment;
  const byTestKey = test === null ? 'a test key cannot be used here' : `${test} with a test key`;
  return words(names, {
    description: `Which of the gateway's systems. Left out: ${live} with a live key, ${byTestKey}. A test key never reaches production.`,
    examples: [exampleEnvironment(gateway)],
  });
}

export function exampleEnvironment(gateway: Gateway): string {
  return gateway.defaultEnvironment.test ?? gateway.defaultEnvironment.live;
}

/** The example account of the gateway, without what may be left out. */
export function exampleSecrets(gateway: Gateway): Record<string, string> {
  const named = gateway.credentials.fields.filter((field) => field.required && field.example !== '');
  return Object.fromEntries(named.map((field) => [field.name, field.example]));
}
