/** The shops that PayCore notifies: one that never answers, one that takes everything at once. */
export interface CountingShop {
  readonly url: string;
  readonly heard: () => number;
}

export type ShopName = 'hangs' | 'answers';

export interface Shops extends Readonly<Record<ShopName, CountingShop>> {
  stop(): void;
}

/** Whose payment the first of the table is, the second, and so on around. */
export const TURNS: readonly ShopName[] = ['hangs', 'answers'];

/** `ports`: in the order of TURNS, where they are wanted and free. */
export function openShops(ports: readonly number[] = []): Shops {
  const portOf = (name: ShopName) => ports[TURNS.indexOf(name)] ?? 0;
  const hangs = openShop(portOf('hangs'), () => new Promise<Response>(() => {}));
  const answers = openShop(portOf('answers'), () => new Response(null, { status: 204 }));
  return {
    hangs: hangs.shop,
    answers: answers.shop,
    stop() {
      hangs.stop();
      answers.stop();
    },
  };
}

function openShop(wanted: number, answer: () => Response | Promise<Response>): { shop: CountingShop; stop(): void } {
  let heard = 0;
  const listen = (port: number) =>
    Bun.serve({
      port,
      hostname: '127.0.0.1',
      idleTimeout: 255,
      fetch: () => {
        heard += 1;
        return answer();
      },
    });
  const server = listenAt(wanted, listen);
  return {
    shop: { url: `http://127.0.0.1:${server.port}/payok`, heard: () => heard },
    stop: () => void server.stop(true),
  };
}

function listenAt<T>(port: number, listen: (port: number) => T): T {
  try {
    return listen(port);
  } catch {
    return listen(0);
  }
}
