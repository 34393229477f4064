import { expect, test } from 'bun:test';
import { type Bench, type CallbackKind, type Change, PAID, type Say, UNTOUCHED } from './contract.ts';

/** Enough at a time to be quick, few enough for two cores. */
const AT_A_TIME = 16;

/** What a forger could send: none of it may be taken for money. */
export function describeForgery(bench: () => Bench, kind: CallbackKind): void {
  test('no byte of a genuine callback can be changed', async () => {
    const { open, post, state, contract } = bench();
    const target = await open(kind.route);
    const genuine = kind.make(target, { fact: 'paid' });
    const taken = await inTurns([...kind.flips(genuine)], async (change) => {
      const answer = await post(change.post);
      return isRefusal(answer, contract.refuse('')) ? null : `${change.what}: ${answer.status} ${answer.text}`;
    });
    expect(taken).toEqual([]);
    expect(state(target)).toEqual(UNTOUCHED);
    await post(genuine);
    expect(state(target)).toEqual(PAID);
  });

  const checkUnseen = async (say: Say) => {
    const { open, post, state } = bench();
    const target = await open(kind.route, 'live');
    // One after the other, so that the first one that does harm can be named.
    for (const { what, post: changed } of kind.unseenFlips(kind.make(target, say))) {
      const { status } = await post(changed);
      expect({ what, status: state(target).status }).toEqual({ what, status: 'pending' });
      expect(status).toBeLessThan(500);
    }
    expect(state(target)).toMatchObject({ status: 'pending', attempt: 'open', notifications: 0 });
  };
  test('what the proof does not see cannot turn a refusal or a number into money', async () => {
    for (const fact of ['declined', 'issued'] as const) await checkUnseen({ fact });
  });
  test('what the proof does not see cannot turn a simulation into real money', () =>
    checkUnseen({ fact: 'paid', simulated: true }));

  test('a malformed callback is never taken, and never breaks anything', async () => {
    const { open, post, state, contract } = bench();
    const target = await open(kind.route);
    const mutations = [...kind.mutations(target)];
    expect(mutations.length).toBeGreaterThanOrEqual(200);
    const wrong = await inTurns(mutations, async (change) => {
      const answer = await post(change.post);
      const { status, notifications } = state(target);
      const harmless = status === 'pending' && notifications === 0;
      const known = isRefusal(answer, contract.refuse('')) || sameAnswer(answer, contract.accept);
      return harmless && known ? null : `${change.what}: ${answer.status} ${answer.type} ${answer.text} → ${status}`;
    });
    expect(wrong).toEqual([]);
    await post(kind.make(target, { fact: 'paid' }));
    expect(state(target)).toMatchObject({ status: 'paid', notifications: 1 });
  });

  test('what is unusual but right is taken', async () => {
    const { open, post, state, contract } = bench();
    const names = [...kind.variants(await open(kind.route))].map((variant) => variant.what);
    const wrong = await inTurns(names, async (name) => {
      const target = await open(kind.route);
      const variant = [...kind.variants(target)].find((one) => one.what === name);
      const answer = variant && (await post(variant.post));
      const { status } = state(target);
      return answer && sameAnswer(answer, contract.accept) && status === 'paid'
        ? null
        : `${name}: ${answer?.status} ${answer?.text} → ${status}`;
    });
    expect(wrong).toEqual([]);
  });
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function isRefusal(answer: Reply, refusal: Reply): boolean {
  return answer.status === refusal.status && answer.type === refusal.type && answer.text.startsWith(refusal.text);
}

function sameAnswer(a: Reply, b: Reply): boolean {
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
