// A request that is given up, answer and all. Safari 15 and Android WebView 80 have no AbortSignal.timeout.

/** @type {(ms: number, url: string, init: RequestInit) => Promise<Response>} */
export const fetchWithin = (ms, url, init) => {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), ms);
  return fetch(url, { ...init, signal: patience.signal });
};
