import { type Static, t } from 'elysia';
import { ACTORS } from '../../core/actor.ts';
import { anyObject, instant, named, nullable, text, words } from './build.ts';

export const eventSchema = named(
  'Event',
  t.Object({
    type: text(
      'E.g. `payment.created`, `callback.accepted`, `notification.delivered`; `admin.sync`, `.resend`, `.cancel`, `.refund` and `.handled` for what a person did at the admin pages.',
    ),
    at: instant('When it happened.'),
    by: t.Object(
      {
        type: words(ACTORS, { description: '`operator`: a command on the server.' }),
        name: nullable(text('The gateway, the first letters of the key, or the person’s name.')),
      },
      { description: 'Who or what it came from.' },
    ),
    gateway_order_no: nullable(text('The try that it is about.')),
    data: anyObject('What else is known, by type; more may be added.'),
  }),
);

export type EventData = Static<typeof eventSchema>;
