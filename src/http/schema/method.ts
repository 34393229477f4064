import { type Static, t } from 'elysia';
import { METHOD_KINDS } from '../../core/method-kind.ts';
import { errorCode, named, nullable, text, words } from './build.ts';
import { sharedFields } from './payment.ts';

const numbers = (description: string) =>
  t.Unsafe<Readonly<Record<string, number>>>({ type: 'object', additionalProperties: { type: 'number' }, description });

export const methodSchema = named(
  'Method',
  t.Object({
    name: text('Gateway and last part of the route.'),
    route: text('Where a payment is made this way.'),
    gateway: sharedFields.gateway,
    gateway_name: text('Name of the gateway, for people.'),
    method: text('`method` of payments made this way.'),
    mode: text('`mode` of payments made this way.'),
    title: text('Title of the route.'),
    kind: words(METHOD_KINDS, {
      description: 'What payers know it as, whichever gateway takes it: each kind is one row where they choose.',
    }),
    currencies: t.Unsafe<readonly string[]>({
      type: 'array',
      items: { type: 'string' },
      description: 'ISO 4217 codes.',
    }),
    decimals: numbers('By currency: digits behind the point that an amount in whole units may have.'),
    least: numbers(
      'By currency, in `unit`: less is known to be refused by the gateway, and is not offered on the All-in-One page.',
    ),
    unit: words(['major', 'minor'], {
      description: 'What `amount` and the limits count: whole units of the currency, or its minor units.',
    }),
    max_expire_days: t.Integer({ description: 'Most that `expire_days` may be.' }),
    refundable: t.Boolean({ description: 'Money taken this way can be paid back through the gateway.' }),
    limits: t.Object(
      { min: t.Number({ description: 'Least amount.' }), max: t.Number({ description: 'Largest amount.' }) },
      { description: 'The project’s own terms, else the gateway’s.' },
    ),
    enabled: t.Boolean({ description: 'It can be used as it stands: the project keeps credentials for it.' }),
    credentials: words(['stored', 'required'], {
      description: '`required`: a request has to bring gateway_credentials.',
    }),
    environment: nullable(text('The gateway’s system that a request means when it names none.')),
    problem: t.Unsafe<{ readonly error_code: string; readonly message: string } | null>({
      type: ['object', 'null'],
      properties: { error_code: errorCode, message: { type: 'string', description: 'The same for people.' } },
      description: 'Why this key cannot use it at all, as a create would answer.',
    }),
    in_checkout: t.Boolean({
      description:
        'It is on for the All-in-One page, where payers choose: of several of one kind that is the first in the merchant’s order that takes the amount.',
    }),
  }),
);

export type MethodData = Static<typeof methodSchema>;
