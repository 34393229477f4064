/** The program over a folder that was filled by another process: it serves, and does no work in the background. */
import { listen } from '../../src/cli/listen.ts';
import { openProgram } from '../../src/cli/system.ts';
import { loadConfig } from '../../src/program.ts';

const program = await openProgram(loadConfig(process.env));
const app = await program.open();
const { port } = listen({ host: '127.0.0.1', port: 0, fetch: app.handle });
process.stdout.write(`http://127.0.0.1:${port}\n`);
