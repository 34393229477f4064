import { describe, expect, test } from 'bun:test';
import { DAY } from '../../../src/core/time.ts';
import type { Gateway } from '../../../src/gateways/gateway.ts';
import { START } from '../../support/clock.ts';
import { contextOf, createInputOf, methodOf, paymentOf } from '../../support/driver.ts';
import { requireGateway } from '../../support/gateways.ts';
import { answerInTurn, findLeaks, listTexts, MARKED, mutate, type Said } from '../../support/quoting.ts';
import { CALLS, type Call } from './quoted-answers.ts';

/** Whatever a gateway quotes, in whichever field of whichever answer: nobody who calls its driver is told. */
async function tell(gateway: Gateway, { path, run }: Call, answers: readonly Said[]): Promise<string> {
  const method = path === undefined ? gateway.methods[0] : methodOf(gateway, path);
  if (!method) throw new Error(`${gateway.id} has no method`);
  const payment = paymentOf({
    environment: gateway.id === 'ecpay' ? 'stage' : (gateway.defaultEnvironment.test ?? 'production'),
    ...(path === 'paynow' ? { currency: 'SGD' } : {}),
    order: { buyerEmail: 'a@example.com' },
  });
  const input = createInputOf({ method, secrets: MARKED[gateway.id] ?? {}, deadline: START + DAY }, { payment });
  const ctx = contextOf(gateway.id, 'https://gateway.example', {
    http: answerInTurn(answers),
    settings: { sign: 'md5-key' },
  });
  try {
    return JSON.stringify(await run(gateway, input, ctx));
  } catch (error) {
    return `${Bun.inspect(error)} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`;
  }
}

for (const [id, calls] of Object.entries(CALLS)) {
  const gateway = requireGateway(id);
  const set = MARKED[id] ?? {};
  describe(`${id} quotes the secrets of the set`, () => {
    for (const call of calls) {
      test(`in any field of ${call.name} (${call.path ?? 'any method'}), and none gets through`, async () => {
        const said = call.answers.map(([wire, value]) => wire(value));
        for (const [at, [wire, value]] of call.answers.entries()) {
          for (const text of listTexts(set)) {
            for (const changed of mutate(value, text)) {
              const told = await tell(gateway, call, said.with(at, wire(changed)));
              const leaks = findLeaks(set, told);
              if (leaks.length > 0) expect({ leaks, told: told.slice(0, 2000) }).toEqual({ leaks: [], told: '' });
            }
          }
        }
      });
    }
  });
}
