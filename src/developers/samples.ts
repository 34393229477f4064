import type { Endpoint, Sample } from './types.ts';

/**
 * Requests as they are pasted. The key and what is only known when something was made stand in the environment:
 * `PAYCORE_API_KEY`, `PAYMENT_NO`, `LINK_NO`.
 */
export function writeSamples(endpoint: Endpoint, url: string): readonly Sample[] {
  return endpoint.kind === 'merchant' ? [{ language: 'curl', code: writeCurl(endpoint, url) }] : [];
}

/** What a guide shows under this name; none when there is no such thing. */
export function findSamples(_name: string, _url: string): readonly Sample[] {
  return [];
}

function writeCurl({ verb, path, access, bodies: [body] }: Endpoint, url: string): string {
  const parts = [
    `curl -X ${verb} "${url}${path.replace('{paymentNo}', '$PAYMENT_NO').replace('{linkNo}', '$LINK_NO')}"`,
    ...(access === 'open' ? [] : ['-H "X-API-KEY: $PAYCORE_API_KEY"']),
    ...(body ? ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body.value, null, 2)}'`] : []),
  ];
  return parts.join(' \\\n  ');
}
