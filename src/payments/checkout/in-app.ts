/** A browser that lives in another app, where windows are not opened and banks' apps do not come back to. */
export interface InAppBrowser {
  /** The app, by the name that people know. */
  readonly app: string;
  /** What opens an address of a page outside of it, set in the query; null: only the payer himself can. */
  readonly outside: readonly [name: string, value: string] | null;
}

interface Sign extends InAppBrowser {
  readonly pattern: RegExp;
}

/** By what they add to the name of the browser they are made of. Instagram's may name Facebook's parts too. */
const SIGNS: readonly Sign[] = [
  // "Opening a URL in an external browser", developers.line.biz/en/docs/line-login/using-line-url-scheme. Tried in no
  // LINE: where it does nothing, the payer is on this page as before.
  { app: 'LINE', pattern: /\bLine\/\d/, outside: ['openExternalBrowser', '1'] },
  { app: 'Instagram', pattern: /\bInstagram\b/, outside: null },
  { app: 'Facebook', pattern: /\bFBA[NV]\/|\bFB_IAB\//, outside: null },
  { app: 'WeChat', pattern: /\bMicroMessenger\//, outside: null },
];

/** Null: a browser of its own, as far as it says. */
export function findInAppBrowser(userAgent: string | null): InAppBrowser | null {
  return SIGNS.find(({ pattern }) => pattern.test(userAgent ?? '')) ?? null;
}
