import type { KeyKind } from '../../core/payment.ts';
import type { Deps } from '../../deps.ts';
import type { CallbackSetup, Gateway, RefusalKind } from '../../gateways/gateway.ts';
import { isPublic, readRange } from '../../security/addresses.ts';
import type { Row } from '../../store/schema/rows.ts';
import { defaultEnvironment, openSecrets } from '../projects/credentials.ts';
import { callbackUrl } from '../urls.ts';
import { refusalKindOf } from './reasons.ts';

/** The addresses that gateways call, and when each of them called last. */

/** Whose calls are looked at. */
export interface CallScope {
  /** Null: every project. */
  readonly projectId: number | null;
  /** Null: live and test. */
  readonly kind: KeyKind | null;
}

export interface LastCalls {
  readonly acceptedAt: number | null;
  readonly refused: LastRefusal | null;
}

export interface LastRefusal {
  readonly at: number;
  /** What the gateway was told. */
  readonly reason: string;
  readonly kind: RefusalKind;
}

export interface CallbackAddress {
  readonly gateway: Pick<Gateway, 'id' | 'name'>;
  readonly url: string;
  readonly setup: CallbackSetup;
  /** What is entered at the gateway's desk is proved with a secret of that desk; null: not asked for, or nobody can say. */
  readonly isProvable: boolean | null;
  /** About payments of the scope. */
  readonly calls: LastCalls;
  /** About no payment of ours. */
  readonly strays: LastCalls;
}

type Parts = Pick<Deps, 'config' | 'gateways' | 'publicUrl' | 'store' | 'vault'>;

export async function listCallbackAddresses(deps: Parts, scope: CallScope): Promise<readonly CallbackAddress[]> {
  const rows = await deps.store.listCallbackCalls();
  return Promise.all(
    deps.gateways.list.map(async (gateway) => {
      const own = rows.filter((row) => row.gateway === gateway.id);
      return {
        gateway: { id: gateway.id, name: gateway.name },
        url: callbackUrl(deps, gateway.id),
        setup: gateway.callback.setup,
        isProvable: await findProvable(deps, gateway, scope),
        calls: lastOf(
          gateway,
          own.filter((row) => isInScope(row, scope)),
        ),
        strays: lastOf(
          gateway,
          own.filter(({ projectId }) => projectId === 0),
        ),
      };
    }),
  );
}

type CallRow = Row<'callbackCalls'>;

function isInScope({ projectId, keyKind }: CallRow, scope: CallScope): boolean {
  if (projectId === 0 || (scope.kind !== null && scope.kind !== keyKind)) return false;
  return scope.projectId === null || scope.projectId === projectId;
}

function lastOf(gateway: Gateway, rows: readonly CallRow[]): LastCalls {
  const accepted = rows.map(({ acceptedAt }) => acceptedAt ?? 0);
  const [refused] = rows.toSorted((a, b) => (b.refusedAt ?? 0) - (a.refusedAt ?? 0));
  const { refusedAt: at = null, refusal } = refused ?? {};
  const reason = refusal ?? '';
  return {
    acceptedAt: Math.max(0, ...accepted) || null,
    refused: at === null ? null : { at, reason, kind: refusalKindOf(gateway, reason) },
  };
}

/** Whether the credentials that a project uses have what its callbacks are proved with. */
async function findProvable(deps: Parts, gateway: Gateway, { projectId, kind }: CallScope): Promise<boolean | null> {
  const { entered } = gateway.callback.setup;
  if (!entered || projectId === null || kind === null || !hasMode(gateway, kind)) return null;
  const environment = defaultEnvironment(deps, gateway, kind);
  const stored = await deps.store.findCurrentCredential(projectId, gateway.id, environment);
  return stored && (openSecrets(deps, stored)[entered.credential] ?? '') !== '';
}

function hasMode(gateway: Gateway, kind: KeyKind): boolean {
  return gateway.defaultEnvironment[kind] !== null;
}

/** `local`: no gateway reaches it. `http`: they do not call without TLS. `port`: they call the usual ports alone. */
export type AddressFlaw = 'local' | 'http' | 'port';

/** What keeps gateways from calling an address of ours; null: nothing that could be told from it. */
export function findAddressFlaw(publicUrl: string): AddressFlaw | null {
  const { protocol, hostname, port } = new URL(publicUrl);
  if (isLocal(hostname)) return 'local';
  if (protocol === 'http:') return 'http';
  return port === '' ? null : 'port';
}

function isLocal(hostname: string): boolean {
  const range = readRange(hostname);
  if (range !== null) return !isPublic(range.replace(/\/\d+$/, ''));
  return !hostname.includes('.') || /\.(localhost|local|internal|lan|home|test)$/i.test(hostname);
}
