import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { VERSION } from '../core/version.ts';
import { renewInstaller } from '../people/installer.ts';
import { findUnknownVariables, loadConfig } from '../program.ts';
import { CommandFailure } from './failure.ts';
import { isEveryAddress, urlOf } from './listen.ts';
import { type RunningServer, startServer } from './server.ts';
import { onHangup, waitForSignal } from './signal.ts';

export const usage = 'paycore serve [--json]       start the server; --json prints its addresses as one JSON line';

export async function run(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  const ended = waitForSignal();
  let running: RunningServer | null = null;
  onHangup(() => running?.renew());
  const config = loadConfig(process.env);
  const server = await startServer(config, { echo: true });
  running = server;
  for (const name of findUnknownVariables(process.env)) server.deps.log.warn('unknown variable is ignored', { name });
  const facts = await describe(config, server);
  if (values.json) print(JSON.stringify(facts));
  else printGuide(facts, isEveryAddress(config.host) ? ' (on every address of this machine)' : '', print);
  const reason = await Promise.race([ended, server.unusable]);
  await server.stop();
  if (reason) throw new CommandFailure(`stopped: ${reason}`);
}

type Facts = Awaited<ReturnType<typeof describe>>;

async function describe(config: Config, { deps, port, publicUrl }: RunningServer) {
  const token = await renewInstaller(deps);
  return {
    version: VERSION,
    listening: urlOf(config.host, port, config.tls !== null),
    public_url: publicUrl,
    admin_url: `${publicUrl}/admin`,
    /** Null: there is an administrator. It is printed here and stands nowhere else. */
    installer_url: token === null ? null : `${publicUrl}/admin/setup?token=${token}`,
    swagger_url: `${publicUrl}/swagger`,
    data: config.dataDir,
  };
}

function printGuide(facts: Facts, everywhere: string, print: (line: string) => void): void {
  print(`PayCore ${facts.version}`);
  print(`  listening   ${facts.listening}${everywhere}`);
  print(`  public URL  ${facts.public_url}`);
  print(`  admin       ${facts.admin_url}`);
  print(`  Swagger     ${facts.swagger_url}`);
  print(`  data        ${facts.data}`);
  print('  first API key: paycore key create --project my-shop');
  if (facts.installer_url === null) return;
  print('\nOpen this once to make yourself the administrator (it ends when it is used, or at the next start):');
  print(`installer ${facts.installer_url}`);
}
