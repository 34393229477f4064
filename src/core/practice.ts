import type { Environment } from './payment.ts';

/** The simulators that this program knows of, by their origins. */
export interface Simulators {
  /** The built-in one, which practice goes to; null while it does not run. */
  readonly builtIn: string | null;
  /** One that somebody put in the gateways' places and told us of; null: whatever stands there is no business of ours. */
  readonly standIn: string | null;
}

export interface PracticeCase {
  readonly livemode: boolean;
  /** Of the account that the attempt is made with. */
  readonly environment: Environment;
  /** Every origin that its gateway is called at. */
  readonly origins: readonly string[];
}

/**
 * The simulator that whoever tries things out may pay a payment in. Never one of a live payment, and never while any of its
 * gateway's addresses is the gateway's own, its sandbox or anything else that we do not know to be a simulator.
 */
export function findSimulator({ livemode, environment, origins }: PracticeCase, simulators: Simulators): string | null {
  if (livemode) return null;
  if (environment === 'simulator') return simulators.builtIn;
  const { standIn } = simulators;
  return origins.length > 0 && origins.every((origin) => origin === standIn) ? standIn : null;
}
