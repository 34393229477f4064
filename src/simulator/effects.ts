import type { Fault, FaultKind, Gateway } from './faults.ts';
import { answerText } from './http.ts';
import { limits } from './options.ts';
import type { Call, Caller } from './world.ts';

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
export const isSilent = (kind: FaultKind): boolean => silentKinds.includes(kind);

/** No reason at all: the server would print any other one as a failure, and here it is wanted. */
const NO_REASON = undefined;

/** A body that breaks the connection before anything of the answer went out. */
const brokenBody = (): ReadableStream<Uint8Array> =>
  new ReadableStream({ pull: (controller) => controller.error(NO_REASON) });

/** The first half; what comes after the pause is a broken connection. */
function halfBody(bytes: Uint8Array, pause: () => Promise<void>): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    pull: async (controller) => {
      if (!isSent) {
        isSent = true;
        controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2)));
        return;
      }
      // Broken at once, the half that is waiting to be sent would be lost as well.
      await pause();
      controller.error(NO_REASON);
    },
  });
}

/** Byte by byte, with a pause before each. */
function trickleBody(bytes: Uint8Array, pause: () => Promise<void>): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull: async (controller) => {
      if (at >= bytes.length) return controller.close();
      await pause();
      if (at >= bytes.length) return;
      controller.enqueue(bytes.slice(at, at + 1));
      at += 1;
    },
    cancel: () => {
      at = bytes.length;
    },
  });
}

const CHUNK_BYTES = 64 * 1024;

function hugeBody(): ReadableStream<Uint8Array> {
  let left = limits.hugeBytes;
  return new ReadableStream({
    pull: (controller) => {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(CHUNK_BYTES, left)).fill('x'.charCodeAt(0)));
      left -= CHUNK_BYTES;
    },
  });
}

function breakOff({ call }: Scene): Response {
  call.world.abort(call.request);
  return new Response(brokenBody());
}

export const secondsOf = (fault: Fault, kind: keyof typeof STANDARD_SECONDS): number =>
  fault.seconds ?? STANDARD_SECONDS[kind];

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
