import { VERSION } from '../core/version.ts';

export const usage = 'paycore version [--json]';

export async function run(args: readonly string[], print: (line: string) => void): Promise<void> {
  print(args.includes('--json') ? JSON.stringify({ version: VERSION }) : `paycore ${VERSION}`);
}
