/**
 * Stand-ins for the gateways, for integrators and for tests: a folder each, all of the shape `Stand`. They read the
 * gateways' documents on their own and share no code with the drivers, so that a mistake made there is not made here as
 * well.
 *
 * For a person: `GET /simulator`. For a program: JSON under `/simulator`, described in full by `GET /simulator/api`.
 */

export type { Home, Simulator, SimulatorAccount, SimulatorOptions } from './options.ts';
export { forPayers } from './payers.ts';
export { createSimulator } from './simulator.ts';
