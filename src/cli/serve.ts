import { VERSION } from '../core/version.ts';
import { findUnknownVariables, loadConfig } from '../program.ts';
import { isEveryAddress, urlOf } from './listen.ts';
import { type RunningServer, startServer } from './server.ts';
import { onHangup, waitForSignal } from './signal.ts';

export const usage = 'paycore serve                start the server';

export async function run(_args: readonly string[], print: (line: string) => void): Promise<void> {
  const ended = waitForSignal();
  let running: RunningServer | null = null;
  onHangup(() => running?.renew());
  const config = loadConfig(process.env);
  const server = await startServer(config, { echo: true });
  running = server;
  for (const name of findUnknownVariables(process.env)) server.deps.log.warn('unknown variable is ignored', { name });
  print(`PayCore ${VERSION}`);
  const everywhere = isEveryAddress(config.host) ? ' (on every address of this machine)' : '';
  print(`  listening   ${urlOf(config.host, server.port, config.tls !== null)}${everywhere}`);
  print(`  public URL  ${server.publicUrl}`);
  print(`  Swagger     ${server.publicUrl}/swagger`);
  print(`  data        ${config.dataDir}`);
  print('  first API key: paycore key create --project my-shop');
  await ended;
  await server.stop();
}
