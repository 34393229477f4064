import type { CredentialSchema } from '../gateway.ts';
import { errors } from './errors.ts';

export const credentials: CredentialSchema = {
  invalid: errors.PAYPAL_CLIENT_ID_REQUIRED,
  environmentInvalid: errors.PAYPAL_ENVIRONMENT_INVALID,
  merchantField: 'client_id',
  environments: { sandbox: 'sandbox', live: 'production', production: 'production' },
  source: {
    text: {
      'zh-tw': 'PayPal Developer → Apps & Credentials → 你的 App；上方切換 Sandbox／Live',
      en: 'PayPal Developer → Apps & Credentials → your app; Sandbox or Live is switched at the top',
    },
    urls: {
      production: 'https://developer.paypal.com/dashboard/applications/live',
      sandbox: 'https://developer.paypal.com/dashboard/applications/sandbox',
    },
  },
  fields: [
    {
      name: 'client_id',
      aliases: [],
      required: true,
      // Never a colon: it ends the name in an HTTP Basic header.
      pattern: /^[A-Za-z0-9_-]{1,200}$/,
      expected: 'letters, digits, "-" and "_"',
      description: 'PayPal REST API client_id.',
      example: 'PAYPAL_CLIENT_ID',
      label: { 'zh-tw': 'Client ID', en: 'Client ID' },
      hint: { 'zh-tw': '英數字、「-」與「_」', en: 'Letters, digits, “-” and “_”' },
    },
    {
      name: 'client_secret',
      aliases: [],
      required: true,
      pattern: /^[\x21-\x7e]{1,255}$/,
      expected: 'printable characters without blanks',
      description: 'PayPal REST API client_secret.',
      example: 'PAYPAL_CLIENT_SECRET',
      label: { 'zh-tw': 'Secret', en: 'Secret' },
      hint: { 'zh-tw': '不含空白', en: 'Without spaces' },
      invalid: errors.PAYPAL_CLIENT_SECRET_REQUIRED,
    },
    {
      name: 'webhook_id',
      aliases: [],
      required: false,
      pattern: /^[A-Za-z0-9_-]{1,50}$/,
      expected: 'at most 50 letters, digits, "-" and "_"',
      description:
        'PayPal webhook_id for webhook verification. Recommended for production: without it a webhook only makes PayCore ask PayPal.',
      example: '1JE4291016473214C',
      label: { 'zh-tw': 'Webhook ID', en: 'Webhook ID' },
      hint: {
        'zh-tw': '正式環境建議填寫；在同一個 App 的 Webhooks 區',
        en: 'Recommended in production; under Webhooks of the same app',
      },
      // Not the code of a field that was not the matter.
      invalid: 'GATEWAY_CREDENTIAL_INVALID',
      message: 'PayPal webhook_id must be at most 50 letters, digits, "-" and "_".',
    },
  ],
};
