import { describe, expect, test } from 'bun:test';
import { DESK_LOCALES } from '../../../../src/core/locale.ts';
import { GATEWAYS } from '../../../../src/gateways/index.ts';
import {
  describeCredentialForm,
  findBadFields,
  readCredentialForm,
} from '../../../../src/payments/projects/credential-form.ts';
import { example } from '../../../support/example-gateway/index.ts';
import { requireGateway } from '../../../support/gateways.ts';

const STAGE = { merchant_id: '3002607', hash_key: 'pwFHCqoQZGmho4w6', hash_iv: 'EkRm7iFT261dpevs' };
const reader = (values: Readonly<Record<string, string>>) => (name: string) => values[name] ?? '';

describe('the form for credentials', () => {
  test('of every gateway has words in every language, and says where they are found', () => {
    for (const gateway of GATEWAYS) {
      for (const locale of DESK_LOCALES) {
        const { fields, source } = describeCredentialForm(gateway, locale);
        expect([gateway.id, locale, typeof source]).toEqual([gateway.id, locale, 'string']);
        for (const { name, label, hint } of fields) {
          const field = gateway.credentials.fields.find((one) => one.name === name);
          expect([name, field?.label?.[locale], field?.hint?.[locale]]).toEqual([name, label, hint]);
        }
      }
    }
  });

  test('of a driver that says nothing of the kind is made of its names', () => {
    const { fields, source, sourceLinks } = describeCredentialForm(example, 'zh-tw');
    expect([source, sourceLinks]).toEqual([null, []]);
    expect(fields.map(({ name, label, hint }) => [name, label, hint])).toEqual(
      example.credentials.fields.map(({ name, expected }) => [name, name, expected]),
    );
  });

  test('hides what is secret and shows what names the merchant', () => {
    const secretsOf = (id: string) =>
      describeCredentialForm(requireGateway(id), 'en')
        .fields.filter((one) => one.isSecret)
        .map(({ name }) => name);
    expect(secretsOf('ecpay')).toEqual(['hash_key', 'hash_iv']);
    expect(secretsOf('paypal')).toEqual(['client_secret', 'webhook_id']);
    expect(secretsOf('stripe')).toEqual(['secret_key', 'webhook_secret']);
    expect(secretsOf('smilepay')).toEqual(['verify_key', 'validation_token', 'mid']);
  });

  test('asks for the environment but where the keys say it themselves', () => {
    const environmentsOf = (id: string) => describeCredentialForm(requireGateway(id), 'en').environments;
    expect(environmentsOf('ecpay')).toEqual(['stage', 'production']);
    expect(environmentsOf('plus')).toEqual(['production']);
    expect(environmentsOf('stripe')).toEqual([]);
  });
});

describe('a form that was filled in', () => {
  const ecpay = requireGateway('ecpay');

  test('gives what is known, without blanks around it, and nothing for what was left empty', () => {
    const given = readCredentialForm(
      ecpay,
      reader({ ...STAGE, hash_key: ` ${STAGE.hash_key}\n`, platform_id: ' ', environment: 'stage', csrf: 'x' }),
    );
    expect(given).toEqual({ ...STAGE, environment: 'stage' });
  });

  test('names every field that cannot be right', () => {
    expect(findBadFields(ecpay, STAGE)).toEqual([]);
    expect(findBadFields(ecpay, { merchant_id: '3002607', hash_iv: 'short', platform_id: '!' })).toEqual([
      'hash_key',
      'hash_iv',
      'platform_id',
    ]);
  });
});
