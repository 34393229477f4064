// How much time is left, in the page's own words: what is said from how many milliseconds on, most first.

/** @type {(words: readonly (readonly [number, string])[], left: number) => string} */
export const tellLeft = (words, left) => {
  const [, text = ''] = (left > 0 && words.find(([from]) => left >= from)) || [];
  /** @type {Record<string, number>} */
  const parts = {
    days: Math.floor(left / 864e5),
    hours: Math.floor(left / 36e5),
    minutes: Math.floor(left / 6e4) % 60,
    seconds: Math.floor(left / 1000) % 60,
  };
  return text.replace(/\{(\w+)\}/g, (_, name) => `${parts[name]}`);
};
