import type { Endpoint, Language, Sample } from '../types.ts';
import { type Call, readCall } from './call.ts';
import { writeCurl } from './curl.ts';
import { writeNode } from './node.ts';
import { writePhp } from './php.ts';
import { writePython } from './python.ts';

export { findSamples, listSampleFiles, readSampleFile, SAMPLE_SETS, type SampleSet } from './files.ts';

interface Writer {
  readonly write: (call: Call) => string;
  /** What a line of comment begins with. */
  readonly comment: string;
}

const WRITERS: Readonly<Record<Language, Writer>> = {
  curl: { write: writeCurl, comment: '#' },
  node: { write: writeNode, comment: '//' },
  php: { write: writePhp, comment: '//' },
  python: { write: writePython, comment: '#' },
};

/**
 * Requests as they are pasted. The key and what is only known when something was made stand in the environment:
 * `PAYCORE_API_KEY`, `PAYMENT_NO`, `LINK_NO`, `PAY_TOKEN`. None where the answer is no JSON: that is read by a program that was
 * made for it.
 */
export function writeSamples(endpoint: Endpoint, url: string): readonly Sample[] {
  if (endpoint.kind !== 'merchant' || endpoint.answers[0]?.type !== 'application/json') return [];
  const call = readCall(endpoint, url);
  return Object.entries(WRITERS).map(([language, { write, comment }]) => ({
    language: language as Language,
    code: call.note === null ? write(call) : `${comment} ${call.note}\n${write(call)}`,
  }));
}
