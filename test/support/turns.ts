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
    /** Those that sleep no longer than this, else all. */
    async wake(longest = Number.POSITIVE_INFINITY): Promise<void> {
      for (const one of sleeping.splice(0)) {
        if (one.ms <= longest) one.resolve();
        else sleeping.push(one);
      }
      await Bun.sleep(0);
    },
  };
}
