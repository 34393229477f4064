import { expect, test } from 'bun:test';
import type { Deps } from '../../../src/deps.ts';
import { createMessages, createRefusals } from '../../../src/http/messages.ts';
import { createProject } from '../../../src/payments/projects/name.ts';
import { seedRandom } from '../../support/clock.ts';
import { openTestStore } from '../../support/store.ts';

/** Who asks too often is refused, whatever that costs: it must be next to nothing. */

async function start() {
  const bench = await openTestStore();
  const { store, clock, vault } = bench;
  const { id } = await createProject({ store, clock, vault, random: seedRandom(3) }, 'shop');
  const name = (display_name: string) => store.changeProject(id, { fields: { display_name }, methods: {} });
  // What refusals need of it.
  const deps = { store, clock, config: { locale: 'zh-tw' } } as unknown as Deps;
  return { bench, name, ...createMessages(deps) };
}

const get = (path = '/zh-tw/pay/PAY1?token=t') => new Request(`http://localhost${path}`);

test('a refusal is drawn once for all who are told the same, and what is kept of them is bounded', () => {
  let draws = 0;
  const draw = createRefusals((locale, _kind, _back, { seconds } = {}) => `${locale} ${seconds} ${++draws}`);
  const shop = { shopName: 'Tea', brand: { logoUrl: null, accent: null, contact: null }, homeUrl: null };
  const ask = (seconds: number, of: typeof shop | null = shop) => draw('en', '', { shop: of, seconds });
  expect([ask(30), ask(30), ask(31), ask(30), draw('ja', '', { shop, seconds: 30 })]).toEqual([
    'en 30 1',
    'en 30 1',
    'en 31 2',
    'en 30 1',
    'ja 30 3',
  ]);
  expect(draw('en', undefined, { shop, seconds: 30 })).toBe('en 30 4');
  // The shop has another name by now.
  expect(ask(30, { ...shop })).toBe('en 30 5');
  for (let seconds = 100; seconds < 1100; seconds += 1) ask(seconds);
  expect(ask(100)).toBe('en 100 1006');
});

test('and says all the same whose page it is by now, how long to wait, and where to try again', async () => {
  const { bench, name, refuse } = await start();
  await using _ = bench;
  const read = async (request: Request, seconds: number) => {
    const answer = await refuse(request, 'en', seconds);
    return { again: answer.headers.get('retry-after'), text: await answer.text() };
  };
  await name('Tea');
  bench.clock.advance(10_000);
  const first = await read(get(), 30);
  expect([first.again, first.text]).toEqual(['30', expect.stringContaining('wait 30 seconds')]);
  expect(first.text).toContain('<bdi>Tea</bdi>');
  expect(await read(get(), 31)).toMatchObject({ again: '31', text: expect.stringContaining('wait 31 seconds') });
  // Loaded anew; after a form of a link the same address; never one with a payment's token.
  const link = new Request('http://localhost/en/link/LINK1', { method: 'POST' });
  const press = new Request('http://localhost/en/pay/PAY1/go?token=t', { method: 'POST' });
  for (const request of [get(), link]) expect((await read(request, 30)).text).toContain('<a class="button" href>');
  expect((await read(press, 30)).text).not.toMatch(/class="button"|token/);
  await name('Coffee');
  bench.clock.advance(10_000);
  expect((await read(get(), 30)).text).toContain('<bdi>Coffee</bdi>');
});
