import { FORM_TYPE, STAGE } from '../binary/support/ecpay.ts';
import { at } from '../binary/support/json.ts';
import { type Answer, get, post } from '../binary/support/parties.ts';
import { poll } from '../binary/support/process.ts';
import type { Cluster, Node } from './cluster.ts';
import { codeOf } from './load.ts';

/** The database goes away and comes back: what every node says meanwhile, and how soon it works again. */

export interface Outage {
  /** From the start of the database until every node is ready. */
  readonly backMs: number;
  /** The longest that somebody waited for an answer meanwhile. */
  readonly answeredMs: number;
  readonly wrong: readonly string[];
}

const READY = () => true;
const AWAY_MS = 2000;
/** Nobody who asks meanwhile waits longer. */
const ANSWERED_MS = 10_000;
const RED_MS = 15_000;
const BACK_MS = 30_000;

export async function killDatabase(cluster: Cluster): Promise<Outage> {
  const { postgres, nodes } = cluster;
  await postgres.kill();
  const [asked] = await Promise.all([Promise.all(nodes.map((node) => askNode(cluster, node))), Bun.sleep(AWAY_MS)]);
  const begun = Date.now();
  // What of the killed server is still about may hold its memory for a moment.
  await poll('the database starts', () => postgres.start().then(READY, () => null), BACK_MS);
  const back = await Promise.all(nodes.map(waitForReady));
  const gone = nodes.filter((node) => node.server().process.isOver()).map(({ name }) => `node ${name} has ended`);
  return {
    backMs: Date.now() - begun,
    answeredMs: Math.max(...asked.map(({ answeredMs }) => answeredMs)),
    wrong: [...asked.flatMap(({ wrong }) => wrong), ...back.flat(), ...gone],
  };
}

async function waitForReady({ name, url }: Node): Promise<readonly string[]> {
  const isReady = async () => ((await get(`${url}/readyz`)).status === 200 ? true : null);
  const found = await poll('ready', isReady, BACK_MS).catch(() => false);
  return found ? [] : [`node ${name} was not ready ${BACK_MS / 1000} s after the database came back`];
}

async function askNode(cluster: Cluster, { name, url }: Node): Promise<Pick<Outage, 'answeredMs' | 'wrong'>> {
  const isRed = async () => ((await get(`${url}/readyz`)).status === 503 ? true : null);
  const red = poll('red', isRed, RED_MS).catch(() => false);
  const create = timed(() =>
    post(
      `${url}/api/paycore/pay/ecpay/aio/credit`,
      {
        ...{
          merchant_order_no: `AWAY-${name}-${Date.now()}`,
          amount: 100,
          item_name: 'x',
          payok_url: cluster.shop.url,
        },
        gateway_credentials: { ...STAGE, environment: 'stage' },
      },
      cluster.headers,
    ),
  );
  const form = 'MerchantID=3002607&MerchantTradeNo=PC000000000000000000&CheckMacValue=0';
  const callback = timed(() => post(`${url}/api/paycore/webhooks/ecpay`, form, { 'content-type': FORM_TYPE }));
  const [made, called, isSeen] = await Promise.all([create, callback, red]);
  const wrong = [
    ...(isSeen ? [] : [`/readyz of node ${name} stayed green`]),
    ...(made.status === 503 && codeOf(made) === 'STORAGE_UNAVAILABLE' ? [] : [`a create was answered ${said(made)}`]),
    ...(called.status >= 500 ? [] : [`a callback was answered ${said(called)}`]),
  ];
  const answeredMs = Math.max(made.ms, called.ms);
  const late = answeredMs > ANSWERED_MS ? [`an answer of node ${name} took ${answeredMs} ms`] : [];
  return { answeredMs, wrong: [...wrong, ...late].map((text) => `without a database: ${text}`) };
}

const said = ({ status, body }: Answer): string =>
  `${status} ${String(at(body, 'error', 'error_code') ?? JSON.stringify(body)).slice(0, 100)}`;

async function timed(call: () => Promise<Answer>): Promise<Answer & { readonly ms: number }> {
  const begun = Date.now();
  const answer = await call().catch((error): Answer => ({ status: 0, body: String(error) }));
  return { ...answer, ms: Date.now() - begun };
}
