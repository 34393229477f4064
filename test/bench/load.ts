/**
 * The load generator, a process of its own: `bun load.ts JOB.json`. Keep-alive connections with one request in flight
 * each, written as raw bytes, so that it costs less than what it measures.
 */
import { readFileSync } from 'node:fs';

export interface LoadJob {
  readonly port: number;
  /** Servers beside that one; the connections go to them in turn. */
  readonly morePorts?: readonly number[];
  readonly inFlight: number;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Path and body of each request, sent once each, in this order. */
  readonly requests: readonly (readonly [path: string, body: string])[];
  /** What a good answer starts with: the status and, after the head, these letters of the body. */
  readonly expect: { readonly status: number; readonly body: string };
}

export interface LoadResult {
  readonly seconds: number;
  readonly good: number;
  readonly bad: number;
  readonly firstBad: string;
  readonly p50: number;
  readonly p99: number;
  /** Share of the time that the generator itself was on a core: near 1 it measured itself. */
  readonly busy: number;
}

interface Lane {
  buffer: string;
  started: number;
  index: number;
}

async function perform(job: LoadJob): Promise<LoadResult> {
  const head = Object.entries(job.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const wire = job.requests.map(([path, body]) => {
    const length = job.method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
    return Buffer.from(`${job.method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${job.port}\r\n${head}${length}\r\n${body}`);
  });
  const times = new Float64Array(wire.length);
  let next = 0;
  let done = 0;
  let good = 0;
  let firstBad = '';
  const finished = Promise.withResolvers<void>();

  const send = (socket: { data: Lane; write(data: Uint8Array): number }) => {
    const request = wire[next];
    if (!request) return;
    socket.data.index = next;
    socket.data.started = performance.now();
    next += 1;
    if (socket.write(request) < request.length) throw new Error('a request was larger than the socket takes at once');
  };

  const take = (lane: Lane, answer: Answer) => {
    times[lane.index] = performance.now() - lane.started;
    done += 1;
    if (answer.status === job.expect.status && answer.body.startsWith(job.expect.body)) good += 1;
    else firstBad ||= `${answer.status} ${answer.body.slice(0, 200)}`;
    if (done === wire.length) finished.resolve();
  };

  const ports = [job.port, ...(job.morePorts ?? [])];
  const connect = (_: unknown, lane: number) =>
    Bun.connect<Lane>({
      hostname: '127.0.0.1',
      port: ports[lane % ports.length] ?? job.port,
      data: { buffer: '', started: 0, index: 0 },
      socket: {
        data(socket, chunk) {
          socket.data.buffer += chunk.toString('latin1');
          const answer = readAnswer(socket.data.buffer);
          if (!answer) return;
          socket.data.buffer = socket.data.buffer.slice(answer.length);
          take(socket.data, answer);
          send(socket);
        },
        close: () => finished.reject(new Error('the server closed a connection')),
        error: (_socket, error) => finished.reject(error),
      },
    });
  const sockets = await Promise.all(Array.from({ length: job.inFlight }, connect));
  const usedBefore = process.cpuUsage();
  const begun = performance.now();
  for (const socket of sockets) send(socket);
  await finished.promise;
  const seconds = (performance.now() - begun) / 1000;
  const used = process.cpuUsage(usedBefore);
  const busy = (used.user + used.system) / 1e6 / seconds;
  times.sort();
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { seconds, good, bad: done - good, firstBad, p50: at(0.5), p99: at(0.99), busy };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly length: number;
}

/** Null while the answer is not complete. Both servers announce the length of what they send. */
function readAnswer(buffer: string): Answer | null {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(buffer.slice(0, end + 2))?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`an answer without length: ${buffer.slice(0, end)}`);
  const total = end + 4 + length;
  if (buffer.length < total) return null;
  return { status: Number(buffer.slice(9, 12)), body: buffer.slice(end + 4, total), length: total };
}

if (import.meta.main) {
  const job: LoadJob = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
  console.log(JSON.stringify(await perform(job)));
  process.exit(0);
}
