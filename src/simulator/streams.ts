import { limits } from './options.ts';

/** No reason at all: the server would print any other one as a failure, and here it is wanted. */
const NO_REASON = undefined;

/** A body that breaks the connection before anything of the answer went out. */
export function brokenBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(NO_REASON) });
}

/** The first half; what comes after the pause is a broken connection. */
export function halfBody(bytes: Uint8Array, pause: () => Promise<void>): ReadableStream<Uint8Array> {
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
export function trickleBody(bytes: Uint8Array, pause: () => Promise<void>): ReadableStream<Uint8Array> {
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

export function hugeBody(): ReadableStream<Uint8Array> {
  let left = limits.hugeBytes;
  return new ReadableStream({
    pull: (controller) => {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(CHUNK_BYTES, left)).fill('x'.charCodeAt(0)));
      left -= CHUNK_BYTES;
    },
  });
}
