import type { CredentialSchema } from '../gateway.ts';
import { errors } from './errors.ts';

export const credentials: CredentialSchema = {
  invalid: errors.PLUS_CREDENTIAL_INVALID,
  missingMessage: 'PLUS appid is required.',
  merchantField: 'appid',
  environments: { production: 'production' },
  fields: [
    {
      name: 'appid',
      aliases: [],
      required: true,
      pattern: /^[A-Za-z0-9_.-]{1,64}$/,
      expected: '1 to 64 letters, digits, _ . or -',
      description: 'PLUS appid.',
      example: 'PLUS_APPID',
      message: 'PLUS appid is required.',
    },
    {
      name: 'secret_key',
      aliases: [],
      required: true,
      pattern: /^[\x21-\x7e]{1,128}$/,
      expected: '1 to 128 characters without spaces',
      description: 'PLUS secret_key.',
      example: 'PLUS_SECRET_KEY',
      message: 'PLUS secret_key is required.',
    },
  ],
};
