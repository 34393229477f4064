import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortTaken } from './bind.ts';
import { CommandFailure } from './failure.ts';

/** What the demo listens with. */
export type Service = 'server' | 'shop' | 'simulator';

/** Where one of them listens. */
export interface PortPlan {
  readonly service: Service;
  readonly port: number;
  /** Somebody named it: no other will do. */
  readonly isExact: boolean;
}

export interface Moved {
  readonly service: Service;
  readonly wanted: number;
  readonly port: number;
}

type Ports = Readonly<Record<Service, number>>;

const USUAL: Ports = { server: 8080, shop: 8081, simulator: 9090 };
const FILE = 'demo.json';
const HIGHEST = 65_535;
/** So many ports after the wanted one are tried, then any. */
const NEXT = 50;

export const PORT_OPTIONS = { port: 'server', 'shop-port': 'shop', 'simulator-port': 'simulator' } as const;

type Given = Readonly<Partial<Record<keyof typeof PORT_OPTIONS, string>>>;

/** Options first, then PAYCORE_PORT, then where the demo on this data ran before, then the usual ports. */
export function planPorts(
  given: Given,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Readonly<Record<Service, PortPlan>> {
  const before = readPorts(folder);
  const plan = (option: keyof typeof PORT_OPTIONS, variable?: string): PortPlan => {
    const service = PORT_OPTIONS[option];
    const named = given[option] ?? (variable ? env[variable] : undefined);
    const [where = '', text] = given[option] === undefined ? [variable, named] : [`--${option}`, named];
    return text === undefined || text === ''
      ? { service, port: before[service], isExact: false }
      : { service, port: readPort(where, text), isExact: true };
  };
  return { server: plan('port', 'PAYCORE_PORT'), shop: plan('shop-port'), simulator: plan('simulator-port') };
}

function readPort(where: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= HIGHEST) return port;
  throw new CommandFailure(`${where} must be a number from 0 to ${HIGHEST}, not "${text}".`, 2);
}

/** Opens it on its port; where that is taken and nobody named it, on the next free one. */
export async function openOn<T>(plan: PortPlan, open: (port: number) => T | Promise<T>): Promise<T> {
  for (const port of listPorts(plan)) {
    try {
      return await open(port);
    } catch (cause) {
      if (!isTaken(cause)) throw cause;
      if (plan.isExact) throw tellTaken(plan);
    }
  }
  return open(0);
}

function listPorts({ port, isExact }: PortPlan): readonly number[] {
  const tries = isExact || port === 0 ? 1 : 1 + Math.min(NEXT, HIGHEST - port);
  return Array.from({ length: tries }, (_, at) => port + at);
}

function isTaken(cause: unknown): boolean {
  return cause instanceof PortTaken || (cause as { readonly code?: unknown } | null)?.code === 'EADDRINUSE';
}

function tellTaken({ service, port }: PortPlan): PortTaken {
  const [option] = Object.entries(PORT_OPTIONS).find(([, one]) => one === service) ?? ['port'];
  return new PortTaken(
    `port ${port} is taken. Stop what uses it, or name another: paycore demo --${option} ${port + 10}.`,
  );
}

/** What listens elsewhere than it was meant to. */
export function findMoved(plans: Readonly<Record<Service, PortPlan>>, ports: Ports): readonly Moved[] {
  return Object.values(plans)
    .map(({ service, port }) => ({ service, wanted: port, port: ports[service] }))
    .filter(({ wanted, port }) => wanted !== 0 && wanted !== port);
}

function readPorts(folder: string): Ports {
  const path = join(folder, FILE);
  return existsSync(path) ? { ...USUAL, ...JSON.parse(readFileSync(path, 'utf8')) } : USUAL;
}

/** The next demo on this data listens where this one did. */
export function keepPorts(folder: string, ports: Ports): void {
  writeFileSync(join(folder, FILE), JSON.stringify(ports));
}
