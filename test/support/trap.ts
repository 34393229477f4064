/** A callback of the simulator that did not reach PayCore: its genuine bytes, for a test to post, change or keep. */
export interface Delivery {
  readonly url: string;
  /** Content type. */
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Without the content type. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the address, as it stands there, without `?`. */
  readonly query: string;
}

/** The delivery wanted, told by a text in its address or body, or in any other way. */
export type Wanted = string | ((delivery: Delivery) => boolean);

interface Snare {
  readonly isWanted: (delivery: Delivery) => boolean;
  readonly caught: Delivery[];
  isFull(): boolean;
  tell(): void;
}

/** No delivery takes that long. */
const PATIENCE_MS = 10_000;

export interface Trap {
  /** For the simulator: sends what nobody wants to catch. */
  readonly fetch: typeof fetch;
  /**
   * Keeps from PayCore what the simulator sends about one order, until `count` deliveries have come and `run` is through.
   * The simulator is answered 200 with an empty body, which some gateways take for "not received".
   */
  catch(wanted: Wanted, run: () => Promise<unknown>, count?: number): Promise<readonly Delivery[]>;
}

export function setTrap(): Trap {
  const snares = new Set<Snare>();

  const pass = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const delivery = await readDelivery(String(input), init);
    const fitting = [...snares].filter((one) => one.isWanted(delivery));
    // Several may wait for callbacks of one order: each gets its own.
    const snare = fitting.find((one) => !one.isFull()) ?? fitting[0];
    if (!snare) return fetch(input, init);
    snare.caught.push(delivery);
    snare.tell();
    return new Response('');
  };

  return {
    fetch: Object.assign(pass, { preconnect: () => {} }),
    async catch(wanted, run, count = 1) {
      const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
      const snare: Snare = {
        isWanted: typeof wanted === 'string' ? (delivery) => mentions(delivery, wanted) : wanted,
        caught: [],
        isFull: () => snare.caught.length >= count,
        tell: () => {
          if (snare.isFull()) resolve();
        },
      };
      const timer = setTimeout(
        () => reject(new Error(`${snare.caught.length} of ${count} callbacks came`)),
        PATIENCE_MS,
      );
      snares.add(snare);
      try {
        await Promise.all([run(), enough]);
        return snare.caught;
      } finally {
        clearTimeout(timer);
        snares.delete(snare);
      }
    },
  };
}

async function readDelivery(url: string, init?: RequestInit): Promise<Delivery> {
  const { 'content-type': type = '', ...headers } = Object.fromEntries(new Headers(init?.headers));
  const body = new Uint8Array(await new Response(init?.body ?? '').arrayBuffer());
  return { url, type, body, headers, query: new URL(url).search.slice(1) };
}

function mentions({ url, body }: Delivery, text: string): boolean {
  return url.includes(text) || new TextDecoder('latin1').decode(body).includes(text);
}
