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

export function openShops(): Shops {
  const hangs = openShop(() => new Promise<Response>(() => {}));
  const answers = openShop(() => new Response(null, { status: 204 }));
  return {
    hangs: hangs.shop,
    answers: answers.shop,
    stop() {
      hangs.stop();
      answers.stop();
    },
  };
}

function openShop(answer: () => Response | Promise<Response>): { shop: CountingShop; stop(): void } {
  let heard = 0;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 255,
    fetch: () => {
      heard += 1;
      return answer();
    },
  });
  return {
    shop: { url: `http://127.0.0.1:${server.port}/payok`, heard: () => heard },
    stop: () => void server.stop(true),
  };
}
