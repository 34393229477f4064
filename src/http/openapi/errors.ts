import { type TSchema, t } from 'elysia';
import {
  ERRORS,
  type ErrorCode,
  type ErrorDetails,
  type ErrorRef,
  type ErrorSpec,
  type FieldErrors,
  PayCoreError,
  specOf,
} from '../../core/errors.ts';
import type { Gateway } from '../../gateways/gateway.ts';
import { fail } from '../answer.ts';
import { described, errorCode, named, text } from '../schema/build.ts';
import { type Example, refer, type Schema } from './types.ts';

type Gateways = readonly Pick<Gateway, 'errors'>[];

/** Before what any gateway may do; the drivers' own come in between. */
const FIRST_OF_ALL_GATEWAYS: ErrorCode = 'WEBHOOK_REFUSED';

/** Every error there is in a program with these drivers, in the order of the documentation. */
export function listErrors(gateways: Gateways): readonly ErrorSpec[] {
  const shared: readonly ErrorSpec[] = Object.values(ERRORS);
  const middle = shared.indexOf(ERRORS[FIRST_OF_ALL_GATEWAYS]);
  const own = gateways.flatMap(({ errors = {} }) => Object.values(errors));
  return [...shared.slice(0, middle), ...own, ...shared.slice(middle)];
}

/** What a GET with a key may be answered. */
export const GET_ERRORS: readonly ErrorCode[] = ['API_KEY_INVALID', 'RATE_LIMITED', 'INTERNAL_ERROR'];

/** What any POST with a key and a JSON body may be answered. */
export const POST_ERRORS: readonly ErrorCode[] = [
  'INVALID_JSON',
  'INVALID_ENCODING',
  'API_KEY_INVALID',
  'PAYLOAD_TOO_LARGE',
  'REQUEST_TIMEOUT',
  'UNSUPPORTED_MEDIA_TYPE',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_INVALID',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'STORAGE_UNAVAILABLE',
  'SERVER_BUSY',
];

/** What comes with a Retry-After header. */
const TELL_WHEN: readonly string[] = ['RATE_LIMITED', 'GATEWAY_RESTING', 'SERVER_BUSY'];

const PAYMENT_NO = 'PAY202606220001ABCDEFGH';
const CURRENCY = 'The currency field must be TWD for ecpay, not USD.';

type ErrorExample = ErrorDetails & { readonly message?: string };

/** What stands beside the code in the examples; those of a driver have it in their table. */
const DETAILS: Readonly<Record<string, ErrorExample>> = {
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
  GATEWAY_RESTING: { payment_no: PAYMENT_NO },
  PAYMENT_NOT_PAYABLE: { payment_no: PAYMENT_NO },
  PAYMENT_IN_PROGRESS: { payment_no: PAYMENT_NO },
};

function exampleError(spec: ErrorSpec): Example {
  const { message, ...details }: ErrorExample = spec.example ?? DETAILS[spec.code] ?? {};
  const error = new PayCoreError(spec, { ...(message === undefined ? {} : { message }), details });
  return { summary: `${spec.code} (${spec.status})`, value: JSON.parse(fail(error).body), 'x-status': spec.status };
}

/** One example for each error. */
export function listErrorExamples(gateways: Gateways): Record<string, Example> {
  return Object.fromEntries(listErrors(gateways).map((spec) => [spec.code, exampleError(spec)]));
}

/** The names of every error, for the document's components. */
export function listErrorCodeSchema(gateways: Gateways): Record<string, Schema> {
  return {
    ErrorCode: {
      type: 'string',
      description: 'What went wrong, for programs.',
      enum: listErrors(gateways).map(({ code }) => code),
    },
  };
}

const errorSchema = named(
  'Error',
  t.Object({
    success: t.Literal(false),
    message: t.String({ description: 'For people; programs decide by error_code.' }),
    error: t.Object({
      error_code: errorCode,
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

/** The failing answers of a route, one for each status, each with its codes. `gateway`: whose own may be among them. */
export function listErrorAnswers(errors: readonly ErrorRef[], gateway?: Gateways[number]): Record<number, TSchema> {
  const codes = new Set(errors.map((error) => specOf(error).code));
  const unique = listErrors(gateway ? [gateway] : []).filter(({ code }) => codes.has(code));
  const statuses = [...new Set(unique.map(({ status }) => status))];
  return Object.fromEntries(
    statuses.map((status) => [status, describeStatus(unique.filter((spec) => spec.status === status))]),
  );
}

function describeStatus(errors: readonly ErrorSpec[]): TSchema {
  const shown = {
    description: errors.map(({ code, message }) => `- \`${code}\`: ${message}`).join('\n'),
    headers: errors.some(({ code }) => TELL_WHEN.includes(code)) ? ['Retry-After'] : [],
    examples: Object.fromEntries(errors.map(({ code }) => [code, refer('examples', code)])),
  };
  return described({ ...errorSchema, 'x-shown': shown });
}

/** The whole table in Markdown. */
export function writeErrorTable(gateways: Gateways): string {
  const rows = listErrors(gateways).map(({ code, status, message }) => `| \`${code}\` | ${status} | ${message} |`);
  return ['| error_code | HTTP | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
