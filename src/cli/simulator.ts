import { parseArgs } from 'node:util';
import { findOriginVariables } from '../program.ts';
import { createSimulator, type SimulatorOptions } from '../simulator/index.ts';
import { CommandFailure } from './failure.ts';
import { type Listener, listen, urlOf } from './listen.ts';
import { waitForSignal } from './signal.ts';

export const usage =
  'paycore simulator [--port 9090] [--data FILE] [--json]   a stand-in for the gateways, no real money';

const DEFAULT_PORT = 9090;

export async function run(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : -1;
  if (port < 0 || port > 65_535)
    throw new CommandFailure('--port must be a number from 0 to 65535, e.g. --port 9090.', 2);
  const ended = waitForSignal();
  const simulator = startSimulator({
    host: values.host,
    port,
    ...(values.data === undefined ? {} : { dataFile: values.data }),
  });
  if (values.json) print(JSON.stringify({ simulator_url: simulator.url }));
  else printGuide(simulator.url, print);
  await ended;
  await simulator.stop();
}

export interface RunningSimulator {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

type Parts = Pick<SimulatorOptions, 'dataFile' | 'home'> & { readonly host: string; readonly port: number };

/** Throws EADDRINUSE when the port is taken. */
export function startSimulator({ host, port, ...options }: Parts): RunningSimulator {
  const simulator = createSimulator(options);
  let listener: Listener;
  try {
    listener = listen({ host, port, fetch: (request) => simulator.fetch(request) });
  } catch (cause) {
    simulator.stop();
    throw cause;
  }
  return {
    url: urlOf(host, listener.port),
    port: listener.port,
    async stop() {
      simulator.stop();
      await listener.stop();
    },
  };
}

function printGuide(url: string, print: (line: string) => void): void {
  print('PayCore simulator: a stand-in for the gateways, no real money');
  print(`  orders  ${url}/simulator`);
  print(`  API     ${url}/simulator/api`);
  print('Start PayCore against it:');
  for (const name of findOriginVariables()) print(`  export ${name}=${url}`);
}
