import { expect, test } from 'bun:test';
import { type Bench, type CallbackKind, type Change, type Expected, PAID, type Say, UNTOUCHED } from './contract.ts';

/** Enough at a time to be quick, few enough for two cores. */
const AT_A_TIME = 16;

/** What a forger could send: none of it may be taken for money. */
export function describeForgery(bench: () => Bench, kind: CallbackKind): void {
  describeFlips(bench, kind);
  describeUnseen(bench, kind);
  describeMutations(bench, kind);
  describeVariants(bench, kind);
}

/** Nothing a forger sends is acted on; what is nothing of ours may be told so in another way than by a refusal. */
function isHarmless({ isRefusal }: Bench, kind: CallbackKind, answer: Expected): boolean {
  return isRefusal(answer) || sameAnswer(answer, kind.unknown);
}

function describeFlips(bench: () => Bench, kind: CallbackKind): void {
  test('no byte of a genuine callback that the proof covers can be changed', async () => {
    const { open, make, post, state } = bench();
    const target = await open(kind);
    const genuine = await make(kind, target, { fact: 'paid' });
    const flips = [...(await kind.flips(genuine))];
    // Only where nothing is proved there may be nothing to spoil.
    if (kind.makeForeign || kind.proof === 'callback') expect(flips.length).toBeGreaterThanOrEqual(20);
    const taken = await inTurns(flips, async (change) => {
      const answer = await post(change.post);
      return isHarmless(bench(), kind, answer) ? null : `${change.what}: ${answer.status} ${answer.text}`;
    });
    expect(taken).toEqual([]);
    expect(await state(target)).toEqual(UNTOUCHED);
    await post(genuine);
    expect(await state(target)).toEqual(PAID);
  });
}

function describeUnseen(bench: () => Bench, kind: CallbackKind): void {
  const checkUnseen = async (say: Say) => {
    const { open, make, post, state } = bench();
    const target = await open(kind, 'live');
    // One after the other, so that the first one that does harm can be named.
    for (const { what, post: changed } of await kind.unseenFlips(await make(kind, target, say))) {
      const { status } = await post(changed);
      expect({ what, status: (await state(target)).status }).toEqual({ what, status: 'pending' });
      expect(status).toBeLessThan(500);
    }
    expect(await state(target)).toMatchObject({ status: 'pending', attempt: 'open', notifications: 0 });
  };
  for (const fact of ['declined', 'issued'] as const) {
    if (!kind.says.includes(fact)) continue;
    test(`what the proof does not see cannot make money of what is ${fact}`, () => checkUnseen({ fact }));
  }
  if (kind.says.includes('simulated')) {
    test('what the proof does not see cannot turn a simulation into real money', () =>
      checkUnseen({ fact: 'paid', simulated: true }));
  }
}

function describeMutations(bench: () => Bench, kind: CallbackKind): void {
  test('a malformed callback is never taken, and never breaks anything', async () => {
    const { app, open, make, post, state } = bench();
    const target = await open(kind);
    const mutations = [...(await kind.mutations(target, app))];
    expect(mutations.length).toBeGreaterThanOrEqual(200);
    const wrong = await inTurns(mutations, async (change) => {
      const answer = await post(change.post);
      const { status, notifications } = await state(target);
      const harmless = status === 'pending' && notifications === 0;
      const known = isHarmless(bench(), kind, answer) || sameAnswer(answer, kind.accept);
      return harmless && known ? null : `${change.what}: ${answer.status} ${answer.type} ${answer.text} → ${status}`;
    });
    expect(wrong).toEqual([]);
    await post(await make(kind, target, { fact: 'paid' }));
    expect(await state(target)).toMatchObject({ status: 'paid', notifications: 1 });
  });
}

function describeVariants(bench: () => Bench, kind: CallbackKind): void {
  test('what is unusual but right is taken', async () => {
    const { app, open, post, state } = bench();
    const names = [...(await kind.variants(await open(kind), app))].map((variant) => variant.what);
    const wrong = await inTurns(names, async (name) => {
      const target = await open(kind);
      const variant = [...(await kind.variants(target, app))].find((one) => one.what === name);
      const answer = variant && (await post(variant.post));
      const { status } = await state(target);
      return answer && sameAnswer(answer, kind.accept) && status === 'paid'
        ? null
        : `${name}: ${answer?.status} ${answer?.text} → ${status}`;
    });
    expect(wrong).toEqual([]);
  });
}

function sameAnswer(a: Expected, b: Expected): boolean {
  return a.status === b.status && a.type === b.type && a.text === b.text;
}

/** Runs them all, a few at a time, and keeps what each has to say. */
async function inTurns<T extends Change | string>(
  items: readonly T[],
  run: (item: T) => Promise<string | null>,
): Promise<string[]> {
  const said: string[] = [];
  const queue = [...items];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const text = await run(item);
      if (text !== null) said.push(text);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return said;
}
