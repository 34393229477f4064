import { describe, expect, test } from 'bun:test';
import { heldNumber, STORES } from '../../src/core/attempt.ts';
import { METHOD_KINDS } from '../../src/core/method-kind.ts';
import { natureOf } from '../../src/gateways/nature.ts';
import { openSecrets, requireCredential } from '../../src/payments/projects/credentials.ts';
import { present } from '../support/parts.ts';
import type { Bench } from './contract.ts';

/** What each method says it is to payers who choose. */
export function describeNatures(bench: () => Bench): void {
  const listNatures = () => {
    const { app, contract } = bench();
    const { methods } = present(app.deps.gateways.find(contract.id));
    return methods.flatMap(({ path, kind, serves, varies }) =>
      [{ kind, serves }, ...Object.values(varies?.as ?? {})].map((nature) => ({ path, ...nature })),
    );
  };

  describe('to payers who choose', () => {
    test('each method is of a kind; a store’s names its chains, a page of several ways or of one gateway what it has', () => {
      const natures = listNatures();
      expect(natures.length).toBeGreaterThan(0);
      for (const { path, kind, serves } of natures) {
        expect({ path, isKnown: METHOD_KINDS.includes(kind) }).toEqual({ path, isKnown: true });
        const isOfStores = kind === 'cvs' || kind === 'barcode';
        const isTold = isOfStores || kind === 'cashier' || kind === 'online';
        expect({ path, isTold: serves !== undefined && serves.length > 0 }).toEqual({ path, isTold });
        const chains: readonly string[] = STORES;
        if (isOfStores)
          expect({ path, unknown: serves?.filter((one) => !chains.includes(one)) }).toEqual({ path, unknown: [] });
      }
    });

    test('a number that is issued is of the kind and for the chains that its method says', async () => {
      const { app, contract, open } = bench();
      for (const kind of contract.kinds) {
        const { paymentNo } = await open(kind);
        const { payment, attempt } = present(await app.deps.store.findPayment(paymentNo));
        const number = attempt && heldNumber(attempt, app.clock.now());
        if (!number) continue;
        const { method } = app.deps.gateways.methodOf(payment);
        const stored = await requireCredential(app.deps, attempt);
        const nature = natureOf(method, () => openSecrets(app.deps, stored));
        expect({ route: kind.route, kind: nature.kind }).toEqual({ route: kind.route, kind: number.type });
        if (number.type === 'cvs' && number.stores) expect(nature.serves).toEqual(number.stores);
      }
    });
  });
}
