import { isPlainObject } from '../core/fields.ts';
import { CommandFailure } from './failure.ts';

const MAX_BYTES = 64 * 1024;

/** All of standard input as text. Secrets come this way: arguments stand in the list of processes and in histories. */
export async function readInput(stream: AsyncIterable<Uint8Array> = process.stdin): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new CommandFailure(`standard input is longer than ${MAX_BYTES} bytes.`, 2);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new CommandFailure('standard input is not UTF-8 text.', 2);
  }
}

/**
 * The values in one JSON object, or in `name=value` lines; empty lines and those that start with # count for nothing. What
 * cannot be read is never repeated: it is most likely a secret.
 */
export function readPairs(text: string): Readonly<Record<string, unknown>> {
  return text.trimStart().startsWith('{') ? readJson(text) : readLines(text);
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isPlainObject(value)) return value;
  } catch {
    // Told below; the error of the parser would quote the text.
  }
  throw new CommandFailure('standard input is not valid JSON.', 2);
}

function readLines(text: string): Readonly<Record<string, unknown>> {
  const pairs = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const cut = line.indexOf('=');
    const name = line.slice(0, Math.max(cut, 0)).trim();
    if (name === '') throw new CommandFailure(`line ${index + 1} of standard input is not name=value.`, 2);
    if (pairs.has(name)) throw new CommandFailure(`line ${index + 1} of standard input repeats a name.`, 2);
    pairs.set(name, line.slice(cut + 1).trim());
  }
  return Object.fromEntries(pairs);
}
