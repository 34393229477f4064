import type { Gateway, Method } from '../../gateways/gateway.ts';

/** `aio/credit` → `AioCredit`. */
function capitalize(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');
}

/** Start of every operation and schema name of a gateway, or of one of its methods: `EcpayAioCredit`. */
export function nameOf(gateway: Gateway, method?: Method): string {
  return capitalize(`${gateway.id}/${method?.path ?? ''}`);
}
