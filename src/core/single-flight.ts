/** Work under way by key, so that those who ask for the same at once share one answer. Nothing is kept afterwards. */
export interface SingleFlight<K, T> {
  /** What is under way for this key, else `work`, which is begun before this returns. */
  run(key: K, work: () => Promise<T>): Promise<T>;
  find(key: K): Promise<T> | undefined;
}

export function singleFlight<K, T>(): SingleFlight<K, T> {
  const underWay = new Map<K, Promise<T>>();
  return {
    run(key, work) {
      const running = underWay.get(key);
      if (running) return running;
      const result = work().finally(() => underWay.delete(key));
      underWay.set(key, result);
      return result;
    },
    find: (key) => underWay.get(key),
  };
}
