/**
 * A sleep of which the test says when it is over: everybody who sleeps then goes on, and what follows from it is done
 * when `wake` resolves.
 */
export function holdSleep() {
  const sleeping: { readonly ms: number; readonly resolve: () => void }[] = [];
  return {
    /** How long each of those sleeps. */
    get sleeping(): readonly number[] {
      return sleeping.map(({ ms }) => ms);
    },
    sleep: (ms: number): Promise<void> => new Promise((resolve) => sleeping.push({ ms, resolve })),
    async wake(): Promise<void> {
      for (const { resolve } of sleeping.splice(0)) resolve();
      await Bun.sleep(0);
    },
  };
}
