import { join } from 'node:path';
import { makeFolder } from '../binary/support/binary.ts';

/** Runs a script of this folder as a process of its own, with its job in a file; gives what it prints. */
export async function runScript(script: string, job: unknown): Promise<string> {
  const file = join(makeFolder('job'), 'job.json');
  await Bun.write(file, JSON.stringify(job));
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${script} failed`);
  return output;
}
