import type { CredentialField, CredentialSchema, Secrets } from '../gateway.ts';
import { errors } from './errors.ts';

type Required = Pick<CredentialField, 'name' | 'pattern' | 'expected' | 'description' | 'example'>;

const field = (row: Required, more: Partial<CredentialField>): CredentialField => ({
  aliases: [],
  required: true,
  ...row,
  ...more,
});

/** `test` or `live`: what stands between the first two underscores of a key. */
function modeOf(key: string | undefined): string {
  return key?.split('_')[1] ?? '';
}

/** Source: Stripe documentation, "API keys" and "Webhooks". */
export const credentials: CredentialSchema = {
  invalid: errors.STRIPE_SECRET_KEY_INVALID,
  productionRefusal: errors.STRIPE_SECRET_KEY_INVALID,
  merchantField: 'publishable_key',
  environments: { sandbox: 'sandbox', test: 'sandbox', production: 'production', live: 'production' },
  environmentOf: ({ secret_key }: Secrets) => (modeOf(secret_key) === 'live' ? 'production' : 'sandbox'),
  // The browser would be told "No such payment_intent" about an intent of the other mode.
  checkSet: ({ secret_key, publishable_key }: Secrets) =>
    modeOf(secret_key) === modeOf(publishable_key) ? null : errors.STRIPE_PUBLISHABLE_KEY_INVALID,
  source: {
    text: {
      'zh-tw': 'Stripe Dashboard → Developers → API keys；金鑰開頭是 test 或 live 就屬於那個環境',
      en: 'Stripe Dashboard → Developers → API keys; keys say themselves whether they are test or live',
    },
    urls: { production: 'https://dashboard.stripe.com/apikeys', sandbox: 'https://dashboard.stripe.com/test/apikeys' },
  },
  fields: [
    field(
      {
        name: 'secret_key',
        pattern: /^sk_(test|live)_[A-Za-z0-9_]{1,240}$/,
        expected: 'a key that starts with sk_test_ or sk_live_',
        description: 'Stripe secret key; sk_test_ pays with test cards, sk_live_ with real money.',
        example: 'sk_test_xxxxx',
      },
      {
        label: { 'zh-tw': 'Secret key', en: 'Secret key' },
        hint: { 'zh-tw': 'sk_test_ 或 sk_live_ 開頭', en: 'Starts with sk_test_ or sk_live_' },
        invalid: errors.STRIPE_SECRET_KEY_INVALID,
      },
    ),
    field(
      {
        name: 'publishable_key',
        pattern: /^pk_(test|live)_[A-Za-z0-9_]{1,240}$/,
        expected: 'a key that starts with pk_test_ or pk_live_, of the same mode as secret_key',
        description: 'Stripe publishable key of the same account and mode; the payment page uses it.',
        example: 'pk_test_xxxxx',
      },
      {
        label: { 'zh-tw': 'Publishable key', en: 'Publishable key' },
        hint: {
          'zh-tw': 'pk_test_ 或 pk_live_ 開頭，與 Secret key 同一個帳號與環境',
          en: 'Starts with pk_test_ or pk_live_; of the same account and mode',
        },
        invalid: errors.STRIPE_PUBLISHABLE_KEY_INVALID,
        isPublic: true,
      },
    ),
    field(
      {
        name: 'webhook_secret',
        pattern: /^whsec_[\x21-\x7e]{1,240}$/,
        expected: 'a secret that starts with whsec_',
        description:
          'Signing secret of the webhook endpoint. Without it every event only makes PayCore ask Stripe what is true.',
        example: 'whsec_xxxxx',
      },
      {
        label: { 'zh-tw': 'Webhook signing secret', en: 'Webhook signing secret' },
        hint: {
          'zh-tw': 'whsec_ 開頭；在 Developers → Webhooks 的端點頁',
          en: 'Starts with whsec_; on the endpoint’s page under Developers → Webhooks',
        },
        required: false,
        invalid: errors.STRIPE_WEBHOOK_SECRET_INVALID,
      },
    ),
    field(
      {
        name: 'callback_secret',
        pattern: /^[^\p{Cc}]{1,255}$/u,
        expected: 'at most 255 characters',
        description: 'Accepted and kept; nothing uses it.',
        example: 'optional-secret',
      },
      {
        isUnused: true,
        required: false,
      },
    ),
  ],
};
