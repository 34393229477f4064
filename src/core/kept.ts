/** What is made when it is first asked for, once for each name, and kept. A failure is not kept. */
export function keepByName<K, T>(): (name: K, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<K, Promise<T>>();
  return (name, make) => {
    const known = kept.get(name);
    if (known) return known;
    const made = make();
    kept.set(name, made);
    made.catch(() => kept.delete(name));
    return made;
  };
}

/** The same of a single thing. */
export function keepOne<T>(make: () => Promise<T>): () => Promise<T> {
  const keep = keepByName<null, T>();
  return () => keep(null, make);
}
