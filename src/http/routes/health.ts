import { statfs } from 'node:fs/promises';
import { Elysia, type Static, t } from 'elysia';
import { VERSION } from '../../core/version.ts';
import type { Deps } from '../../deps.ts';
import { describe, plainAnswer } from '../openapi/describe.ts';
import { TAGS } from '../openapi/types.ts';
import { named, text, words } from '../schema/build.ts';

/** Below this a day's payments and their log may not fit any more. */
const MIN_FREE_BYTES = 50 * 1024 * 1024;

const check = t.Object({
  ok: t.Boolean({ description: 'Whether it is in order.' }),
  warning: t.Optional(t.Literal(true, { description: 'Payments go on, but somebody should look at it.' })),
  detail: text('What was found, for people.'),
});
type Check = Static<typeof check>;

const told = (schema: typeof check, description: string): typeof check => ({ ...schema, description });

const readinessSchema = named(
  'Readiness',
  t.Object({
    status: words(['ready', 'not ready'], { description: '`not ready`: something is not in order.' }),
    checks: t.Object(
      {
        database: told(check, 'Whether it can be written.'),
        disk: told(check, 'Whether the disk of the data directory has room.'),
        clock: told(check, 'Whether the machine’s clock agrees with the gateways.'),
      },
      { description: 'What was looked at.' },
    ),
  }),
);

const healthSchema = t.Object({
  status: t.Literal('ok', { description: 'The process answers.' }),
  version: text('Version of PayCore.'),
});

const FINE = { ok: true, detail: 'agrees with the gateways' };
const ROOM = { ok: true, detail: '18342 MB free' };
const FULL = { ok: false, detail: 'only 12 MB free: make room on the disk of the data directory' };
const WRITABLE = { ok: true, detail: 'writable' };

/** `/healthz`: the process answers. `/readyz`: it can do its work, with what is wrong when it cannot. */
export function healthRoutes(deps: Pick<Deps, 'store' | 'config' | 'clockSkew'>) {
  return new Elysia()
    .get(
      '/healthz',
      () => Response.json({ status: 'ok', version: VERSION }, { headers: NO_STORE }),
      describe({
        operationId: 'checkHealth',
        tag: TAGS.installation,
        summary: 'Liveness',
        description: 'Answers as long as the process runs.',
        highlights: ['status=ok', 'version'],
        access: 'open',
        answers: {
          200: plainAnswer(healthSchema, { description: 'It runs.', example: { status: 'ok', version: '0.1.0' } }),
        },
      }),
    )
    .get(
      '/readyz',
      async () => {
        const checks = {
          database: await checkDatabase(deps),
          disk: await checkDisk(deps.config.dataDir),
          clock: checkClock(deps.clockSkew()),
        };
        const ready = Object.values(checks).every(({ ok }) => ok);
        return Response.json(
          { status: ready ? 'ready' : 'not ready', checks },
          { status: ready ? 200 : 503, headers: NO_STORE },
        );
      },
      describe({
        operationId: 'checkReadiness',
        tag: TAGS.installation,
        summary: 'Readiness',
        description: 'Whether payments can be taken: the database can be written and the disk has room.',
        highlights: ['status=ready', 'checks'],
        access: 'open',
        answers: {
          200: plainAnswer(readinessSchema, {
            description: 'Everything is in order.',
            example: { status: 'ready', checks: { database: WRITABLE, disk: ROOM, clock: FINE } },
          }),
          503: plainAnswer(readinessSchema, {
            description: 'Something is wrong; the checks say what.',
            example: { status: 'not ready', checks: { database: WRITABLE, disk: FULL, clock: FINE } },
          }),
        },
      }),
    );
}

/** A wrong clock is a warning: payments go on, but gateways will soon refuse them. */
function checkClock(skewMs: number | null): Check {
  if (skewMs === null) return { ok: true, detail: 'agrees with the gateways' };
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  return { ok: true, warning: true, detail: `${seconds} s ${side} the gateway’s: set the machine’s clock (NTP)` };
}

/** Who asks wants to hear within a few seconds; a database that is silent may be waited for longer than that. */
const DATABASE_LIMIT_MS = 2500;

async function checkDatabase({ store }: Pick<Deps, 'store'>): Promise<Check> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Check>((resolve) => {
    const detail = 'the database has not answered yet: is its machine overloaded or stopped, or the network cut?';
    timer = setTimeout(resolve, DATABASE_LIMIT_MS, { ok: false, detail });
  });
  const written = store.checkWritable().then(
    () => WRITABLE,
    () => ({ ok: false, detail: describeOutage(store) }),
  );
  try {
    const check = await Promise.race([written, late]);
    return check.ok ? check : { ok: false, detail: store.findOutage() ?? check.detail };
  } finally {
    clearTimeout(timer);
  }
}

function describeOutage({ isShared }: Deps['store']): string {
  return isShared
    ? 'PostgreSQL takes no writes: is its disk full, is it read-only, or a standby that is to take over?'
    : 'the database cannot be written: is the disk full or the folder read-only?';
}

async function checkDisk(folder: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const megabytes = Math.floor(free / 1024 / 1024);
    return free >= MIN_FREE_BYTES
      ? { ok: true, detail: `${megabytes} MB free` }
      : { ok: false, detail: `only ${megabytes} MB free: make room on the disk of the data directory` };
  } catch {
    return { ok: false, detail: 'the data directory cannot be read' };
  }
}

const NO_STORE = { 'cache-control': 'no-store' } as const;
