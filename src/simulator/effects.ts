import type { Fault, FaultKind } from './faults.ts';
import type { Caller } from './gate.ts';
import type { Gateway } from './gateways.ts';
import { answerText } from './http.ts';
import { brokenBody, halfBody, hugeBody, trickleBody } from './streams.ts';
import type { Call } from './world.ts';

export interface Scene {
  readonly call: Call;
  readonly gateway: Gateway;
  readonly caller: Caller;
  readonly fault: Fault;
  /** What would happen without the fault. */
  readonly answer: () => Promise<Response>;
}

export type Effect = (scene: Scene) => Promise<Response> | Response;
export type Effects = Readonly<Partial<Record<FaultKind, Effect>>>;

const silentKinds: readonly FaultKind[] = ['hang', 'reset', 'lost'];
const STANDARD_SECONDS = { slow: 5, trickle: 60, clock: 11 * 60 } as const;
const HALF_PAUSE_MS = 20;

/** No answer reaches the client, so there is no status either. */
export function isSilent(kind: FaultKind): boolean {
  return silentKinds.includes(kind);
}

function breakOff({ call }: Scene): Response {
  call.world.abort(call.request);
  return new Response(brokenBody());
}

export function secondsOf(fault: Fault, kind: keyof typeof STANDARD_SECONDS): number {
  return fault.seconds ?? STANDARD_SECONDS[kind];
}

/** The real answer with another body; streams say nothing of their length. */
export function withBody(response: Response, body: BodyInit, extra: Readonly<Record<string, string>> = {}): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return new Response(body, { status: response.status, headers });
}

/** The answer of a server whose clock is ahead. */
export function redate(response: Response, { call, fault }: Scene): Response {
  const date = new Date(call.world.now() + secondsOf(fault, 'clock') * 1000).toUTCString();
  return withBody(response, response.body ?? '', { date });
}

const pause = ({ call }: Scene, ms: number | null) => call.world.pause(ms, call.request.signal);
const page = (title: string) => `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

/** What goes wrong in the same way whoever answers. */
export const commonEffects: Effects = {
  forbidden: () => answerText(page('403 Forbidden'), 403),
  unavailable: ({ fault }) => answerText(page('Service Unavailable'), fault.status ?? 503),
  html: () => answerText(page('系統維護中')),
  huge: () => new Response(hugeBody(), { headers: { 'content-type': 'application/json; charset=utf-8' } }),
  hang: async (scene) => {
    await pause(scene, null);
    return new Response(brokenBody());
  },
  reset: breakOff,
  lost: async (scene) => {
    await scene.answer();
    return breakOff(scene);
  },
  slow: async (scene) => {
    // The work is done at once and only the answer is late, as with a bank that hesitates.
    const response = await scene.answer();
    await pause(scene, secondsOf(scene.fault, 'slow') * 1000);
    return response;
  },
  trickle: async (scene) => {
    const response = await scene.answer();
    const bytes = await response.bytes();
    const ms = Math.max(1, (secondsOf(scene.fault, 'trickle') * 1000) / Math.max(1, bytes.length));
    return withBody(
      response,
      trickleBody(bytes, () => pause(scene, ms)),
    );
  },
  half: async (scene) => {
    const response = await scene.answer();
    const bytes = await response.bytes();
    return withBody(
      response,
      halfBody(bytes, () => pause(scene, HALF_PAUSE_MS)),
    );
  },
  clock: async (scene) => redate(await scene.answer(), scene),
};
