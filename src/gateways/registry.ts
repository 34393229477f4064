import type { DriverVariables } from '../config.ts';
import type { Gateway, Method } from './gateway.ts';
import { guardGateway } from './guard.ts';

/** The drivers that a program was made with, each guarded against what it may be quoted. Routes, API documentation, page policies and checks are made from them. */
export interface Gateways {
  readonly list: readonly Gateway[];
  find(id: string): Gateway | null;
  /** The method of a stored attempt, or the one its payment was made by. Throws when no driver has it. */
  methodOf(payment: { readonly gateway: string; readonly method: string; readonly mode: string }): GatewayMethod;
}

export interface GatewayMethod {
  readonly gateway: Gateway;
  readonly method: Method;
}

export function createGateways(drivers: readonly Gateway[]): Gateways {
  const list = drivers.map(guardGateway);
  const byId = new Map(list.map((gateway) => [gateway.id, gateway]));
  const find = (id: string) => byId.get(id) ?? null;
  return {
    list,
    find,
    methodOf(payment) {
      const gateway = find(payment.gateway);
      const method = gateway?.methods.find((one) => one.method === payment.method && one.mode === payment.mode);
      if (gateway && method) return { gateway, method };
      throw new Error(
        `no driver for ${payment.gateway} ${payment.mode} ${payment.method}: was this database written by a newer version?`,
      );
    },
  };
}

/** A gateway's only service, or its main one, is overridden by `PAYCORE_<GATEWAY>_URL` alone. */
const MAIN_SERVICE = 'api';

/** What `Config.origins` calls a service: a gateway's only or main one by the gateway's id alone. */
export function keyOf(gateway: string, service: string): string {
  return service === MAIN_SERVICE ? gateway : `${gateway}_${service}`;
}

/** The variables that these drivers bring along. */
export function listDriverVariables(list: readonly Gateway[]): DriverVariables {
  return {
    settings: list.flatMap(({ id, settings = [] }) => settings.map((setting) => ({ gateway: id, ...setting }))),
    services: list.flatMap(({ id, name, services }) =>
      Object.entries(services).map(([service, { production }]) => ({
        key: keyOf(id, service),
        name: production === undefined ? name : new URL(production).host,
      })),
    ),
  };
}
