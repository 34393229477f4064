/**
 * Fills a data directory with pending payments through the store, and serves one inside this process. The only file of
 * the bench that knows the source: everything else sees a port, a process id or a list of numbers.
 *
 * `bun fill.ts JOB.json` fills; a process of its own, so that its memory is gone before anything is measured.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { openData } from '../../src/cli/open.ts';
import { startServer } from '../../src/cli/server.ts';
import { SYSTEM } from '../../src/cli/system.ts';
import type { Instructions } from '../../src/core/attempt.ts';
import { makeGatewayOrderNo, makeId } from '../../src/core/ids.ts';
import { DAY, formatInstant, HOUR } from '../../src/core/time.ts';
import { storeCredential } from '../../src/payments/projects/credentials.ts';
import { loadConfig } from '../../src/program.ts';
import type { Store } from '../../src/store/store.ts';
import { STAGE } from '../binary/support/ecpay.ts';
import { requireGateway } from '../support/gateways.ts';

export interface FillJob {
  readonly dataDir: string;
  /** A project that is there already. */
  readonly project: string;
  readonly count: number;
  /** Addresses that are told when a payment is paid; they take turns. */
  readonly payokUrls: readonly string[];
  /** File for the list of payments made. */
  readonly out: string;
  /** What the program is told besides the data directory. */
  readonly env?: Readonly<Record<string, string>>;
  /** Payments that are written at the same time. */
  readonly writers?: number;
}

/** A payment whose payer has a number and has not paid yet. */
export interface FilledPayment {
  readonly paymentNo: string;
  readonly orderNo: string;
  /** Whole TWD. */
  readonly amount: number;
  readonly method: 'atm' | 'cvs';
  /** Account or store code. */
  readonly code: string;
  /** What opens its page. */
  readonly token: string;
  readonly payokUrl: string;
}

/** More than a batch of the store takes, so that every commit is a full one. */
const WRITERS = 512;

export async function fill(job: FillJob): Promise<readonly FilledPayment[]> {
  const config = loadConfig({ PAYCORE_DATA_DIR: job.dataDir, ...job.env });
  const opened = await openData(config);
  const { store, vault } = opened;
  const project = await store.findProjectByName(job.project);
  const gateway = requireGateway('ecpay');
  if (!project || !gateway) throw new Error(`${job.dataDir} has no project ${job.project}`);
  const credentialId = await storeCredential(
    { store, vault, clock: SYSTEM.clock },
    project.id,
    gateway,
    STAGE,
    'stage',
  );
  const make = paymentMaker(store, { projectId: project.id, credentialId }, vault);
  const made: FilledPayment[] = new Array(job.count);
  let next = 0;
  const write = async () => {
    for (let index = next++; index < job.count; index = next++) {
      made[index] = await make(index, job.payokUrls[index % job.payokUrls.length] ?? '');
    }
  };
  await Promise.all(Array.from({ length: job.writers ?? WRITERS }, write));
  await store.close();
  return made;
}

/** A payment as a background order leaves it: opened, called for, and given its number by the gateway. */
function paymentMaker(
  store: Store,
  owner: { readonly projectId: number; readonly credentialId: number },
  vault: { makePageToken(paymentNo: string): string },
) {
  return async (index: number, payokUrl: string): Promise<FilledPayment> => {
    const now = Date.now();
    const amount = 100 + (index % 900);
    // Every shop has both methods.
    const method = index % 4 < 2 ? 'atm' : 'cvs';
    const way = { gateway: 'ecpay', method, mode: 'background', credentialId: owner.credentialId } as const;
    const gatewayOrderNo = makeGatewayOrderNo(now, randomBytes);
    const { payment, attempt } = await store.openPayment(
      {
        ...way,
        projectId: owner.projectId,
        livemode: false,
        keyKind: 'test',
        merchantOrderNo: `FILL-${String(index).padStart(7, '0')}`,
        environment: 'stage',
        amount: amount * 100,
        currency: 'TWD',
        unit: 'major',
        order: { itemName: '手沖咖啡豆', payokUrl },
        isCheckout: false,
        closeAt: null,
        now,
      },
      { ...way, gatewayOrderNo, status: 'unknown', locale: 'zh-tw', deadline: now + 7 * DAY, checkAt: now + HOUR },
    );
    if (!attempt) throw new Error(`${payment.paymentNo} was opened without an attempt`);
    const code = method === 'atm' ? `9103${padded(index, 10)}` : `LLL${padded(index, 11)}`;
    await store.applyFacts({
      attemptId: attempt.id,
      facts: [{ type: 'instructions', instructions: instruct(method, code, now + 7 * DAY), amount: amount * 100 }],
      now,
      source: 'gateway.request',
      mayChooseAgain: false,
      makeWebhookId: () => makeId('msg', randomBytes),
    });
    const { paymentNo } = payment;
    return {
      paymentNo,
      orderNo: gatewayOrderNo,
      amount,
      method,
      code,
      token: vault.makePageToken(paymentNo),
      payokUrl,
    };
  };
}

function instruct(method: 'atm' | 'cvs', code: string, expireAt: number): Instructions {
  const end = { expireAt: formatInstant(expireAt) };
  return method === 'atm'
    ? { type: 'atm', bankCode: '822', virtualAccount: code, ...end }
    : { type: 'cvs', paymentCode: code, ...end };
}

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/** The whole server in this process, so that what it does can be counted from inside. */
export async function serveHere(
  env: Readonly<Record<string, string>>,
): Promise<{ port: number; stop(): Promise<void> }> {
  return startServer(loadConfig(env), { echo: false });
}

if (import.meta.main) {
  const job: FillJob = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
  writeFileSync(job.out, JSON.stringify(await fill(job)));
  process.exit(0);
}
