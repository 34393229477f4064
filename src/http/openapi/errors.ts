import { type TSchema, t } from 'elysia';
import { ERRORS, type ErrorCode, type ErrorDetails, type FieldErrors, PayCoreError } from '../../core/errors.ts';
import { fail } from '../answer.ts';
import { described, named, text, words } from '../schema/build.ts';
import { type Example, refer } from './types.ts';

/** What a GET with a key may be answered. */
export const GET_ERRORS: readonly ErrorCode[] = ['API_KEY_INVALID', 'RATE_LIMITED', 'INTERNAL_ERROR'];

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** What any POST with a key and a JSON body may be answered. */
export const POST_ERRORS: readonly ErrorCode[] = [
  'INVALID_JSON',
  'INVALID_ENCODING',
  'API_KEY_INVALID',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_INVALID',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'STORAGE_UNAVAILABLE',
];

/** What comes with a Retry-After header. */
const TELL_WHEN: readonly ErrorCode[] = ['RATE_LIMITED', 'GATEWAY_RESTING'];

const PAYMENT_NO = 'PAY202606220001ABCDEFGH';
const CURRENCY = 'The currency field must be TWD for ecpay, not USD.';

/** What stands beside the code in the examples. */
const DETAILS: Readonly<Partial<Record<ErrorCode, ErrorDetails & { readonly message?: string }>>> = {
  VALIDATION_FAILED: {
    fields: {
      merchant_order_no: ['The merchant_order_no field is required.'],
      amount: ['The amount field must be at least 1.'],
    },
  },
  INVALID_ARGUMENT: { message: CURRENCY, fields: { currency: [CURRENCY] } },
  ORDER_CONFLICT: { payment_no: PAYMENT_NO },
  PAYMENT_GATEWAY_ERROR: { payment_no: PAYMENT_NO },
  PAYMENT_GATEWAY_TIMEOUT: { payment_no: PAYMENT_NO },
  ECPAY_CREDENTIAL_INVALID: {
    fields: { 'gateway_credentials.hash_key': ['The hash_key field is required: 16 characters.'] },
  },
  GATEWAY_RESTING: { payment_no: PAYMENT_NO },
  PAYMENT_NOT_PAYABLE: { payment_no: PAYMENT_NO },
  ECPAY_PAYMENT_FAILED: { gateway: { code: '10100058', message: 'Pay Fail' } },
  ECPAY_BACKGROUND_CODE_FAILED: { gateway: { code: '10100050', message: 'Parameter Error. TotalAmount' } },
};

function exampleError(code: ErrorCode): Example {
  const { message, ...details } = DETAILS[code] ?? {};
  const error = new PayCoreError(code, { ...(message === undefined ? {} : { message }), details });
  return { summary: `${code} (${ERRORS[code][0]})`, value: JSON.parse(fail(error).body) };
}

/** One example for each code of the table. */
export function listErrorExamples(): Record<string, Example> {
  return Object.fromEntries(ERROR_CODES.map((code) => [code, exampleError(code)]));
}

const errorSchema = named(
  'Error',
  t.Object({
    success: t.Literal(false),
    message: t.String({ description: 'For people; programs decide by error_code.' }),
    error: t.Object({
      error_code: words(ERROR_CODES),
      fields: t.Optional(
        t.Unsafe<FieldErrors>({
          type: 'object',
          description: 'Every field that was refused, with the reasons.',
          additionalProperties: { type: 'array', items: { type: 'string' } },
        }),
      ),
      payment_no: t.Optional(
        text('The payment that stands in the way, or whose outcome at the gateway is not known yet.'),
      ),
      refund_no: t.Optional(text('The refund whose outcome at the gateway is not known yet.')),
      gateway: t.Optional(
        t.Object({ code: text(), message: text() }, { description: 'What the gateway itself said.' }),
      ),
    }),
  }),
);

/** The failing answers of a route, one for each status, each with its codes. */
export function listErrorAnswers(codes: readonly ErrorCode[]): Record<number, TSchema> {
  const unique = ERROR_CODES.filter((code) => codes.includes(code));
  const statuses = [...new Set(unique.map((code) => ERRORS[code][0]))];
  return Object.fromEntries(
    statuses.map((status) => [status, describeStatus(unique.filter((code) => ERRORS[code][0] === status))]),
  );
}

function describeStatus(codes: readonly ErrorCode[]): TSchema {
  const shown = {
    description: codes.map((code) => `- \`${code}\`: ${ERRORS[code][1]}`).join('\n'),
    headers: codes.some((code) => TELL_WHEN.includes(code)) ? ['Retry-After'] : [],
    examples: Object.fromEntries(codes.map((code) => [code, refer('examples', code)])),
  };
  return described({ ...errorSchema, 'x-shown': shown });
}

/** The whole table in Markdown. */
export function writeErrorTable(): string {
  const rows = ERROR_CODES.map((code) => `| \`${code}\` | ${ERRORS[code][0]} | ${ERRORS[code][1]} |`);
  return ['| error_code | HTTP | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
