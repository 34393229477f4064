import { ConfigurationError } from './errors.ts';
import type { Fetch } from './reply.ts';
import { sleep } from './retry.ts';

export interface PayCoreOptions {
  /** Address of the installation: `https://pay.shop.example`. */
  readonly url: string;
  /** `pc_live_…` or `pc_test_…`. Without one only public calls work. */
  readonly apiKey?: string | undefined;
  /** Longest wait for one answer. PayCore itself waits up to 40 s for a gateway; 50 000 when left out. */
  readonly timeoutMs?: number | undefined;
  /** Longest that one call takes with all its tries and waits; 120 000 when left out. */
  readonly deadlineMs?: number | undefined;
  /** Tries after the first; 2 when left out, 0 switches them off. */
  readonly retries?: number | undefined;
  /** Allows an API key in a browser, where everybody who opens the page can read it. For test keys on your own machine. */
  readonly allowKeyInBrowser?: boolean | undefined;
  /** Instead of the runtime's own. */
  readonly fetch?: Fetch | undefined;
  /** Instead of timers, for tests. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** From 0 to below 1, instead of Math.random, for tests. */
  readonly random?: (() => number) | undefined;
}

export interface CallOptions {
  /** Ends the call; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Of a POST; a new one for each call when left out. The same key means the same request, for 24 hours. */
  readonly idempotencyKey?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly retries?: number | undefined;
}

export interface Settings {
  /** Without a slash at its end. */
  readonly base: string;
  readonly apiKey: string | null;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retries: number;
  readonly fetch: Fetch;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

const USUAL = { timeoutMs: 50_000, deadlineMs: 120_000, retries: 2 };
const LARGEST_TIMER = 2 ** 31 - 1;

/** Throws ConfigurationError; no value that may be a secret is in it. */
export function readOptions(options: PayCoreOptions): Settings {
  const apiKey = readKey(options);
  return {
    base: readBase(options.url),
    apiKey,
    ...readBounds(options, USUAL),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
  };
}

type Bounds = Pick<Settings, 'timeoutMs' | 'deadlineMs' | 'retries'>;

export function readBounds(given: CallOptions, usual: Bounds): Bounds {
  return {
    timeoutMs: readNumber('timeoutMs', given.timeoutMs ?? usual.timeoutMs, 1, LARGEST_TIMER),
    deadlineMs: readNumber('deadlineMs', given.deadlineMs ?? usual.deadlineMs, 1, LARGEST_TIMER),
    retries: readNumber('retries', given.retries ?? usual.retries, 0, 10),
  };
}

function readNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ConfigurationError(`${name} must be a whole number from ${least} to ${most}, but is ${String(value)}`);
}

function readBase(given: string): string {
  const url = parse(given);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError('url must be the http(s) address of PayCore, such as https://pay.shop.example');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigurationError('url must be an address alone, without a user, a password, a "?" or a "#" in it');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function parse(given: string): URL | null {
  try {
    return new URL(given);
  } catch {
    return null;
  }
}

function readKey({ apiKey, allowKeyInBrowser }: PayCoreOptions): string | null {
  if (apiKey === undefined) return null;
  // Its characters are checked here, since runtimes repeat a header that cannot be sent in their own error.
  if (!/^pc_(live|test)_[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigurationError(
      `apiKey must begin with pc_live_ or pc_test_ and have no blanks or line breaks, but is ${apiKey === '' ? 'empty' : 'otherwise'}. Make one with "paycore key create".`,
    );
  }
  if (isBrowser() && allowKeyInBrowser !== true) {
    throw new ConfigurationError(
      'An API key in a browser can be read by everybody who opens the page. Call PayCore from your server; leave apiKey out for public calls.',
    );
  }
  return apiKey;
}

function isBrowser(): boolean {
  return 'document' in globalThis && 'window' in globalThis;
}
