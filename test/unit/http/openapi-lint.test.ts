import { expect, test } from 'bun:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { buildRawDocument } from '../../support/document.ts';

/** The recommended rules of Redocly's linter, which has the specification itself among them (`struct`). */

/** Warnings that stand, and why. */
const KNOWN: Readonly<Record<string, RegExp>> = {
  // Asked by machines that watch the server, without anything to refuse.
  'operation-4xx-response': /^#\/paths\/~1(healthz|readyz)\//,
  // The table of errors has them all: some answer what is no operation, or a gateway, or a command.
  'no-unused-components': /^#\/components\/examples\//,
};

test('a linter finds nothing in the document', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const source = JSON.stringify(await buildRawDocument());
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  const told = problems.map(({ severity, ruleId, message, location }) => ({
    severity,
    ruleId,
    message,
    at: location[0]?.pointer ?? '',
  }));
  expect(told.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(told.filter(({ ruleId, at }) => !KNOWN[ruleId]?.test(at))).toEqual([]);
  const found = new Set(told.map(({ ruleId }) => ruleId));
  expect(Object.keys(KNOWN).filter((rule) => !found.has(rule))).toEqual([]);
}, 60_000);
