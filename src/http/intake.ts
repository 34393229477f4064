import { type ErrorCode, PayCoreError } from '../core/errors.ts';
import { SECOND } from '../core/time.ts';
import { type SetTimer, setRealTimer } from '../gateways/http.ts';
import { currentScope } from '../scope.ts';
import { announcedLength, readBody } from './body.ts';

/** Who sends: with a key, which was found before; or anybody. What strangers send takes nothing from the shops. */
export type Door = 'keyed' | 'open';

/** How many bytes of bodies may be on their way in at a time. */
export interface Room {
  readonly total: number;
  readonly perSender: number;
}

export interface IntakeOptions {
  readonly waitMs?: number;
  readonly rooms?: Readonly<Record<Door, Room>>;
  readonly setTimer?: SetTimer;
}

/** A body of 256 kB comes within it over a bad telephone line. */
const WAIT_MS = 10 * SECOND;
const MB = 1024 * 1024;
const ROOMS: Readonly<Record<Door, Room>> = {
  keyed: { total: 64 * MB, perSender: 32 * MB },
  /** A thousand short bodies of one address: a gateway that sends a day's callbacks again has them under way for a moment each. */
  open: { total: 32 * MB, perSender: 8 * MB },
};
/** A connection that is kept waiting costs so much besides its bytes. */
const LEAST = 8 * 1024;

export interface Sending {
  readonly door: Door;
  /** Whose they are: a key, or an address. */
  readonly sender: string;
  /** Longest body, in bytes. */
  readonly limit: number;
}

export interface Intake {
  /**
   * The whole body. Throws PAYLOAD_TOO_LARGE, INVALID_ENCODING, REQUEST_TIMEOUT when it takes too long, or SERVER_BUSY when
   * it had to make room; after the last two the connection ends with the answer, since what would follow is still the body.
   */
  receive(request: Request, from: Sending): Promise<Uint8Array>;
}

const TROUBLE: readonly ErrorCode[] = ['PAYLOAD_TOO_LARGE', 'INVALID_ENCODING', 'REQUEST_TIMEOUT', 'SERVER_BUSY'];

/** The body did not come as it should have: that is the sender's fault, not ours. */
export function isNotReceived(error: unknown): error is PayCoreError {
  return error instanceof PayCoreError && TROUBLE.some((code) => code === error.code);
}

export function createIntake({ waitMs = WAIT_MS, rooms = ROOMS, setTimer = setRealTimer }: IntakeOptions = {}): Intake {
  const gates = { keyed: createGate(rooms.keyed), open: createGate(rooms.open) };
  return {
    async receive(request, { door, sender, limit }) {
      const announced = announcedLength(request);
      if (!request.body || (announced !== null && announced > limit)) return readBody(request, limit);
      const scope = currentScope();
      const { promise: stopped, reject } = Promise.withResolvers<never>();
      const stop = (code: ErrorCode): void => {
        if (scope) scope.mustClose = true;
        reject(new PayCoreError(code, code === 'SERVER_BUSY' ? { details: { retry_after: 1 } } : {}));
      };
      const leave = gates[door].enter({ sender, size: Math.max(LEAST, announced ?? limit), stop });
      const cancelTimer = setTimer(() => stop('REQUEST_TIMEOUT'), waitMs);
      const arriving = readBody(request, limit);
      // One that was given up fails when its connection ends; nobody waits for it any more.
      arriving.catch(() => {});
      try {
        return await Promise.race([arriving, stopped]);
      } finally {
        cancelTimer();
        leave();
      }
    },
  };
}

/** A body on its way in. */
interface Held {
  readonly sender: string;
  readonly size: number;
  readonly stop: (code: ErrorCode) => void;
}

/** In the order they came. */
interface Line {
  readonly waiting: Set<Held>;
  size: number;
}

/**
 * Whoever comes is let in, and those make room who have kept us waiting for longest: an honest body is there within
 * moments, however many others only pretend to send one.
 */
function createGate({ total, perSender }: Room) {
  const all: Line = { waiting: new Set(), size: 0 };
  const lines = new Map<string, Line>();

  const leave = (held: Held): void => {
    const own = lines.get(held.sender);
    for (const line of own ? [all, own] : [all]) {
      if (line.waiting.delete(held)) line.size -= held.size;
    }
    if (own?.waiting.size === 0) lines.delete(held.sender);
  };
  const makeRoom = (line: Line, most: number): void => {
    for (const oldest of line.waiting) {
      if (line.size <= most) return;
      leave(oldest);
      oldest.stop('SERVER_BUSY');
    }
  };
  return {
    /** Gives the function that leaves again. */
    enter(held: Held): () => void {
      const own = lines.get(held.sender) ?? { waiting: new Set(), size: 0 };
      lines.set(held.sender, own);
      for (const line of [all, own]) {
        line.waiting.add(held);
        line.size += held.size;
      }
      makeRoom(own, perSender);
      makeRoom(all, total);
      return () => leave(held);
    },
  };
}
