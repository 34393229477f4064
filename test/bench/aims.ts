import type { CallbackCase } from './callbacks.ts';
import type { Notified } from './notify.ts';
import type { Comparison } from './rounds.ts';

/** What is aimed at. The ratios count; rates and times depend on the machine. */
export interface Aim {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

const AIMS = {
  callbacks: { group: 0.6, single: 1.0, p99Ms: 40 },
  query: { small: 0.6, full: 0.5 },
  create: 0.9,
  pagesPerSecond: 8000,
  heardPerSecond: 500,
  startMs: 50,
  idleMb: 90,
} as const;

const atLeast = (what: string, value = Number.NaN, limit: number): Aim => ({
  what: `${what} ≥ ${limit}`,
  value,
  limit,
  met: value >= limit,
});
const atMost = (what: string, value = Number.NaN, limit: number): Aim => ({
  what: `${what} ≤ ${limit}`,
  value,
  limit,
  met: value <= limit,
});

export function aimsOfCallbacks({ order, inFlight }: CallbackCase, { ratios, figures }: Comparison): readonly Aim[] {
  const { group, single, p99Ms } = AIMS.callbacks;
  return [
    atLeast('× group commit', ratios.group, group),
    ...(inFlight === 32 && order === 'random' ? [atLeast('× single commit', ratios.single, single)] : []),
    ...(inFlight === 32 ? [atMost('p99 ms', figures.PayCore?.p99, p99Ms)] : []),
  ];
}

export function aimsOfQuery(size: 'small' | 'full', { ratios }: Comparison): readonly Aim[] {
  return [atLeast('× by hand', ratios.single, AIMS.query[size])];
}

export function aimsOfCreate({ ratios }: Comparison): readonly Aim[] {
  return [atLeast('× single commit', ratios.single, AIMS.create)];
}

export function aimsOfPage({ figures }: Comparison): readonly Aim[] {
  return [atLeast('pages/s', figures.PayCore?.rate, AIMS.pagesPerSecond)];
}

export function aimsOfNotify({ rushRate }: Notified): readonly Aim[] {
  return [atLeast('heard/s during the rush', rushRate, AIMS.heardPerSecond)];
}

export function aimsOfStart(startMs: number): readonly Aim[] {
  return [atMost('ms to the first answer', startMs, AIMS.startMs)];
}

export function aimsOfIdle(idleMb: number): readonly Aim[] {
  return [atMost('MB idle', idleMb, AIMS.idleMb)];
}
