import type { Fetch } from './http.ts';

/**
 * The built-in simulator as the program sees it: it stands in for every gateway, for test payments of projects that have
 * no account of their own yet. It is an environment beside the gateways' own, so that neither a live payment nor one at a
 * gateway's sandbox can come to it, whatever is set.
 */
export interface Practice {
  /** Where payers' browsers find it; null while it does not run. */
  readonly origin: () => string | null;
  /** Origin of a simulator that the operator has put in the gateways' places, as the demo does. */
  readonly standIn?: string;
  /** Answers a call to that origin, inside this process. */
  answer(request: Request): Promise<Response>;
  /** Starts or stops it, as the projects' accounts want it by now. */
  settle(): Promise<PracticeState>;
}

export type PracticeState =
  | { readonly state: 'off' }
  | { readonly state: 'on'; readonly origin: string }
  /** Wanted, but it cannot run. `https`: payers could not reach it. `problem`: what is to be done, in one sentence. */
  | { readonly state: 'failed'; readonly reason: 'https' | 'port'; readonly problem: string };

/** Of a program that runs none, as commands do. */
export const NO_PRACTICE: Practice = {
  origin: () => null,
  answer: async () => new Response(null, { status: 503 }),
  settle: async () => ({ state: 'off' }),
};

/** What its payments lead to while it does not run: a name that nobody has, and that nobody is asked for. */
const NOWHERE = 'http://simulator.invalid';

export const practiceOrigin = (practice: Practice): string => practice.origin() ?? NOWHERE;

/** Calls to the simulator stay in this process: they need neither a name service nor a way round to our own address. */
export function withPractice(practice: Practice, call: Fetch): Fetch {
  return async (url, init) => {
    const { origin } = new URL(url);
    if (origin === NOWHERE) throw Object.assign(new Error('the simulator does not run'), { code: 'ECONNREFUSED' });
    return origin === practice.origin() ? practice.answer(new Request(url, init)) : call(url, init);
  };
}
