import type { CredentialSchema } from '../gateway.ts';
import { errors } from './errors.ts';

export const credentials: CredentialSchema = {
  invalid: errors.PLUS_CREDENTIAL_INVALID,
  missingMessage: 'PLUS appid is required.',
  merchantField: 'appid',
  environments: { production: 'production' },
  source: {
    text: { 'zh-tw': '開通時 PLUS 交給你的資料', en: 'What PLUS gave you when the account was opened' },
    urls: {},
  },
  fields: [
    {
      name: 'appid',
      aliases: [],
      required: true,
      pattern: /^[A-Za-z0-9_.-]{1,64}$/,
      expected: '1 to 64 letters, digits, _ . or -',
      description: 'PLUS appid.',
      example: 'PLUS_APPID',
      label: { 'zh-tw': 'appid', en: 'appid' },
      hint: { 'zh-tw': '1 到 64 個英數字、「_」「.」或「-」', en: '1 to 64 letters, digits, “_”, “.” or “-”' },
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
      label: { 'zh-tw': 'secret_key', en: 'secret_key' },
      hint: { 'zh-tw': '不含空白', en: 'Without spaces' },
      message: 'PLUS secret_key is required.',
    },
  ],
};
