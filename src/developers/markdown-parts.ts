/** Pieces of Markdown (GFM), each free of what would break the piece around it. */

/** One row a list of cells. */
export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A cell is one line, and a bar ends it, in code as well (GFM, 4.10); a backslash before it would take the escape away. */
function escapeCell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/(\\*)\|/g, '$1$1\\|');
}

/** A fence that is longer than any in the code. */
export function writeFence(language: string, code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** Code within a sentence; what holds a backtick gets longer ones around it (CommonMark, 6.1). */
export function writeCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `${ticks}${text}${ticks}` : `${ticks} ${text} ${ticks}`;
}

export function writeExample(value: unknown, type: string): string {
  if (typeof value === 'string') return writeFence('text', value);
  if (type === 'application/x-www-form-urlencoded')
    return writeFence('text', new URLSearchParams(value as Record<string, string>).toString());
  return writeFence('json', JSON.stringify(value, null, 2));
}

/** Blocks with an empty line between them; empty ones are left out. */
export function joinBlocks(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n\n');
}

export function writeList(items: readonly string[]): string {
  return items.map((item) => `* ${item}`).join('\n');
}
