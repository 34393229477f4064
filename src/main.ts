import { CommandFailure } from './cli/failure.ts';
import { ConfigError } from './config.ts';

/** argv → one command. Each is loaded only when it is called, so that `serve` starts without the others. */
const COMMANDS = {
  serve: () => import('./cli/serve.ts'),
  demo: () => import('./cli/demo.ts'),
  simulator: () => import('./cli/simulator.ts'),
  key: () => import('./cli/key.ts'),
  project: () => import('./cli/project.ts'),
  credentials: () => import('./cli/credentials.ts'),
  limit: () => import('./cli/limit.ts'),
  practice: () => import('./cli/practice.ts'),
  admin: () => import('./cli/admin.ts'),
  audit: () => import('./cli/audit.ts'),
  report: () => import('./cli/report.ts'),
  attention: () => import('./cli/attention.ts'),
  refund: () => import('./cli/refund.ts'),
  alerts: () => import('./cli/alerts.ts'),
  export: () => import('./cli/export.ts'),
  backup: () => import('./cli/backup.ts'),
  move: () => import('./cli/move.ts'),
  callbacks: () => import('./cli/callbacks.ts'),
  notifications: () => import('./cli/notifications.ts'),
  doctor: () => import('./cli/doctor.ts'),
  version: () => import('./cli/version.ts'),
} as const;

const ALIASES: Readonly<Record<string, keyof typeof COMMANDS>> = { '--version': 'version', '-v': 'version' };

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function printHelp(): Promise<void> {
  print('PayCore: a payment appliance in one file\n');
  for (const load of Object.values(COMMANDS)) print((await load()).usage);
}

/** Resolves with the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  const command = ALIASES[name] ?? name;
  if (['help', '--help', '-h'].includes(command)) {
    await printHelp();
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, command)) {
    process.stderr.write(`paycore: there is no command "${name}". See paycore help.\n`);
    return 2;
  }
  try {
    const { run, usage } = await COMMANDS[command as keyof typeof COMMANDS]();
    if (args.some((arg) => arg === '--help' || arg === '-h')) print(usage);
    else await run(args, print);
    return 0;
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof ConfigError) {
      process.stderr.write(`paycore: ${error.message}\n`);
      return error instanceof CommandFailure ? error.exitCode : 2;
    }
    const { code, message, stack } = error as { code?: string; message?: string; stack?: string };
    const misused = code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`paycore: ${misused ? message : (stack ?? String(error))}\n`);
    return misused ? 2 : 1;
  }
}

process.exit(await main(process.argv.slice(2)));
