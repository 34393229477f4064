import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { run as runCallbacks } from '../../../src/cli/callbacks.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { run as runNotifications } from '../../../src/cli/notifications.ts';
import { openData, SERVER_LEAVE } from '../../../src/cli/open.ts';
import { DAY } from '../../../src/core/time.ts';
import { loadConfig } from '../../../src/program.ts';
import { createClock } from '../../support/clock.ts';
import { fillLedger } from '../../support/ledger.ts';
import { present } from '../../support/parts.ts';
import { attachTestStore, makeFolder, type TestFolder, type TestStore } from '../../support/store.ts';

/** `paycore notifications` and `paycore callbacks` over the data that a server may be serving. */

let folder: TestFolder;
let t: TestStore;
const now = Date.now() - 2 * DAY;

beforeEach(async () => {
  folder = makeFolder();
  const dataDir = folder.file('data');
  process.env.PAYCORE_DATA_DIR = dataDir;
  const { store } = await openData(loadConfig({ PAYCORE_DATA_DIR: dataDir }), SERVER_LEAVE);
  await store.close();
  t = await attachTestStore(`${dataDir}/paycore.db`, 'commands', createClock(now));
  await t.tamper.hurryCommits();
  await fillLedger(t);
});

afterEach(async () => {
  await t[Symbol.asyncDispose]();
  Reflect.deleteProperty(process.env, 'PAYCORE_DATA_DIR');
  folder[Symbol.dispose]();
});

type Run = (args: readonly string[], print: (line: string) => void) => Promise<void>;

async function call(run: Run, ...args: string[]) {
  const lines: string[] = [];
  await run([...args, '--json'], (line) => lines.push(line));
  return JSON.parse(lines.join('\n'));
}

async function tell(run: Run, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await run(args, (line) => lines.push(line));
  return lines.join('\n');
}

const giveUp = () =>
  t.database.run("UPDATE outbox SET state = 'dead', tries = 10, last_error = 'no', last_answer = 'Fatal' ");
const states = async () => (await t.rows.outbox()).map(({ state }) => state);

describe('paycore notifications', () => {
  test('lists what shops were told, newest first, by state and project', async () => {
    giveUp();
    const { notifications, next_cursor } = await call(runNotifications, 'list');
    expect(notifications.length).toBe((await t.rows.outbox()).length);
    expect(notifications[0]).toMatchObject({ state: 'dead', tries: 10, last_error: 'no', last_answer: 'Fatal' });
    expect(next_cursor).toBeNull();
    expect((await call(runNotifications, 'list', '--state', 'waiting')).notifications).toEqual([]);
    expect((await call(runNotifications, 'list', '--project', 'other')).notifications).toEqual([]);
    const short = await call(runNotifications, 'list', '--limit', '1');
    const rest = await call(runNotifications, 'list', '--limit', '1', '--cursor', short.next_cursor);
    expect(rest.notifications[0].webhook_id).not.toBe(short.notifications[0].webhook_id);
    expect(await tell(runNotifications, 'list')).toContain('payment.paid');
  });

  test('sends one again by its id', async () => {
    giveUp();
    const { webhookId } = present((await t.rows.outbox())[0]);
    expect(await call(runNotifications, 'resend', webhookId)).toEqual({ webhook_id: webhookId, state: 'pending' });
    expect((await states()).filter((state) => state === 'pending')).toHaveLength(1);
    await expect(call(runNotifications, 'resend', 'msg_none')).rejects.toThrow('no notification with this webhook id');
  });

  test('sends all again that were given up since a time, and says how many', async () => {
    giveUp();
    const count = (await states()).length;
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    expect(await call(runNotifications, 'resend', '--since', day(now + 2 * DAY))).toEqual({ sent: 0, left: 0 });
    expect(await call(runNotifications, 'resend', '--all', '--live')).toEqual({ sent: 0, left: 0 });
    expect(await call(runNotifications, 'resend', '--all', '--project', 'other')).toEqual({ sent: 0, left: 0 });
    expect(await tell(runNotifications, 'resend', '--since', day(now - DAY), '--test')).toBe(
      `${count} notifications will be sent again`,
    );
    expect(new Set(await states())).toEqual(new Set(['pending']));
  });

  test('called wrongly says how to call it', async () => {
    const wrong = [
      ['resend'],
      ['resend', '--all', '--since', '2026-06-20'],
      ['resend', '--since', 'tuesday'],
      ['list', '--state', 'lost'],
      ['list', '--project', 'nobody'],
    ];
    for (const args of wrong) {
      const failure = await runNotifications(args, () => {}).catch((error: unknown) => error);
      expect([args, failure instanceof CommandFailure && failure.exitCode]).toEqual([args, 2]);
    }
  });
});

describe('paycore callbacks', () => {
  test('--unmatched tells what came, from where, and why it was refused', async () => {
    expect(await tell(runCallbacks, '--unmatched')).toContain('belongs to a payment');
    await t.store.addUnmatchedCallback({
      ...{ gateway: 'ecpay', address: '203.0.113.7', reason: 'ECPay transaction not found.' },
      ...{ contentType: 'text/plain', body: new TextEncoder().encode('a=1'), paymentNo: null, projectId: null, now },
    });
    expect(await call(runCallbacks, '--unmatched')).toMatchObject([
      { gateway: 'ecpay', address: '203.0.113.7', reason: 'ECPay transaction not found.', payment_no: null },
    ]);
    expect(await tell(runCallbacks, '--unmatched')).toContain('203.0.113.7  ECPay transaction not found.');
  });

  test('says each address, what to enter where, and when the gateway called last', async () => {
    const project = present((await t.rows.projects())[0]);
    const due = ['accepted', 'refused'] as const;
    const call1 = { gateway: 'stripe', projectId: project.id, keyKind: 'test', due } as const;
    await t.store.noteCallbackCall(call1, null, now);
    await t.store.noteCallbackCall(call1, 'Stripe webhook is too old.', now + DAY);
    const told = await call(runCallbacks);
    expect(told.warning).toBe('local');
    const stripe = told.callbacks.find(({ gateway }: { gateway: string }) => gateway === 'stripe');
    expect(stripe).toMatchObject({
      url: 'http://localhost:8080/api/paycore/webhooks/stripe',
      credential: { name: 'webhook_secret' },
      last_accepted_at: expect.stringMatching(/^\d{4}-/),
      last_refusal: { kind: 'late', reason: 'Stripe webhook is too old.' },
    });
    expect(stripe.enter_at.events).toContain('payment_intent.succeeded');
    const live = await call(runCallbacks, '--live');
    expect(live.callbacks.map((one: { last_accepted_at: unknown }) => one.last_accepted_at)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    const text = await tell(runCallbacks, '--project', project.name, '--test');
    expect(text).toContain('PAYCORE_PUBLIC_URL');
    expect(text).toContain('every order carries it');
    expect(text).toContain('last refused');
  });
});
