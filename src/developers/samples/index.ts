import type { Endpoint, Language, Sample } from '../types.ts';
import { type Call, readCall } from './call.ts';
import { writeCurl } from './curl.ts';
import { writeNode } from './node.ts';
import { writePhp } from './php.ts';
import { writePython } from './python.ts';

export { findSamples, SAMPLE_SETS, type SampleSet } from './files.ts';

const WRITERS: Readonly<Record<Language, (call: Call) => string>> = {
  curl: writeCurl,
  node: writeNode,
  php: writePhp,
  python: writePython,
};

/**
 * Requests as they are pasted. The key and what is only known when something was made stand in the environment:
 * `PAYCORE_API_KEY`, `PAYMENT_NO`, `LINK_NO`, `PAY_TOKEN`.
 */
export function writeSamples(endpoint: Endpoint, url: string): readonly Sample[] {
  if (endpoint.kind !== 'merchant') return [];
  const call = readCall(endpoint, url);
  return Object.entries(WRITERS).map(([language, write]) => ({ language: language as Language, code: write(call) }));
}
