import {
  type CollectionFolder,
  type CollectionRequest,
  exampleOf,
  listFolders,
  listVariables,
  type RequestRow,
} from './collections.ts';
import type { Catalogue } from './types.ts';

/** A collection for Bruno: a folder of text files, https://docs.usebruno.com/bru-lang/overview */

/** Files by their paths inside the folder of the collection. */
export function writeBruno(catalogue: Catalogue): Readonly<Record<string, string>> {
  const folders = listFolders(catalogue);
  return {
    'bruno.json': `${JSON.stringify(ABOUT, null, 2)}\n`,
    'collection.bru': joinBlocks([
      writePairs('auth', { mode: 'apikey' }),
      writePairs('auth:apikey', { key: 'X-API-KEY', value: '{{apiKey}}', placement: 'header' }),
    ]),
    'environments/paycore.bru': writeEnvironment(catalogue),
    ...Object.assign({}, ...folders.map(writeFolder)),
  };
}

const ABOUT = { version: '1', name: 'PayCore', type: 'collection', ignore: ['node_modules', '.git'] };

/** The value of what is secret stays on the machine of who uses it, out of the files. */
function writeEnvironment(catalogue: Catalogue): string {
  const { apiKey: _, ...open } = listVariables(catalogue);
  return joinBlocks([writePairs('vars', open), 'vars:secret [\n  apiKey\n]']);
}

function writeFolder({ id, name, text, requests }: CollectionFolder, index: number): Readonly<Record<string, string>> {
  const files = requests.map((request, at) => [`${id}/${request.id}.bru`, writeRequest(request, at + 1)] as const);
  const folder = joinBlocks([
    writePairs('meta', { name, seq: String(index + 1) }),
    writePairs('auth', { mode: 'inherit' }),
    writeText('docs', text),
  ]);
  return { [`${id}/folder.bru`]: folder, ...Object.fromEntries(files) };
}

function writeRequest(
  { name, verb, path, query, headers, body, needsKey, text }: CollectionRequest,
  seq: number,
): string {
  const sent = { url: `{{url}}${path}`, body: body ? 'json' : 'none', auth: needsKey ? 'inherit' : 'none' };
  return joinBlocks([
    writePairs('meta', { name, type: 'http', seq: String(seq) }),
    writePairs(verb.toLowerCase(), sent),
    writeRows('params:query', query),
    writeRows('headers', headers),
    body ? writeText('body:json', JSON.stringify(body.value, null, 2)) : '',
    writeText('docs', text),
  ]);
}

/** What may be left out is there, and switched off by a tilde. */
function writeRows(block: string, rows: readonly RequestRow[]): string {
  if (rows.length === 0) return '';
  return writePairs(
    block,
    Object.fromEntries(rows.map((row) => [`${row.isSent ? '' : '~'}${row.name}`, exampleOf(row)])),
  );
}

function writePairs(block: string, pairs: Readonly<Record<string, string>>): string {
  const lines = Object.entries(pairs).map(([name, value]) => `  ${name}: ${writeValue(value)}`.trimEnd());
  return [`${block} {`, ...lines, '}'].join('\n');
}

/** A value ends with its line. */
function writeValue(value: string): string {
  return value.replace(/\s*\n\s*/g, ' ');
}

/** A block of text ends at a brace in the first column: every line of the text begins further in. */
function writeText(block: string, text: string): string {
  return [`${block} {`, ...text.split('\n').map((line) => `  ${line}`.trimEnd()), '}'].join('\n');
}

function joinBlocks(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
