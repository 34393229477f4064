import { describeJson, describeObject } from './schema.ts';
import { COMMON_TAG, type Operation, type Route, refer, type Schema } from './types.ts';

/** What watches the server asks. */
export function describeHealth(): readonly Route[] {
  return [
    { verb: 'get', path: '/healthz', operation: health },
    { verb: 'get', path: '/readyz', operation: readiness, schemas: { Readiness: readinessSchema } },
  ];
}

const health: Operation = {
  operationId: 'checkHealth',
  tags: [COMMON_TAG],
  summary: 'Liveness',
  description: 'Answers as long as the process runs.',
  security: [],
  responses: {
    '200': describeJson(
      describeObject({ status: { const: 'ok' }, version: { type: 'string', description: 'Version of PayCore.' } }),
      'It runs.',
      { status: 'ok', version: '0.1.0' },
    ),
  },
};

const check = describeObject(
  {
    ok: { type: 'boolean' },
    warning: { const: true, description: 'Payments go on, but somebody should look at it.' },
    detail: { type: 'string', description: 'What was found, for people.' },
  },
  ['ok', 'detail'],
);

const readinessSchema: Schema = describeObject({
  status: { type: 'string', enum: ['ready', 'not ready'] },
  checks: describeObject({ database: check, disk: check, clock: check }),
});

const CLOCK = { ok: true, detail: 'agrees with the gateways' };

const readiness: Operation = {
  operationId: 'checkReadiness',
  tags: [COMMON_TAG],
  summary: 'Readiness',
  description: 'Whether payments can be taken: the database can be written and the disk has room.',
  security: [],
  responses: {
    '200': describeJson(refer('schemas', 'Readiness'), 'Everything is in order.', {
      status: 'ready',
      checks: { database: { ok: true, detail: 'writable' }, disk: { ok: true, detail: '18342 MB free' }, clock: CLOCK },
    }),
    '503': describeJson(refer('schemas', 'Readiness'), 'Something is wrong; the checks say what.', {
      status: 'not ready',
      checks: {
        database: { ok: true, detail: 'writable' },
        disk: { ok: false, detail: 'only 12 MB free: make room on the disk of the data directory' },
        clock: CLOCK,
      },
    }),
  },
};
