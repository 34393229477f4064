import { LIMITS, type Limit } from '../limits.ts';
import { type Header, type Reference, refer } from './types.ts';

/** What one of our own ids looks like. */
export const EXAMPLE_REQUEST_ID = 'req_5f0c2a9be81d4476a03e';

const QUOTA = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const;

const HEADERS: Readonly<Record<string, Header>> = {
  'Idempotent-Replayed': {
    description: '`true` when this is the kept answer to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
  'X-Request-Id': {
    description:
      'Names this request in the log of the server. A request that brings an `X-Request-Id` of its own (1 to 64 of `A-Z a-z 0-9 . _ -`) keeps it.',
    required: true,
    schema: { type: 'string', maxLength: 64, pattern: '^[A-Za-z0-9._-]+$', examples: [EXAMPLE_REQUEST_ID] },
  },
  'RateLimit-Limit': {
    description: 'How many such requests a minute, and at once. Missing where limits are switched off.',
    schema: { type: 'integer' },
  },
  'RateLimit-Remaining': { description: 'How many are left at the moment.', schema: { type: 'integer' } },
  'RateLimit-Reset': {
    description: 'Seconds until all of them are there again; some are there earlier.',
    schema: { type: 'integer' },
  },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
};

/** What the document keeps each header's description under: a short word, since every answer refers to several. */
const KEPT_AS: Readonly<Record<string, string>> = {
  'Idempotent-Replayed': 'replayed',
  'X-Request-Id': 'id',
  'RateLimit-Limit': 'limit',
  'RateLimit-Remaining': 'left',
  'RateLimit-Reset': 'reset',
  'Retry-After': 'wait',
};

/** The descriptions, for the document's components. */
export function listHeaders(): Record<string, Header> {
  return Object.fromEntries(Object.entries(HEADERS).map(([name, header]) => [KEPT_AS[name] ?? name, header]));
}

export function referToHeader(name: string): Reference {
  return refer('headers', KEPT_AS[name] ?? name);
}

/** The headers that do not depend on what the route does. */
export function namesOfHeaders(isCharged: boolean): readonly string[] {
  return isCharged ? ['X-Request-Id', ...QUOTA] : ['X-Request-Id'];
}

/** The table of limits in Markdown. */
export function writeLimitTable(): string {
  const rows = Object.values<Limit>(LIMITS).map(({ by, perMinute, perDay, what }) => {
    const inAll = perDay === undefined ? '' : `, and ${perDay} a day`;
    return `| ${what} | ${by} | ${perMinute}${inAll} |`;
  });
  return ['| Counted | by | a minute, and at once |', '| --- | --- | --- |', ...rows].join('\n');
}
