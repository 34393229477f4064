/** Runs blocks one after the other: `[{ file, env }]` on standard input, a line of JSON for each on standard output. */
import { readFileSync } from 'node:fs';
import { format } from 'node:util';

for (const { file, env } of JSON.parse(readFileSync(0, 'utf8'))) {
  Object.assign(process.env, env);
  let output = '';
  console.log = (...parts) => {
    output += `${format(...parts)}\n`;
  };
  const error = await import(file).then(
    () => '',
    (reason) => String(reason),
  );
  process.stdout.write(`${JSON.stringify({ output, error })}\n`);
}
