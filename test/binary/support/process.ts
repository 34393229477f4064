import { getBinary, hide, makeFolder } from './binary.ts';

export interface RunOptions {
  /** The whole environment of the child; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** A fresh empty folder when left out. */
  readonly cwd?: string;
  /** Standard input; empty when left out. */
  readonly input?: string;
  /** Shell that runs first, in the child's own mount namespace. */
  readonly before?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: string | number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** Everything printed so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the first match on standard output. Rejects when the process ends before, or after `ms`. */
  waitFor(pattern: RegExp, ms?: number): Promise<RegExpExecArray>;
  /** Sends a signal that does not end it. */
  hangUp(): void;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<Finished>;
  readonly finished: Promise<Finished>;
  readonly isOver: () => boolean;
}

const started = new Set<Running>();

/** Starts the binary. What is still running at the end of the test process is ended with it. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  const child = Bun.spawn([...hide([getBinary(), ...args], options.before)], {
    cwd: options.cwd ?? makeFolder(),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...options.env },
    stdin: options.input === undefined ? 'ignore' : new TextEncoder().encode(options.input),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const collect = async (stream: ReadableStream<Uint8Array>, key: 'stdout' | 'stderr') => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      output[key] += decoder.decode(chunk, { stream: true });
      for (const listener of listeners) listener();
    }
  };
  let over = false;
  const finished = Promise.all([child.exited, collect(child.stdout, 'stdout'), collect(child.stderr, 'stderr')]).then(
    () => {
      over = true;
      started.delete(running);
      for (const listener of listeners) listener();
      return { code: child.exitCode, signal: child.signalCode, ...output };
    },
  );
  const running: Running = {
    pid: child.pid,
    output,
    finished,
    isOver: () => over,
    waitFor: (pattern, ms = 15_000) => waitFor(pattern, ms, { output, listeners, isOver: () => over }),
    hangUp: () => child.kill('SIGHUP'),
    kill(signal) {
      if (!over) child.kill(signal);
      return finished;
    },
  };
  started.add(running);
  return running;
}

interface Watched {
  readonly output: Running['output'];
  readonly listeners: Set<() => void>;
  readonly isOver: () => boolean;
}

function waitFor(pattern: RegExp, ms: number, { output, listeners, isOver }: Watched): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`no ${pattern} within ${ms} ms${show(output)}`)), ms);
    const finish = (result: RegExpExecArray | Error) => {
      clearTimeout(timer);
      listeners.delete(look);
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const look = () => {
      const match = pattern.exec(output.stdout);
      if (match) finish(match);
      else if (isOver()) finish(new Error(`ended without ${pattern}${show(output)}`));
    };
    listeners.add(look);
    look();
  });
}

function show(output: Running['output']): string {
  return `\nstdout: ${output.stdout.slice(-1500)}\nstderr: ${output.stderr.slice(-1500)}`;
}

/** Runs a command to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return start(args, options).finished;
}

/** Ends every process that is left, by its own id. For `afterAll`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...started].map((one) => one.kill('SIGKILL')));
}

/** Calls `look` until it gives something other than null, at most for `ms`. */
export async function poll<T>(what: string, look: () => Promise<T | null> | T | null, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await Bun.sleep(25);
  }
}
